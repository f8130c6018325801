//! Errors that have something to do with each other.

mod pattern;
mod remembered;

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use self::remembered::Remembered;
use super::identity;
use crate::record::{Attributes, Event, EventKind, Value};

pub use pattern::Pattern;

/// Errors that are remembered.
const REMEMBERED: usize = 100;
/// How long ago an error may be to be related.
const WINDOW: Duration = Duration::from_secs(300);
/// Errors that an event names; it counts all.
const NAMED: usize = 5;
/// What a relation must weigh: the same command alone is none.
const LEAST_SCORE: u32 = 2;

/// The last errors of a hub, and how often a pattern must come to be told.
pub(super) struct Related {
    last: VecDeque<Remembered>,
    /// Errors of one fingerprint that make a pattern; 0: none do.
    pattern_of: u64,
}

impl Related {
    pub(super) const fn new(pattern_of: u64) -> Self {
        Self { last: VecDeque::new(), pattern_of }
    }

    /// Puts the context `related_events` on an error that has something to do with earlier ones,
    /// and remembers it. Returns the pattern that it completes, if it does.
    ///
    /// The event has passed the scrubber: what is remembered of it may be sent.
    pub(super) fn relate(&mut self, event: &mut Event) -> Option<Pattern> {
        if !matches!(event.kind, EventKind::Error | EventKind::Panic) {
            return None;
        }
        let now = event.timestamp;
        self.forget(now);
        let new = Remembered::of(event, identity::of(event));
        if let Some(context) = self.context(&new, now) {
            event.contexts.push(("related_events".into(), context));
        }
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        let pattern = self.pattern(&new);
        self.last.push_back(new);
        pattern
    }

    /// Events come almost in the order of their times.
    fn forget(&mut self, now: SystemTime) {
        let is_old = |old: &Remembered| now.duration_since(old.time).is_ok_and(|ago| ago > WINDOW);
        while self.last.front().is_some_and(is_old) {
            self.last.pop_front();
        }
    }

    fn context(&self, new: &Remembered, now: SystemTime) -> Option<Attributes> {
        let mut scores = [(0, 0_usize); REMEMBERED];
        let mut count = 0;
        for (at, old) in self.last.iter().enumerate() {
            let score = new.shared_with(old).score();
            if score >= LEAST_SCORE {
                scores[count] = (score, at);
                count += 1;
            }
        }
        let scores = &mut scores[..count];
        // The strongest first, and among those the last.
        if count > NAMED {
            scores.select_nth_unstable_by(NAMED, |a, b| b.cmp(a));
        }
        let scores = &mut scores[..count.min(NAMED)];
        scores.sort_unstable_by(|a, b| b.cmp(a));
        let (best, _) = *scores.first()?;
        let named = scores.iter().filter_map(|(_, at)| self.last.get(*at));
        let events = named.map(|old| Value::Map(old.described(new.shared_with(old), now)));
        Some(vec![
            ("count".into(), count.into()),
            ("score".into(), best.into()),
            ("events".into(), Value::List(events.collect())),
        ])
    }

    /// Told once for each time that so many have come.
    fn pattern(&self, new: &Remembered) -> Option<Pattern> {
        if self.pattern_of == 0 {
            return None;
        }
        let same: Vec<_> = self.last.iter().filter(|old| old.identity == new.identity).collect();
        let before: u64 = same.iter().map(|old| old.weight).sum();
        let total = before + new.weight;
        if before / self.pattern_of == total / self.pattern_of {
            return None;
        }
        Some(Pattern::of(new, &same, total))
    }
}
