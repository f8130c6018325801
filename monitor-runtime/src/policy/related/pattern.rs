use std::collections::HashSet;
use std::time::Duration;

use super::remembered::Remembered;

/// An error that comes again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pattern {
    /// The last of these errors, in one line: type and text.
    pub title: String,
    /// How many there were, those over a limit included.
    pub events: u64,
    /// How many users met one, as far as users are known.
    pub users: usize,
    /// The time from the first to the last; at most 300 s.
    pub over: Duration,
}

impl Pattern {
    pub(super) fn of(last: &Remembered, others: &[&Remembered], events: u64) -> Self {
        let mut users: HashSet<u64> = HashSet::from([last.user()]);
        let mut first = last.time;
        for other in others {
            users.insert(other.user());
            first = first.min(other.time);
        }
        users.remove(&0);
        Self {
            title: last.told.title.clone(),
            events,
            users: users.len(),
            over: Duration::from_nanos(last.time.saturating_sub(first)),
        }
    }
}
