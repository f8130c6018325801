use std::collections::BTreeMap;
use std::fmt;

/// The outcome that stands for having arrived.
pub(crate) const DELIVERED: &str = "delivered";

/// What became of what a backend received, since it was made.
///
/// Counts are by category and outcome, in Sentry's words. Categories are `error` (every event),
/// `transaction`, `span` (a transaction's root included) and those of other items. Outcomes are the
/// [discard reasons] of Sentry, and:
///
/// - `rate_limited`: the server refused it with status 429;
/// - `shutdown`: the end came before its turn;
/// - `spooled`: it waits on disk for a later start;
/// - `corrupted`: a file of the spool couldn't be read.
///
/// [discard reasons]: https://develop.sentry.dev/sdk/telemetry/client-reports/
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    counts: BTreeMap<(&'static str, &'static str), u64>,
    last_failure: Option<String>,
}

impl Delivery {
    /// How many of a category the receiver has taken.
    pub fn delivered(&self, category: &str) -> u64 {
        self.count(category, DELIVERED)
    }

    /// How many of a category were dropped, for whatever reason.
    pub fn dropped(&self, category: &str) -> u64 {
        self.losses().filter(|(c, ..)| *c == category).map(|(.., count)| count).sum()
    }

    /// How many of a category had this outcome.
    pub fn count(&self, category: &str, outcome: &str) -> u64 {
        let is_asked = |(c, o): &(&str, &str)| *c == category && *o == outcome;
        self.counts.iter().filter(|(key, _)| is_asked(key)).map(|(_, count)| *count).sum()
    }

    /// What was dropped: category, reason and quantity.
    pub fn losses(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
        self.outcomes().filter(|(_, outcome, _)| !matches!(*outcome, DELIVERED | "spooled"))
    }

    /// Why an attempt to deliver failed the last time, in words for people.
    pub fn last_failure(&self) -> Option<&str> {
        self.last_failure.as_deref()
    }

    /// All there is: category, outcome and quantity.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
        self.counts.iter().map(|((category, outcome), n)| (*category, *outcome, *n))
    }

    #[cfg(feature = "sentry")]
    pub(crate) fn set_last_failure(&mut self, why: &str) {
        self.last_failure = Some(why.to_owned());
    }

    #[cfg(feature = "sentry")]
    pub(crate) fn add(&mut self, category: &'static str, outcome: &'static str, quantity: u64) {
        if quantity > 0 {
            *self.counts.entry((category, outcome)).or_default() += quantity;
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.last_failure = other.last_failure.or(self.last_failure.take());
    }
}

/// A line: `error: 3 delivered, 1 queue_overflow; span: 12 delivered`.
impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        for ((category, outcome), count) in &self.counts {
            if *category == before {
                write!(f, ", {count} {outcome}")?;
            } else {
                let separator = if before.is_empty() { "" } else { "; " };
                write!(f, "{separator}{category}: {count} {outcome}")?;
            }
            before = category;
        }
        if before.is_empty() { f.write_str("nothing yet") } else { Ok(()) }
    }
}

#[cfg(all(test, feature = "sentry"))]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_read_well() {
        let mut delivery = Delivery::default();
        assert_eq!(delivery.to_string(), "nothing yet");
        delivery.add("error", DELIVERED, 2);
        delivery.add("error", "queue_overflow", 3);
        delivery.add("error", "spooled", 1);
        delivery.add("span", "queue_overflow", 0);
        delivery.merge(delivery.clone());
        delivery.add("span", DELIVERED, 7);
        assert_eq!((delivery.delivered("error"), delivery.dropped("error")), (4, 6));
        assert_eq!(delivery.losses().collect::<Vec<_>>(), [("error", "queue_overflow", 6)]);
        let line = "error: 4 delivered, 6 queue_overflow, 2 spooled; span: 7 delivered";
        assert_eq!(delivery.to_string(), line);
    }
}
