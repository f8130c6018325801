//! A count as a provider may write it.

use crate::ai::note::Notes;

/// A number with a fraction: Cohere's. What is beyond it is cut, not refused.
pub(super) fn of_float(value: f64, notes: &mut Notes) -> Option<u64> {
    if value.is_nan() {
        notes.add(Notes::TEXT);
        return None;
    }
    if value < 0.0 {
        notes.add(Notes::NEGATIVE);
        return Some(0);
    }
    if value.is_finite() && value.fract() != 0.0 {
        notes.add(Notes::FRACTION);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it isn't below 0, and the cast cuts what is too large"
    )]
    let whole = value.round() as u64;
    Some(whole)
}

/// A number in a text.
pub(super) fn of_text(text: &str, notes: &mut Notes) -> Option<u64> {
    notes.add(Notes::TEXT);
    // No number of tokens is longer.
    let text = text.get(..text.len().min(64))?.trim();
    match text.parse::<u64>() {
        Ok(count) => Some(count),
        Err(_) => of_float(text.parse().ok()?, notes),
    }
}

/// A whole number of any size.
pub(super) fn of_whole(value: i128, notes: &mut Notes) -> u64 {
    if value < 0 {
        notes.add(Notes::NEGATIVE);
    }
    u64::try_from(value.max(0)).unwrap_or(u64::MAX)
}
