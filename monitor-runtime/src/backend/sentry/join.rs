//! What the program sends through Sentry's own functions, made part of our trace and scope.

use sentry_core::protocol::{Context, Event, Log, Metric, Value};

use super::sdk::NAME;
use super::{convert, event};
use crate::context;
use crate::record::{SpanId, TraceId};

/// Adds what is current on the calling thread. What the program or its scope said of the event
/// stays; only the trace is ours. `None` for a panic that is captured by us, too: Sentry's own hook
/// has made an event of it.
pub(super) fn event(event: Event<'static>) -> Option<Event<'static>> {
    let ours = is_ours(&event);
    if !ours && is_panic(&event) && context::captures_panics() {
        return None;
    }
    Some(if ours { event } else { joined(event) })
}

/// Whether this crate has made the event.
pub(super) fn is_ours(event: &Event<'_>) -> bool {
    event.sdk.as_ref().is_some_and(|sdk| sdk.name == NAME)
}

fn is_panic(event: &Event<'_>) -> bool {
    let mechanism = event.exception.values.last().and_then(|last| last.mechanism.as_ref());
    mechanism.is_some_and(|mechanism| mechanism.ty == "panic")
}

fn joined(mut event: Event<'static>) -> Event<'static> {
    let Some(here) = context::here() else { return event };
    let mut known = event::build(&here.event);
    if here.in_trace {
        let trace = known.contexts.remove("trace");
        if trace.is_some() && trace_id(event.contexts.get("trace")) == trace_id(trace.as_ref()) {
            // Joined already, by the scope's processor or by the client's.
            return event;
        }
        event.contexts.extend(trace.map(|trace| ("trace".to_owned(), trace)));
    } else {
        known.contexts.remove("trace");
        known.tags.remove("correlation_id");
    }
    event.user = event.user.or(known.user);
    event.transaction = event.transaction.or(known.transaction);
    for (key, value) in known.tags {
        event.tags.entry(key).or_insert(value);
    }
    for (name, values) in known.contexts {
        event.contexts.entry(name).or_insert(values);
    }
    event.breadcrumbs.extend(known.breadcrumbs);
    event.breadcrumbs.values.sort_by_key(|breadcrumb| breadcrumb.timestamp);
    event
}

fn trace_id(context: Option<&Context>) -> Option<[String; 2]> {
    match context? {
        Context::Trace(trace) => Some([trace.trace_id.to_string(), trace.span_id.to_string()]),
        _ => None,
    }
}

pub(super) fn log(mut log: Log) -> Log {
    if let Some((trace_id, span_id)) = current_ids() {
        log.trace_id = Some(convert::trace_id(trace_id));
        let span = Value::from(span_id.to_string());
        log.attributes.remove("parent_span_id");
        log.attributes.insert("sentry.trace.parent_span_id".to_owned(), span.into());
    }
    log
}

pub(super) fn metric(mut metric: Metric) -> Metric {
    if let Some((trace_id, span_id)) = current_ids() {
        metric.trace_id = convert::trace_id(trace_id);
        metric.span_id = Some(convert::span_id(span_id));
    }
    metric
}

fn current_ids() -> Option<(TraceId, SpanId)> {
    context::current_trace(false).map(|(trace, _)| (trace.trace_id, trace.span_id))
}
