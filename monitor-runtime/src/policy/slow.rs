//! Calls that take too long.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::callsite::Callsite;
use crate::clock;
use crate::collect;
use crate::context::local::Local;
use crate::context::{Moment, Open, Scope, send_event};
use crate::hub::Hub;
use crate::record::{Event, EventKind, Level, Text, Value};

/// Whether a call of this many ticks is at or over the limit of its callsite.
#[inline]
pub(crate) fn is_over(site: &'static Callsite, ticks: u64) -> bool {
    ticks >= limit(site)
}

/// The limit of a callsite in ticks.
#[inline]
pub(crate) fn limit(site: &'static Callsite) -> u64 {
    match site.slow_ticks.load(Ordering::Relaxed) {
        0 => limit_in_ticks(site),
        limit => limit,
    }
}

#[cold]
#[inline(never)]
fn limit_in_ticks(site: &'static Callsite) -> u64 {
    let limit = clock::from_nanos(millis_of(site).saturating_mul(1_000_000)).max(1);
    site.slow_ticks.store(limit, Ordering::Relaxed);
    limit
}

/// Reports a call that took too long, with the scope and the path of its end.
#[cold]
pub(crate) fn report(local: &Local, open: &Open, nanos: u64, busy: u64, rows: Option<u64>) {
    let Some(hub) = Hub::current(local) else { return };
    let reported = hub.policy().slow_calls();
    if reported.is_full(open.site, 0) {
        reported.leave_out(open.site);
        hub.losses().limited_events(1);
        return;
    }
    send_event(|event| {
        event.suppressed = reported.report(open.site);
        let mut values = timing(open.site, nanos);
        values.push(("busy_ms".into(), millis(busy).into()));
        values.push(("idle_ms".into(), millis(nanos.saturating_sub(busy)).into()));
        if let Some(rows) = rows {
            values.push(("rows".into(), rows.into()));
        }
        fill(event, open.site, message(open.site), values);
    });
}

/// Reports a model whose answer began late. The call's scope is current.
#[cold]
#[cfg(feature = "stream")]
pub(crate) fn report_first_chunk(site: &'static Callsite, nanos: u64, limit_millis: u64) {
    let Some(hub) = crate::context::scope::hub() else { return };
    let reported = hub.policy().slow_calls();
    if reported.is_full(site, 0) {
        reported.leave_out(site);
        hub.losses().limited_events(1);
        return;
    }
    send_event(|event| {
        event.suppressed = reported.report(site);
        let text = format!("Slow to answer: {}", site.name());
        let values = vec![
            ("time_to_first_chunk_ms".into(), millis(nanos).into()),
            ("limit_ms".into(), limit_millis.into()),
        ];
        fill(event, site, text.into(), values);
    });
}

/// Reports a stream of a model's answer that has been open for too long, and is still: for so many
/// nanoseconds, and how long it may be. On the collector's thread.
#[cfg(feature = "stream")]
pub(crate) fn report_open_stream(
    hub: &Hub,
    site: &'static Callsite,
    (nanos, limit): (u64, u64),
    event: impl FnOnce() -> Event,
) {
    let reported = hub.policy().slow_calls();
    if reported.is_full(site, 0) {
        reported.leave_out(site);
        hub.losses().limited_events(1);
        return;
    }
    let mut event = event();
    event.suppressed = reported.report(site);
    let text = format!("Stream still open: {}", site.name());
    let values =
        vec![("open_ms".into(), millis(nanos).into()), ("limit_ms".into(), millis(limit).into())];
    fill(&mut event, site, text.into(), values);
    collect::send_event(hub, event);
}

/// The event of a call that is being watched, as far as it is known when the call begins.
pub(crate) fn still_running(local: &Local, hub: &'static Hub, open: &Open) -> Event {
    let mut event = Moment::now(local, hub).event();
    event.span_id = crate::record::SpanId::new(open.span);
    event
}

/// Reports a call that has run for too long and goes on.
pub(crate) fn report_running(
    hub: &Hub,
    open: &Open,
    mut event: Event,
    scope: Option<Arc<Scope>>,
    nanos: u64,
) {
    event.timestamp = clock::wall_time();
    if let Some(scope) = scope {
        event.scope = scope;
    }
    let text = format!("{} (still running)", message(open.site));
    fill(&mut event, open.site, text.into(), timing(open.site, nanos));
    collect::send_event(hub, event);
}

/// The limit of the call, in milliseconds.
fn millis_of(site: &'static Callsite) -> u64 {
    site.details.slow.map_or(0, |slow| slow.millis)
}

fn message(site: &'static Callsite) -> Text {
    let message = site.details.slow.map_or("", |slow| slow.message);
    match (message, site.op()) {
        ("", op) if op.starts_with("db") => "Slow query detected".into(),
        ("", _) => format!("Slow call detected: {}", site.name()).into(),
        (message, _) => message.into(),
    }
}

fn timing(site: &'static Callsite, nanos: u64) -> Vec<(Text, Value)> {
    vec![("duration_ms".into(), millis(nanos).into()), ("limit_ms".into(), millis_of(site).into())]
}

fn fill(event: &mut Event, site: &'static Callsite, message: Text, values: Vec<(Text, Value)>) {
    event.kind = EventKind::Slow;
    event.level = Level::Warning;
    event.message = Some(message);
    event.fingerprint = vec!["slow".into(), site.module().into(), site.name().into()];
    event.contexts.push(("slow".into(), values));
}

#[expect(clippy::cast_precision_loss, reason = "exact to the nanosecond for a hundred days")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
