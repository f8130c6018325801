//! The attributes of monitor-runtime. The mode is an environment variable, `MODE`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use monitor_benches::{Contestant, cases, functions};
use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, Guard, capture_errors, slow_threshold, traced};

functions! {
    span: [traced],
    ok: [traced],
    stacked: [traced, capture_errors, slow_threshold(ms = 1000)],
    captured: [traced, capture_errors],
    orphan: [traced(child_only)],
    root: [traced(root)],
}

#[traced(fields(id, offset, name, shape))]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

static DELIVERED: AtomicU64 = AtomicU64::new(0);

/// A backend that does no more than count.
struct Counting;

impl Backend for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        DELIVERED.fetch_add(transaction.children().len() as u64, Ordering::Relaxed);
    }
}

fn config(mode: &str) -> Config {
    let rate = if mode == "unsampled" { 0.0 } else { 1.0 };
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(rate)
        .with_busy_time(mode != "untimed")
        .with_max_queued_events(1_000_000)
        .with_max_transactions_per_minute(u32::MAX);
    // What is measured is the capture of an error, unless it is the limit.
    match mode {
        "limited" => config,
        _ => {
            config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX)
        }
    }
}

#[cfg(feature = "ours")]
fn start(mode: &str) -> Option<Guard> {
    use monitor_runtime::{Console, SentryBackend, SentryOptions};
    let config = config(mode);
    let config = match mode {
        "off" => return None,
        "console" => config.with_backend(Console::to_writer(std::io::sink()).with_trees(false)),
        "sentry" => {
            // What is measured is our own transport, which writes on the collector's thread.
            let options = SentryOptions::new(monitor_benches::dropping::DSN).with_sink(|_| Ok(()));
            config.with_backend(SentryBackend::new(options).expect("a DSN"))
        }
        _ => config.with_backend(Counting),
    };
    Some(monitor_runtime::init(config).expect("a config without a DSN"))
}

#[cfg(feature = "ours_mock")]
static MOCK: std::sync::OnceLock<monitor_runtime::MockBackend> = std::sync::OnceLock::new();

#[cfg(feature = "ours_mock")]
fn start(mode: &str) -> Option<Guard> {
    let mock = MOCK.get_or_init(monitor_runtime::MockBackend::new).clone();
    let config = config(mode).with_backend(mock).with_backend(Counting);
    Some(monitor_runtime::init(config).expect("a config without a DSN"))
}

fn flush() {
    monitor_runtime::flush(Duration::from_secs(20));
    // It keeps what it gets.
    #[cfg(feature = "ours_mock")]
    MOCK.get().map(monitor_runtime::MockBackend::clear);
}

fn delivered() -> u64 {
    let delivery = monitor_runtime::delivery();
    // A root counts among Sentry's spans.
    let sentry = delivery.delivered("span") - delivery.delivered("transaction");
    DELIVERED.load(Ordering::Relaxed) + sentry
}

pub fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    let _guard = start(&mode);
    let batch = if mode == "sentry" { 20_000 } else { 50_000 };
    monitor_benches::run(&Contestant { cases: cases!(), batch, flush, delivered });
}
