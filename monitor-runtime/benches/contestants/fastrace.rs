//! The attributes of fastrace. The mode is an environment variable, `MODE`.
//!
//! fastrace has no attribute for roots, none for errors and none that looks at a `Result`: roots
//! and the property of an error are set by hand, as its users do.

use std::sync::atomic::{AtomicU64, Ordering};

use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::future::FutureExt;
use fastrace::local::LocalSpan;
use fastrace::{Span, trace};
use monitor_benches::work::{Refused, step};
use monitor_benches::{Contestant, cases};

static SAMPLED: AtomicU64 = AtomicU64::new(1);

fn root_span(name: &'static str) -> Span {
    let sampled = SAMPLED.load(Ordering::Relaxed) == 1;
    Span::root(name, SpanContext::random().sampled(sampled))
}

mod functions {
    use fastrace::trace;

    monitor_benches::functions! {
        span: [trace],
        ok: [trace],
        stacked: [trace],
        captured: [],
        orphan: [trace],
        root: [],
    }

    #[trace(properties = {
        "id": "{id}", "offset": "{offset}", "name": "{name}", "shape": "{shape:?}",
    })]
    #[inline(never)]
    fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
        step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
    }

    pub(super) fn unrooted(n: u64) -> u64 {
        orphan(n)
    }

    pub(super) static WORK: super::Work = super::Work {
        leaf: root,
        nested: root_nested,
        fields: root_fields,
        ok: root_ok,
        stacked: root_stacked,
    };

    pub(super) fn work_async(n: u64, yields: bool) -> impl Future<Output = u64> + Send {
        root_async(n, yields)
    }
}

/// What is done below a root.
struct Work {
    leaf: fn(u64) -> u64,
    nested: fn(u64) -> u64,
    fields: fn(u64) -> u64,
    ok: fn(u64) -> u64,
    stacked: fn(u64) -> u64,
}

use functions::{WORK, unrooted as orphan};

fn root(n: u64) -> u64 {
    let root = root_span("root");
    let _guard = root.set_local_parent();
    (WORK.leaf)(n)
}

fn root_nested(n: u64) -> u64 {
    let root = root_span("root_nested");
    let _guard = root.set_local_parent();
    (WORK.nested)(n)
}

fn root_fields(n: u64) -> u64 {
    let root = root_span("root_fields");
    let _guard = root.set_local_parent();
    (WORK.fields)(n)
}

fn root_ok(n: u64) -> u64 {
    let root = root_span("root_ok");
    let _guard = root.set_local_parent();
    (WORK.ok)(n)
}

fn root_stacked(n: u64) -> u64 {
    let root = root_span("root_stacked");
    let _guard = root.set_local_parent();
    (WORK.stacked)(n)
}

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

fn root_async(n: u64, yields: bool) -> impl Future<Output = u64> + Send {
    functions::work_async(n, yields).in_span(root_span("root_async"))
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
        cases: cases!(),
        batch: 50_000,
        flush: fastrace::flush,
        delivered: || DELIVERED.load(Ordering::Relaxed),
    });
}
