//! A transaction as an item of spans, each of which stands for itself.
//!
//! The form is Sentry's [span protocol](https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/),
//! for which its crates have no type.

use sentry_core::protocol::{Context, Map, Span, SpanStatus, TraceContext, Transaction, Value};
use serde_json::json;

use super::payload::{seconds, source};
use crate::backend::sentry::gen_ai::is_ai_span;
use crate::backend::sentry::sdk::sdk;
use crate::record::measurement_name;

pub(super) const CONTENT_TYPE: &str = "application/vnd.sentry.items.span.v2+json";

/// The spans of a transaction, the root first.
pub(super) fn spans(transaction: &Transaction<'_>) -> Vec<Value> {
    let Some(Context::Trace(trace)) = transaction.contexts.get("trace") else { return Vec::new() };
    let common = common(transaction, trace);
    let root = root(transaction, trace, &common);
    let children = transaction.spans.iter().map(|span| child(span, &common));
    std::iter::once(root).chain(children).collect()
}

/// The spans of AI calls alone, without the root.
pub(super) fn ai_spans(transaction: &Transaction<'_>) -> Vec<Value> {
    let Some(Context::Trace(trace)) = transaction.contexts.get("trace") else { return Vec::new() };
    if !transaction.spans.iter().any(is_ai_span) {
        return Vec::new();
    }
    let common = common(transaction, trace);
    let ai_spans = transaction.spans.iter().filter(|span| is_ai_span(span));
    ai_spans.map(|span| child(span, &common)).collect()
}

fn root(transaction: &Transaction<'_>, trace: &TraceContext, common: &Map<String, Value>) -> Value {
    let mut attributes = common.clone();
    extend(&mut attributes, &trace.data);
    extend_tags(&mut attributes, &transaction.tags);
    set(&mut attributes, "sentry.op", trace.op.as_deref());
    set(&mut attributes, "sentry.origin", trace.origin.as_deref());
    set(&mut attributes, "sentry.span.source", Some(source(transaction)));
    set(&mut attributes, "sentry.description", trace.description.as_deref());
    json!({
        "trace_id": trace.trace_id,
        "span_id": trace.span_id,
        "parent_span_id": trace.parent_span_id,
        "name": transaction.name,
        "status": status(trace.status),
        "is_segment": true,
        "start_timestamp": seconds(transaction.start_timestamp),
        "end_timestamp": seconds(transaction.timestamp.unwrap_or(transaction.start_timestamp)),
        "attributes": attributes,
    })
}

fn child(span: &Span, common: &Map<String, Value>) -> Value {
    let mut attributes = common.clone();
    extend(&mut attributes, &span.data);
    extend_tags(&mut attributes, &span.tags);
    set(&mut attributes, "sentry.op", span.op.as_deref());
    json!({
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id,
        "name": span.description,
        "status": child_status(span),
        "is_segment": false,
        "start_timestamp": seconds(span.start_timestamp),
        "end_timestamp": seconds(span.timestamp.unwrap_or(span.start_timestamp)),
        "attributes": attributes,
    })
}

/// What each span says, because nothing around it does.
fn common(transaction: &Transaction<'_>, trace: &TraceContext) -> Map<String, Value> {
    let mut attributes = Map::new();
    let (sdk, user) = (sdk(), transaction.user.as_ref());
    set(&mut attributes, "sentry.segment.id", Some(&trace.span_id.to_string()));
    set(&mut attributes, "sentry.segment.name", transaction.name.as_deref());
    set(&mut attributes, "sentry.release", transaction.release.as_deref());
    set(&mut attributes, "sentry.environment", transaction.environment.as_deref());
    set(&mut attributes, "sentry.platform", Some(&transaction.platform));
    set(&mut attributes, "sentry.sdk.name", Some(&sdk.name));
    set(&mut attributes, "sentry.sdk.version", Some(&sdk.version));
    set(&mut attributes, "server.address", transaction.server_name.as_deref());
    set(&mut attributes, "user.id", user.and_then(|user| user.id.as_deref()));
    set(&mut attributes, "user.name", user.and_then(|user| user.username.as_deref()));
    set(&mut attributes, "user.email", user.and_then(|user| user.email.as_deref()));
    attributes
}

/// This form knows two.
fn status(status: Option<SpanStatus>) -> &'static str {
    match status {
        None | Some(SpanStatus::Ok | SpanStatus::Cancelled) => "ok",
        Some(_) => "error",
    }
}

/// A stream of which nobody read the end has no other word here.
fn child_status(span: &Span) -> &'static str {
    if span.data.contains_key("error.type") { "error" } else { status(span.status) }
}

fn set(attributes: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        attributes.insert(key.to_owned(), json!({"type": "string", "value": value}));
    }
}

fn extend_tags(attributes: &mut Map<String, Value>, tags: &Map<String, String>) {
    for (key, value) in tags {
        set(attributes, key, Some(value));
    }
}

/// Values say their types; what has none of them becomes text, and null is left out. A measurement is
/// a value like others here.
fn extend(attributes: &mut Map<String, Value>, data: &Map<String, Value>) {
    for (key, value) in data.iter().filter(|(_, value)| !value.is_null()) {
        let (kind, value) = match value {
            Value::Bool(_) => ("boolean", value.clone()),
            // Beyond that Sentry has no whole numbers.
            Value::Number(number) if number.is_i64() => ("integer", value.clone()),
            Value::Number(number) => ("double", number.as_f64().into()),
            Value::String(_) => ("string", value.clone()),
            other => ("string", other.to_string().into()),
        };
        let key = measurement_name(key).unwrap_or(key);
        attributes.insert(key.to_owned(), json!({"type": kind, "value": value}));
    }
}
