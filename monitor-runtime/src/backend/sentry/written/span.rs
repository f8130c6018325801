//! A span as JSON.

use super::head::Trace;
use super::json::Json;
use super::sites::Sites;
use super::values::is_simple;
use crate::backend::sentry::split::span_bytes;
use crate::backend::sentry::transaction::{
    ORIGIN, SPAN_BYTES, build_span, millis, origin, shows_idle, span_tags,
};
use crate::backend::sentry::transport::{SpanPayload, seconds};
use crate::backend::sentry::{convert, fit};
use crate::record::Span;

/// Writes a span below the root.
pub(super) fn write(json: &mut Json, span: &Span, trace: &Trace<'_>, sites: &mut Sites) {
    if !is_usual(span) {
        let typed = build_span(span, convert::trace_id(trace.id), trace.correlation_id);
        return json.typed(&SpanPayload::of(&typed));
    }
    json.raw(r#"{"span_id":""#);
    json.hex(span.id.get());
    json.raw(r#"","trace_id":""#);
    json.raw(trace.hex);
    if let Some(parent) = span.parent {
        json.raw(r#"","parent_span_id":""#);
        json.hex(parent.get());
    }
    json.raw(r#"","op":"#);
    json.fitting(&span.op, fit::WORD);
    json.name("description");
    json.text(span.description.as_ref().unwrap_or(&span.name));
    json.name("start_timestamp");
    json.typed(&seconds(convert::time(span.start)));
    json.name("timestamp");
    json.typed(&seconds(convert::end(span.start, span.duration)));
    json.name("status");
    json.plain(convert::status_word(span.status));
    json.name("origin");
    json.plain(origin(span));
    json.name("tags");
    json.tags(span_tags(span, trace.correlation_id));
    json.name("data");
    json.open();
    data(json, span, sites);
    json.close();
    json.close();
}

/// What is known of a usual span, in an object that is open.
pub(super) fn data(json: &mut Json, span: &Span, sites: &mut Sites) {
    json.raw(sites.of(span.callsite));
    if shows_idle(span) {
        json.name("monitor.busy_ms");
        json.typed(&millis(span.busy));
        json.name("monitor.idle_ms");
        json.typed(&millis(span.idle()));
    }
    if span.slow {
        json.name("monitor.slow");
        json.raw("true");
    }
    json.values(&span.attributes);
    json.name(ORIGIN);
    json.plain(origin(span));
}

/// Whether no value of the span is one of ours, too large, or something that isn't written as it is.
pub(super) fn is_usual(span: &Span) -> bool {
    let ours = |key: &str| {
        ["code.", "monitor.", "measurement.", "sentry."].iter().any(|ours| key.starts_with(ours))
    };
    span.attributes.is_empty()
        || is_simple(&span.attributes)
            && !span.attributes.iter().any(|(key, _)| ours(key))
            // What must be escaped takes up to six bytes.
            && span_bytes(span) <= SPAN_BYTES / 6
}
