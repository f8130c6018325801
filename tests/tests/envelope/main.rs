//! What arrives at Sentry: the public API on one side, bytes over HTTP on the other.

mod ai;
mod ai_golden;
mod alerts;
mod baselines;
mod cron;
mod delivery;
mod distributed;
mod errors;
mod faults;
mod forked;
mod health;
mod hostile;
mod main_function;
mod measurements;
mod metrics;
mod release_health;
mod self_test;
mod service;
mod shape;
mod spool;
mod spotlight;
mod streaming;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use monitor_runtime::{Config, Guard};
use monitor_tests::{Ingest, Item, Received};
use serde_json::Value;

/// Longer than any test takes: only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Monitoring is set up for the whole process: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Monitoring that sends to a server of its own.
struct Monitored {
    guard: Option<Guard>,
    ingest: Ingest,
    _turn: MutexGuard<'static, ()>,
}

impl Monitored {
    fn start() -> Self {
        Self::with(|config| config)
    }

    fn with(change: impl FnOnce(Config) -> Config) -> Self {
        Self::configured(|config, ingest| change(config.with_dsn(ingest.dsn())))
    }

    fn configured(change: impl FnOnce(Config, &Ingest) -> Config) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let ingest = Ingest::start();
        let config = Config::new()
            .with_environment("test")
            .with_release("shop@1.4.0")
            .with_server_name("host-1")
            .with_traces_sample_rate(1.0);
        let guard = monitor_runtime::init(change(config, &ingest)).expect("a valid config");
        Self { guard: Some(guard), ingest, _turn: turn }
    }

    /// All that arrives when everything was delivered.
    fn received(&self) -> Vec<Received> {
        assert!(monitor_runtime::flush(PATIENCE));
        self.ingest.received()
    }

    fn items(&self, kind: &str) -> Vec<Item> {
        assert!(monitor_runtime::flush(PATIENCE));
        self.ingest.items(kind)
    }

    /// The payload of the only item of a kind.
    fn only(&self, kind: &str) -> Value {
        let mut items = self.items(kind);
        assert_eq!(items.len(), 1, "{items:#?}");
        items.remove(0).payload
    }
}

/// A list in a payload; empty where there is none.
fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
