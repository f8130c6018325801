//! Parts of a transaction that are small enough for Sentry.

use std::ops::Range;

use crate::record::{Span, Value};

/// Sentry drops the spans of a transaction over this many.
pub(super) const MAX_SPANS: usize = 1000;

/// Sentry drops spans over a budget of bytes too, which is close to 500 kB a transaction.
pub(super) const MAX_BYTES: usize = 400_000;

/// Ids, times, status, tags and all keys, in bytes of JSON.
const BYTES_A_SPAN: usize = 620;

/// Some of the spans, and about how many bytes of JSON they are.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) bytes: usize,
}

/// Consecutive parts of `spans` that each fit a transaction; at least one, which may be empty.
pub(super) fn split(spans: &[Span]) -> impl Iterator<Item = Part> {
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let part = part(spans, start?);
        start = Some(part.range.end).filter(|end| *end < spans.len());
        Some(part)
    })
}

/// The part that begins there.
fn part(spans: &[Span], start: usize) -> Part {
    let mut bytes = 0;
    // Mostly one is like the last.
    let mut last: Option<(&Span, usize)> = None;
    for (index, span) in spans.iter().enumerate().skip(start) {
        let words = match last {
            Some((last, bytes)) if is_alike(last, span) => bytes,
            _ => words_bytes(span),
        };
        last = Some((span, words));
        let more = words + values_bytes(span);
        let full = index - start >= MAX_SPANS || bytes + more > MAX_BYTES;
        if full && index > start {
            return Part { range: start..index, bytes };
        }
        bytes += more;
    }
    Part { range: start..spans.len(), bytes }
}

/// Whether two spans have the same texts beside their values: those of the program, and no other.
fn is_alike(one: &Span, other: &Span) -> bool {
    !one.has_own_words()
        && !other.has_own_words()
        && std::ptr::eq(one.callsite, other.callsite)
        && one.parent_site == other.parent_site
}

/// At least the bytes of a span's JSON, give or take what must be escaped in it.
pub(super) fn span_bytes(span: &Span) -> usize {
    words_bytes(span) + values_bytes(span)
}

fn words_bytes(span: &Span) -> usize {
    let site = span.callsite;
    let texts = [
        span.op(),
        span.description().unwrap_or(span.name()),
        span.parent_operation().unwrap_or_default(),
        site.module(),
        site.name(),
        site.location().file(),
    ];
    BYTES_A_SPAN + texts.map(str::len).iter().sum::<usize>()
}

fn values_bytes(span: &Span) -> usize {
    span.attributes().iter().map(|(key, value)| key.len() + 4 + value_bytes(value)).sum()
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::I64(_) | Value::U64(_) | Value::F64(_) => 24,
        Value::Text(text) => text.len() + 2,
        Value::List(values) => values.iter().map(|value| 2 + value_bytes(value)).sum(),
        Value::Map(values) => {
            values.iter().map(|(key, value)| key.len() + 4 + value_bytes(value)).sum()
        }
    }
}
