//! The attributes of monitor-runtime. The mode is an environment variable, `MODE`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use monitor_benches::work::{Refused, SHAPE, Shape, Yields, block_on, step};
use monitor_benches::{Contestant, cases};
use monitor_runtime::record::Transaction;
use monitor_runtime::{
    Backend, Baselines, Config, Console, Guard, capture_errors, slow_threshold, traced,
};

#[traced]
#[inline(never)]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[traced(root)]
#[inline(never)]
fn root(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[traced]
#[inline(never)]
fn nested(depth: u64) -> u64 {
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

#[traced(root)]
#[inline(never)]
fn root_nested(n: u64) -> u64 {
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

#[traced(fields(id, offset, name, shape))]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

#[traced(root)]
#[inline(never)]
fn root_fields(n: u64) -> u64 {
    (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
}

#[traced]
#[inline(never)]
fn fallible(n: u64) -> Result<u64, Refused> {
    if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
}

#[traced(root)]
#[inline(never)]
fn root_traced_ok(n: u64) -> u64 {
    (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
}

#[traced]
#[capture_errors]
#[slow_threshold(ms = 1000)]
#[inline(never)]
fn stacked(n: u64) -> Result<u64, Refused> {
    if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
}

#[traced(root)]
#[inline(never)]
fn root_stacked(n: u64) -> u64 {
    (0..n).fold(0, |sum, i| sum ^ stacked(i).unwrap_or(0))
}

#[traced]
#[capture_errors]
#[inline(never)]
fn captured(n: u64) -> Result<u64, Refused> {
    if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
}

#[traced(root)]
#[inline(never)]
fn root_err(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| sum ^ captured(u64::MAX).unwrap_or(1))
}

#[traced]
#[inline(never)]
async fn ready(n: u64) -> u64 {
    step(n)
}

#[traced]
#[inline(never)]
async fn yielding(n: u64) -> u64 {
    Yields(10).await;
    step(n)
}

#[traced(root)]
#[inline(never)]
async fn root_async(n: u64, yields: bool) -> u64 {
    let mut sum = 0;
    for _ in 0..n {
        sum = if yields { yielding(sum).await } else { ready(sum).await };
    }
    sum
}

#[traced(child_only)]
#[inline(never)]
fn orphan(n: u64) -> u64 {
    step(n)
}

fn times(roots: u64, work: impl Fn() -> u64) {
    for _ in 0..roots {
        std::hint::black_box(work());
    }
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

fn start(mode: &str) -> Option<Guard> {
    let rate = if mode == "unsampled" { 0.0 } else { 1.0 };
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(rate)
        .with_max_queued_events(1_000_000);
    // What is measured is the capture of an error, unless it is the limit.
    let config = match mode {
        "limited" => config,
        _ => {
            config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX)
        }
    };
    let config = match mode {
        "off" => return None,
        "baselines" => config.with_backend(Counting).with_baselines(Baselines::new()),
        "console" => config.with_backend(Console::to_writer(std::io::sink()).with_trees(false)),
        _ => config.with_backend(Counting),
    };
    Some(monitor_runtime::init(config).expect("a config without a DSN"))
}

fn main() {
    let _guard = start(&std::env::var("MODE").unwrap_or_default());
    monitor_benches::run(&Contestant {
        cases: cases! {
            "leaf100": 100 |roots| times(roots, || root(100));
            "roots": 1 |roots| times(roots, || root(0));
            "leaf1000": 1000 |roots| times(roots, || root(1000));
            "leaf10000": 10000 |roots| times(roots, || root(10_000));
            "nested": 100 |roots| times(roots, || root_nested(100));
            "fields": 100 |roots| times(roots, || root_fields(100));
            "traced_ok": 100 |roots| times(roots, || root_traced_ok(100));
            "stacked": 100 |roots| times(roots, || root_stacked(100));
            "err": 100 |roots| times(roots, || root_err(100));
            "async0": 100 |roots| times(roots, || block_on(root_async(100, false)));
            "async10": 100 |roots| times(roots, || block_on(root_async(100, true)));
            "orphan": 1 |roots| times(roots, || orphan(3));
        },
        flush: || {
            monitor_runtime::flush(Duration::from_secs(20));
        },
        delivered: || DELIVERED.load(Ordering::Relaxed),
    });
}
