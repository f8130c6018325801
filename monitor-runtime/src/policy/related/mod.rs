//! Errors that have something to do with each other.

mod marks;
mod pattern;
mod remembered;

use std::collections::VecDeque;

use self::marks::{Columns, Marks, ROOM};
use self::remembered::Remembered;
use super::identity;
use crate::record::{Event, EventKind, RelatedErrors};

pub use pattern::Pattern;

/// Errors that are remembered.
const REMEMBERED: usize = 100;
/// How long ago an error may be to be related, in nanoseconds.
const WINDOW: u64 = 300 * 1_000_000_000;
/// Errors that an event names; it counts all.
const NAMED: usize = 5;
/// What a relation must weigh: the same command alone is none.
const LEAST_SCORE: u32 = 2;

/// The last errors of a hub, and how often a pattern must come to be told.
pub(super) struct Related {
    last: VecDeque<Remembered>,
    columns: Columns,
    /// Errors that were ever remembered: the next one's place.
    seen: usize,
    /// Errors of one fingerprint that make a pattern; 0: none do.
    pattern_of: u64,
}

impl Related {
    pub(super) const fn new(pattern_of: u64) -> Self {
        Self { last: VecDeque::new(), columns: Columns::new(), seen: 0, pattern_of }
    }

    /// Puts the context `related_events` on an error that has something to do with earlier ones,
    /// and remembers it. Returns the pattern that it completes, if it does.
    ///
    /// The event has passed the scrubber: what is remembered of it may be sent.
    pub(super) fn relate(&mut self, event: &mut Event) -> Option<Pattern> {
        if !matches!(event.kind, EventKind::Error | EventKind::Panic) {
            return None;
        }
        let now = remembered::nanos(event.timestamp);
        // Events come almost in the order of their times.
        let is_old = |old: &Remembered| now.saturating_sub(old.time) > WINDOW;
        while self.last.front().is_some_and(is_old) {
            self.forget();
        }
        let marks = Marks::of(event, identity::of(event));
        if let Some(errors) = self.related_to(&marks, now) {
            event.contexts.relate(errors);
        }
        let spare = if self.last.len() == REMEMBERED { self.forget() } else { None };
        let new = Remembered::of(event, marks, spare);
        let pattern = self.pattern(&new);
        self.columns.set(self.seen % ROOM, &new.marks);
        self.seen = self.seen.wrapping_add(1);
        self.last.push_back(new);
        pattern
    }

    /// Forgets the oldest.
    fn forget(&mut self) -> Option<Remembered> {
        let oldest = self.last.pop_front()?;
        let place = self.seen.wrapping_sub(self.last.len() + 1) % ROOM;
        self.columns.set(place, &Marks::default());
        Some(oldest)
    }

    fn related_to(&self, marks: &Marks, now: u64) -> Option<RelatedErrors> {
        let scores = self.columns.scores(marks);
        let count: u32 = scores.iter().map(|score| u32::from(*score >= LEAST_SCORE)).sum();
        if count == 0 {
            return None;
        }
        let mut errors = Vec::with_capacity(NAMED);
        for (score, at) in self.strongest(&scores) {
            if let Some(old) = self.last.get(at).filter(|_| score > 0) {
                let shared = marks.shared_with(&old.marks);
                // By the whole of the hashes.
                if Marks::score(shared) >= LEAST_SCORE {
                    errors.push(old.described(shared, now));
                }
            }
        }
        (!errors.is_empty()).then_some(RelatedErrors { count: count.into(), errors })
    }

    /// The scores and places in `last` of those that share most, the strongest first and among equals the
    /// last.
    fn strongest(&self, scores: &[u32; ROOM]) -> [(u32, usize); NAMED] {
        // Four at once, other than `max`.
        let highest =
            scores.iter().fold(0, |high, score| if *score > high { *score } else { high });
        let mut strongest = [(LEAST_SCORE - 1, 0); NAMED];
        for (at, place) in (0..self.last.len()).rev().zip(1..) {
            let score = scores[self.seen.wrapping_sub(place) % ROOM];
            // Behind those that share as much.
            let rank = strongest.iter().rposition(|(other, _)| *other >= score);
            let rank = rank.map_or(0, |rank| rank + 1);
            if rank < NAMED {
                strongest.copy_within(rank..NAMED - 1, rank + 1);
                strongest[rank] = (score, at);
            }
            if strongest[NAMED - 1].0 == highest {
                break;
            }
        }
        strongest.map(|(score, at)| if score >= LEAST_SCORE { (score, at) } else { (0, 0) })
    }

    /// Told once for each time that so many have come.
    fn pattern(&self, new: &Remembered) -> Option<Pattern> {
        if self.pattern_of == 0 {
            return None;
        }
        let same: Vec<_> = self.last.iter().filter(|old| old.is_like(new)).collect();
        let before: u64 = same.iter().map(|old| old.weight).sum();
        let total = before + new.weight;
        if before / self.pattern_of == total / self.pattern_of {
            return None;
        }
        Some(Pattern::of(new, &same, total))
    }
}
