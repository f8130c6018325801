//! Programs that use Sentry's own functions, too.

mod client_of_ours;
mod client_of_theirs;
mod program;
mod their_layers;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use monitor_runtime::{Config, Guard};
use monitor_tests::{Envelope, Item};
use sentry_core::protocol::Envelope as Sent;
use sentry_core::{Client, ClientOptions, Hub, Transport};

/// Longer than any test takes: only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Both have one client a process: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn config() -> Config {
    Config::new().with_environment("test").with_release("shop@1.4.0").with_traces_sample_rate(1.0)
}

/// A program that has called `sentry::init`.
struct Theirs {
    client: Arc<Client>,
    kept: Arc<Kept>,
    guard: Option<Guard>,
    _turn: MutexGuard<'static, ()>,
}

/// Their transport.
#[derive(Default)]
struct Kept(Mutex<Vec<Vec<u8>>>);

impl Transport for Kept {
    fn send_envelope(&self, envelope: Sent) {
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        self.0.lock().unwrap().push(bytes);
    }
}

impl Kept {
    fn items(&self, kind: &str) -> Vec<Item> {
        let kept = self.0.lock().unwrap();
        let envelopes = kept.iter().map(|bytes| Envelope::parse(bytes).unwrap());
        envelopes.flat_map(|envelope| envelope.items).filter(|item| item.kind() == kind).collect()
    }
}

fn client_of_theirs(
    change: impl FnOnce(ClientOptions) -> ClientOptions,
) -> (Arc<Client>, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let mut options = ClientOptions::new();
    options.dsn = Some(DSN.parse().unwrap());
    options.release = Some("theirs@3.0.0".into());
    options.environment = Some("theirs".into());
    options.transport = Some(Arc::new(Arc::clone(&kept)));
    (Arc::new(Client::with_options(change(options))), kept)
}

const DSN: &str = "https://theirs@o9.example.org/1";

impl Theirs {
    fn start(
        change: impl FnOnce(ClientOptions) -> ClientOptions,
        configure: impl FnOnce(Config) -> Config,
    ) -> Self {
        let turn = turn();
        let (client, kept) = client_of_theirs(change);
        for hub in [Hub::main(), Hub::current()] {
            hub.bind_client(Some(Arc::clone(&client)));
        }
        let guard = monitor_runtime::init(configure(config())).unwrap();
        Self { client, kept, guard: Some(guard), _turn: turn }
    }

    fn is_empty(&self) -> bool {
        self.flush();
        self.kept.0.lock().unwrap().is_empty()
    }

    fn items(&self, kind: &str) -> Vec<Item> {
        self.flush();
        self.kept.items(kind)
    }

    fn flush(&self) {
        assert!(monitor_runtime::flush(PATIENCE));
        assert!(self.client.flush(Some(PATIENCE)));
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        drop(self.guard.take());
        for hub in [Hub::main(), Hub::current()] {
            hub.bind_client(None);
        }
    }
}
