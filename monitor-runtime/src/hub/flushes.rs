use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The flushes that were asked of a hub and aren't answered yet, by their numbers.
#[derive(Default)]
pub(super) struct Flushes(Mutex<Option<Asked>>);

#[derive(Clone, Copy)]
struct Asked {
    first: u64,
    last: u64,
}

impl Flushes {
    /// Notes that this flush is one of the hub's.
    pub(super) fn note(&self, number: u64) {
        self.lock(|asked| {
            let first = asked.map_or(number, |asked| asked.first);
            *asked = Some(Asked { first, last: number });
        });
    }

    /// Whether one of them is among those that are answered now. One that was asked for meanwhile is
    /// answered by the next tick: what is kept for later isn't to go out twice.
    pub(super) fn are_among(&self, answered: &Range<u64>) -> bool {
        self.lock(|asked| {
            let Some(Asked { first, last }) = *asked else { return false };
            let is_among = first < answered.end;
            if is_among {
                let first = answered.end;
                *asked = (last >= first).then_some(Asked { first, last });
            }
            is_among
        })
    }

    fn lock<T>(&self, f: impl FnOnce(&mut Option<Asked>) -> T) -> T {
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
