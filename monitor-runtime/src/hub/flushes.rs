use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The flushes that were asked of a hub and aren't answered yet, by their numbers: one for each thread
/// that waits.
#[derive(Default)]
pub(super) struct Flushes(Mutex<Vec<u64>>);

impl Flushes {
    /// Notes that this flush is one of the hub's.
    pub(super) fn note(&self, number: u64) {
        self.lock(|asked| asked.push(number));
    }

    /// Whether one of them is among those that are answered now. One that was asked for meanwhile is
    /// answered by the next tick: what is kept for later isn't to go out twice.
    pub(super) fn are_among(&self, answered: &Range<u64>) -> bool {
        self.lock(|asked| {
            let before = asked.len();
            asked.retain(|number| *number >= answered.end);
            asked.len() < before
        })
    }

    fn lock<T>(&self, f: impl FnOnce(&mut Vec<u64>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flush_is_answered_once() {
        let flushes = Flushes::default();
        assert!(!flushes.are_among(&(1..3)));
        flushes.note(3);
        assert!(!flushes.are_among(&(1..3)), "that is another hub's");
        flushes.note(5);
        assert!(flushes.are_among(&(3..4)));
        assert!(!flushes.are_among(&(4..5)));
        assert!(flushes.are_among(&(5..7)));
        assert!(!flushes.are_among(&(7..9)));
    }
}
