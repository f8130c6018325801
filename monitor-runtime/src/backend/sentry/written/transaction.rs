//! A transaction as JSON.

use super::head::Trace;
use super::json::Json;
use super::sites::Sites;
use super::span;
use crate::backend::sentry::transaction::{Head, SOURCE, name_source, origin, span_tags, trace};
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
    let root = transaction.root();
    json.raw(r#"{"type":"transaction","event_id":""#);
    let id = crate::backend::sentry::transaction::event_id(transaction.trace_id, head.id);
    json.raw(id.simple().encode_lower(&mut [0; 32]));
    json.raw(r#"","transaction":"#);
    json.fitting(root.name(), fit::NAME);
    json.raw(r#","transaction_info":{"source":"#);
    json.text(&name_source(root));
    json.close();
    json.raw(common);
    if let Some(user) = transaction.scope.user() {
        json.name("user");
        json.typed(&convert::user(user));
    }
    json.name("tags");
    let tier = transaction.performance_tier;
    let tier = tier.map(|tier| ("performance_tier".into(), tier.as_str().into()));
    let own = span_tags(root, named.correlation_id).chain(tier);
    json.tags(convert::fitting_tags(&transaction.scope).chain(own));
    json.name("start_timestamp");
    json.time(head.start);
    json.name("timestamp");
    json.time(head.end);
    json.name("contexts");
    contexts(json, transaction, head, named, sites);
    json.name("spans");
    json.list(spans, |json, span| span::write(json, span, named, sites));
    json.close();
}

/// The contexts, and the measurements behind them.
fn contexts(
    json: &mut Json,
    transaction: &Transaction,
    head: &Head,
    named: &Trace<'_>,
    sites: &mut Sites,
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
    json.name("trace");
    if span::is_usual(transaction.root()) {
        trace_context(json, transaction, head, named, sites);
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
    sites: &mut Sites,
) {
    let root = transaction.root();
    json.raw(r#"{"type":"trace","span_id":""#);
    json.hex(head.id.get());
    json.raw(r#"","trace_id":""#);
    json.raw(named.hex);
    if let Some(parent) = head.parent {
        json.raw(r#"","parent_span_id":""#);
        json.hex(parent.get());
    }
    json.raw(r#"","op":"#);
    json.fitting(root.op(), fit::WORD);
    if let Some(description) = root.description() {
        json.name("description");
        json.text(description);
    }
    json.name("status");
    json.plain(convert::status_word(root.status));
    json.name("origin");
    json.plain(origin(root));
    json.name("data");
    json.open();
    json.raw(sites.place(root.callsite));
    span::data(json, root);
    json.name(SOURCE);
    json.text(&name_source(root));
    if transaction.dropped_spans > 0 {
        json.name("monitor.dropped_spans");
        json.typed(&transaction.dropped_spans);
    }
    if head.part > 0 {
        json.name("monitor.part");
        json.typed(&head.part);
    }
    json.close();
    json.close();
}
