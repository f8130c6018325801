//! The attributes of fastrace. The mode is an environment variable, `MODE`.

use std::sync::atomic::{AtomicU64, Ordering};

use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::future::FutureExt;
use fastrace::local::LocalSpan;
use fastrace::{Span, trace};
use monitor_benches::work::{Refused, SHAPE, Shape, Yields, block_on, step};
use monitor_benches::{Contestant, cases};

static SAMPLED: AtomicU64 = AtomicU64::new(1);

fn root_span(name: &'static str) -> Span {
    let sampled = SAMPLED.load(Ordering::Relaxed) == 1;
    Span::root(name, SpanContext::random().sampled(sampled))
}

#[trace]
#[inline(never)]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[inline(never)]
fn root(n: u64) -> u64 {
    let root = root_span("root");
    let _guard = root.set_local_parent();
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[trace]
#[inline(never)]
fn nested(depth: u64) -> u64 {
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

#[inline(never)]
fn root_nested(n: u64) -> u64 {
    let root = root_span("root_nested");
    let _guard = root.set_local_parent();
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

#[trace(properties = {
    "id": "{id}", "offset": "{offset}", "name": "{name}", "shape": "{shape:?}",
})]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

#[inline(never)]
fn root_fields(n: u64) -> u64 {
    let root = root_span("root_fields");
    let _guard = root.set_local_parent();
    (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
}

#[trace]
#[inline(never)]
fn fallible(n: u64) -> Result<u64, Refused> {
    if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
}

#[inline(never)]
fn root_fallible(n: u64) -> u64 {
    let root = root_span("root_fallible");
    let _guard = root.set_local_parent();
    (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
}

/// fastrace has no attribute for errors: the property that its users add by hand.
#[trace]
#[inline(never)]
fn captured(n: u64) -> Result<u64, Refused> {
    let outcome = if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) };
    if let Err(error) = &outcome {
        LocalSpan::add_property(|| ("error", error.to_string()));
    }
    outcome
}

#[inline(never)]
fn root_err(n: u64) -> u64 {
    let root = root_span("root_err");
    let _guard = root.set_local_parent();
    (0..n).fold(0, |sum, _| sum ^ captured(u64::MAX).unwrap_or(1))
}

#[trace]
#[inline(never)]
async fn ready(n: u64) -> u64 {
    step(n)
}

#[trace]
#[inline(never)]
async fn yielding(n: u64) -> u64 {
    Yields(10).await;
    step(n)
}

async fn root_async(n: u64, yields: bool) -> u64 {
    let work = async move {
        let mut sum = 0;
        for _ in 0..n {
            sum = if yields { yielding(sum).await } else { ready(sum).await };
        }
        sum
    };
    work.in_span(root_span("root_async")).await
}

fn times(roots: u64, work: impl Fn() -> u64) {
    for _ in 0..roots {
        std::hint::black_box(work());
    }
}

static DELIVERED: AtomicU64 = AtomicU64::new(0);

struct Collecting;

impl Reporter for Collecting {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        let children = spans.iter().filter(|span| !span.name.starts_with("root"));
        DELIVERED.fetch_add(children.count() as u64, Ordering::Relaxed);
    }
}

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    SAMPLED.store(u64::from(mode != "unsampled"), Ordering::Relaxed);
    if mode != "off" {
        fastrace::set_reporter(Collecting, Config::default());
    }
    monitor_benches::run(&Contestant {
        cases: cases! {
            "leaf100": 100 |roots| times(roots, || root(100));
            "leaf1000": 1000 |roots| times(roots, || root(1000));
            "leaf10000": 10000 |roots| times(roots, || root(10_000));
            "nested": 100 |roots| times(roots, || root_nested(100));
            "fields": 100 |roots| times(roots, || root_fields(100));
            "traced_ok": 100 |roots| times(roots, || root_fallible(100));
            "stacked": 100 |roots| times(roots, || root_fallible(100));
            "err": 100 |roots| times(roots, || root_err(100));
            "async0": 100 |roots| times(roots, || block_on(root_async(100, false)));
            "async10": 100 |roots| times(roots, || block_on(root_async(100, true)));
            "orphan": 1 |roots| times(roots, || leaf(3));
        },
        flush: fastrace::flush,
        delivered: || DELIVERED.load(Ordering::Relaxed),
    });
}
