//! A span as JSON.

use super::head::Trace;
use super::json::Json;
use super::sites::Sites;
use super::values::is_simple;
use crate::backend::sentry::convert;
use crate::backend::sentry::split::span_bytes;
use crate::backend::sentry::transaction::{
    ORIGIN, SPAN_BYTES, build_span, millis, origin, shows_idle,
};
use crate::backend::sentry::transport::SpanPayload;
use crate::record::{Span, Times};

/// Writes a span below the root.
pub(super) fn write(json: &mut Json, span: &Span, trace: &Trace<'_>, sites: &mut Sites) {
    if !span.is_plain() && !sites.know(span, is_usual) {
        let typed = build_span(span, convert::trace_id(trace.id), trace.correlation_id);
        return json.typed(&SpanPayload::of(&typed));
    }
    let (shape, fields) = sites.shape(span);
    json.hex_between(br#"{"span_id":""#, span.id.get(), b"");
    json.raw(trace.span_fields);
    if !shape.tags.is_empty() {
        json.comma();
        json.raw(&shape.tags);
    }
    if let Some(parent) = span.parent {
        let (before, behind) = (br#"},"parent_span_id":""#, br#"","start_timestamp":"#);
        json.hex_between(before, parent.get(), behind);
    } else {
        json.raw(r#"},"start_timestamp":"#);
    }
    let Times { start, duration, .. } = span.times;
    json.nanos(start);
    json.raw(r#","timestamp":"#);
    json.nanos(start.saturating_add(duration));
    if span.is_plain() && !span.slow && !shows_idle(span) {
        return json.raw(&shape.plain);
    }
    json.raw(&shape.fields);
    match fields {
        Some(fields) => {
            times(json, span);
            fields.write(json, span.attributes());
        }
        None => data(json, span),
    }
    json.name(ORIGIN);
    json.plain(origin(span));
    json.raw("}}");
}

/// What is known of a usual span beside its place, in an object that is open.
pub(super) fn data(json: &mut Json, span: &Span) {
    times(json, span);
    json.values(span.attributes());
}

fn times(json: &mut Json, span: &Span) {
    if shows_idle(span) {
        json.name("monitor.busy_ms");
        json.typed(&millis(span.busy()));
        json.name("monitor.idle_ms");
        json.typed(&millis(span.idle()));
    }
    if span.slow {
        json.name("monitor.slow");
        json.raw("true");
    }
}

/// Whether no value of the span is one of ours, too large, or something that isn't written as it is.
pub(super) fn is_usual(span: &Span) -> bool {
    let ours = |key: &str| {
        ["code.", "monitor.", "measurement.", "sentry."].iter().any(|ours| key.starts_with(ours))
    };
    span.attributes().is_empty()
        || is_simple(span.attributes())
            && !span.attributes().iter().any(|(key, _)| ours(key))
            // What must be escaped takes up to six bytes.
            && span_bytes(span) <= SPAN_BYTES / 6
}
