//! Parts of a transaction that are small enough for Sentry.

use std::ops::Range;

use crate::record::{Span, Value};

/// Sentry drops the spans of a transaction over this many.
pub(super) const MAX_SPANS: usize = 1000;

/// Sentry drops spans over a budget of bytes too, which is close to 500 kB a transaction.
const MAX_BYTES: usize = 400_000;

/// Ids, times, status and the keys around them, in bytes of JSON.
const BYTES_A_SPAN: usize = 450;

/// Consecutive ranges of `spans` that each fit a transaction; at least one, which may be empty.
pub(super) fn split(spans: &[Span]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, span) in spans.iter().enumerate() {
        let more = span_bytes(span);
        let full = index - start >= MAX_SPANS || bytes + more > MAX_BYTES;
        if full && index > start {
            parts.push(start..index);
            (start, bytes) = (index, 0);
        }
        bytes += more;
    }
    parts.push(start..spans.len());
    parts
}

fn span_bytes(span: &Span) -> usize {
    let description = span.description.as_ref().map_or(span.name.len(), |text| text.len());
    let attributes = span.attributes.iter().map(|(key, value)| key.len() + 6 + value_bytes(value));
    BYTES_A_SPAN + span.op.len() + description + attributes.sum::<usize>()
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::I64(_) | Value::U64(_) | Value::F64(_) => 12,
        Value::Text(text) => text.len() + 2,
        Value::List(values) => values.iter().map(|value| 2 + value_bytes(value)).sum(),
        Value::Map(values) => {
            values.iter().map(|(key, value)| key.len() + 6 + value_bytes(value)).sum()
        }
    }
}
