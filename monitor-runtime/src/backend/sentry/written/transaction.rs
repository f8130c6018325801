//! A transaction as JSON.

use super::head::Trace;
use super::json::Json;
use super::root::Root;
use super::sites::Sites;
use super::span;
use crate::backend::sentry::transaction::{Head, span_tags, trace};
use crate::backend::sentry::transport::{measurements, trace_data};
use crate::backend::sentry::{convert, fit};
use crate::record::{Span, Transaction};

/// Writes a part of a transaction; `common` are fields that all of this process have.
pub(super) fn write(
    json: &mut Json,
    transaction: &Transaction,
    (head, spans): (&Head, &[Span]),
    named: &Trace<'_>,
    (common, sites): (&[u8], &mut Sites),
) {
    json.raw(r#"{"type":"transaction","event_id":""#);
    json.id(head.event_id.into_bytes());
    let shape = sites.root(transaction.root(), common);
    json.raw(&shape.named);
    if let Some(user) = transaction.scope.user() {
        json.name("user");
        json.typed(&convert::user(user));
    }
    tags(json, transaction, named);
    json.raw(r#","start_timestamp":"#);
    json.nanos(head.start);
    json.raw(r#","timestamp":"#);
    json.nanos(head.end);
    json.raw(r#","contexts":"#);
    contexts(json, transaction, head, named, shape);
    json.raw(r#","spans":"#);
    json.list(spans, |json, span| span::write(json, span, named, sites));
    json.close();
}

fn tags(json: &mut Json, transaction: &Transaction, named: &Trace<'_>) {
    let (root, scope) = (transaction.root(), &transaction.scope);
    let tier = transaction.performance_tier;
    // Mostly there is no other, and an id needs no escapes.
    if scope.tags.is_empty()
        && scope.own_correlation_id().is_none()
        && tier.is_none()
        && root.parent_site == 0
    {
        json.raw(r#","tags":{"correlation_id":""#);
        json.raw(named.hex);
        return json.raw(r#""}"#);
    }
    json.name("tags");
    let tier = tier.map(|tier| ("performance_tier".into(), tier.as_str().into()));
    let own = span_tags(root, named.correlation_id).chain(tier);
    json.tags(convert::fitting_tags(scope).chain(own));
}

/// The contexts, and the measurements behind them.
fn contexts(
    json: &mut Json,
    transaction: &Transaction,
    head: &Head,
    named: &Trace<'_>,
    shape: &Root,
) {
    json.open();
    if transaction.scope.contexts().next().is_some() {
        let mut contexts = convert::contexts(&transaction.scope);
        fit::contexts(&mut contexts, crate::backend::sentry::transaction::CONTEXTS_BYTES);
        contexts.remove("trace");
        for (name, context) in &contexts {
            json.key(name);
            json.typed(context);
        }
    }
    json.comma();
    json.raw(r#""trace":"#);
    if span::is_usual(transaction.root()) {
        trace_context(json, transaction, head, named, shape);
        return json.close();
    }
    let context = trace(transaction, head);
    json.typed(&context);
    json.close();
    let measured = trace_data(&context).map(measurements).unwrap_or_default();
    if !measured.is_empty() {
        json.name("measurements");
        json.typed(&measured);
    }
}

fn trace_context(
    json: &mut Json,
    transaction: &Transaction,
    head: &Head,
    named: &Trace<'_>,
    shape: &Root,
) {
    json.hex_between(br#"{"type":"trace","span_id":""#, head.id.get(), br#"","trace_id":""#);
    json.raw(named.hex);
    if let Some(parent) = head.parent {
        json.hex_between(br#"","parent_span_id":""#, parent.get(), b"");
    }
    json.raw(&shape.fields);
    span::data(json, transaction.root());
    json.comma();
    json.raw(&shape.end);
    if transaction.dropped_spans > 0 {
        json.name("monitor.dropped_spans");
        json.typed(&transaction.dropped_spans);
    }
    if head.part > 0 {
        json.name("monitor.part");
        json.typed(&head.part);
    }
    json.raw("}}");
}
