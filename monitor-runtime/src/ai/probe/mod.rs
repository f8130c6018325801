//! Finds a response's usage in what its type would serialize, without serializing it: only what
//! [`place`] names is looked at, and nothing is copied but names and numbers.

mod key;
mod number;
mod place;
mod walker;

#[cfg(all(test, feature = "sentry"))]
mod fixtures;
#[cfg(all(test, feature = "sentry"))]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use self::place::Place;
use self::walker::Walker;
use super::response::{AiResponse, Source};

/// Reads what is known of a response of any provider from it, into a place with nothing in it.
///
/// Whatever its `Serialize` does: what it says until it fails or panics counts.
pub(crate) fn probe<T: Serialize + ?Sized>(response: &T, found: &mut AiResponse) {
    found.begin::<T>(Source::Probe);
    let mut left = walker::MAX_KEYS;
    let walk = || {
        let _ = response.serialize(Walker::new(Place::Response, found, &mut left));
    };
    let _ = catch_unwind(AssertUnwindSafe(walk));
}

/// What is found in a response.
#[cfg(test)]
pub(super) fn probed<T: Serialize + ?Sized>(response: &T) -> AiResponse {
    let mut found = AiResponse::default();
    probe(response, &mut found);
    found
}
