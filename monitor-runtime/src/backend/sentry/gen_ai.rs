//! AI calls, as Sentry receives them.

use sentry_core::protocol::{Context, Map, Span, Transaction, Value};

use crate::ai::KEYS;

/// Whether the span is one of an AI call, an agent or a tool.
pub(super) fn is_ai_span(span: &Span) -> bool {
    span.op.as_deref().is_some_and(is_gen_ai)
}

pub(super) fn is_gen_ai(op: &str) -> bool {
    op.starts_with("gen_ai.")
}

/// Adds the older names of keys, which some receivers still read.
pub(super) fn add_older_names(transaction: &mut Transaction<'_>) {
    if let Some(Context::Trace(trace)) = transaction.contexts.get_mut("trace")
        && trace.op.as_deref().is_some_and(is_gen_ai)
    {
        add(&mut trace.data);
    }
    transaction
        .spans
        .iter_mut()
        .filter(|span| is_ai_span(span))
        .for_each(|span| add(&mut span.data));
}

fn add(data: &mut Map<String, Value>) {
    for key in KEYS {
        let Some(older) = key.older else { continue };
        if let Some(value) = data.get(key.name).cloned() {
            data.entry(older.to_owned()).or_insert(value);
        }
    }
}
