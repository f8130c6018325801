//! Parts of a count, beside the whole.

use crate::record::Usage;

/// Sentry's whole numbers have a sign.
pub(super) const MAX_TOKENS: u64 = i64::MAX.cast_unsigned();

/// A part is never larger than its whole: one that is was left out of it. Whether there was one.
pub(super) fn make_parts_fit(usage: &mut Usage) -> bool {
    // Two parts that are no numbers of tokens may together be more than any whole.
    let room = MAX_TOKENS.saturating_sub(usage.cache_read.unwrap_or(0));
    usage.cache_creation = usage.cache_creation.map(|written| written.min(room));
    let cached = usage.cache_read.unwrap_or(0).saturating_add(usage.cache_creation.unwrap_or(0));
    let input = add_if_larger(&mut usage.input, cached);
    let output = add_if_larger(&mut usage.output, usage.reasoning.unwrap_or(0));
    input | output
}

fn add_if_larger(whole: &mut Option<u64>, parts: u64) -> bool {
    match whole {
        Some(whole) if parts > *whole => {
            *whole = whole.saturating_add(parts).min(MAX_TOKENS);
            true
        }
        None if parts > 0 => {
            *whole = Some(parts.min(MAX_TOKENS));
            true
        }
        _ => false,
    }
}
