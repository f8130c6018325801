//! The attribute of tracing, with the registry and a layer that records what it needs for a report:
//! name, ids, times, fields. The mode is an environment variable, `MODE`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use monitor_benches::{Contestant, cases, functions};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber, instrument};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

functions! {
    span: [instrument(skip_all)],
    ok: [instrument(skip_all)],
    stacked: [instrument(skip_all, err)],
    captured: [instrument(skip_all, err)],
    orphan: [instrument(skip_all)],
    root: [instrument(parent = None, skip_all)],
}

#[instrument(skip_all, fields(id, offset, name, shape = ?shape))]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

/// What a report of a span needs.
#[derive(Default)]
struct Recorded {
    name: &'static str,
    parent: u64,
    start: Option<Instant>,
    nanos: u128,
    values: Vec<(&'static str, String)>,
}

impl Visit for Recorded {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.values.push((field.name(), format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.values.push((field.name(), value.to_owned()));
    }
}

static DELIVERED: AtomicU64 = AtomicU64::new(0);
static FINISHED: Mutex<Vec<Recorded>> = Mutex::new(Vec::new());

struct Recording;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recording {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let span = cx.span(id).expect("is there");
        let mut recorded = Recorded {
            name: attributes.metadata().name(),
            parent: span.parent().map_or(0, |parent| parent.id().into_u64()),
            start: Some(Instant::now()),
            ..Recorded::default()
        };
        attributes.record(&mut recorded);
        span.extensions_mut().insert(recorded);
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        if let Some(span) = cx.lookup_current()
            && let Some(recorded) = span.extensions_mut().get_mut::<Recorded>()
        {
            event.record(recorded);
        }
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        let span = cx.span(&id).expect("is there");
        if let Some(mut recorded) = span.extensions_mut().remove::<Recorded>() {
            recorded.nanos = recorded.start.map_or(0, |start| start.elapsed().as_nanos());
            FINISHED.lock().expect("no panic").push(recorded);
        }
    }
}

fn flush() {
    let finished = std::mem::take(&mut *FINISHED.lock().expect("no panic"));
    let children = finished.iter().filter(|span| !span.name.starts_with("root"));
    DELIVERED.fetch_add(children.count() as u64, Ordering::Relaxed);
}

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    if mode != "off" {
        let subscriber = tracing_subscriber::registry().with(Recording);
        tracing::subscriber::set_global_default(subscriber).expect("the first");
    }
    monitor_benches::run(&Contestant {
        cases: cases!(),
        batch: 20_000,
        flush,
        delivered: || DELIVERED.load(Ordering::Relaxed),
    });
}
