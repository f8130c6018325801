use std::time::{Duration, SystemTime};

/// Fingerprints that are remembered; the one that was seen longest ago goes first.
const REMEMBERED: usize = 100;
const MINUTE: Duration = Duration::from_secs(60);

/// What each fingerprint has sent in its minute, which begins with its first event.
///
/// The clock is that of the events.
pub(in crate::policy) struct Fingerprints {
    limit: u32,
    /// The one that was seen last stands last.
    seen: Vec<Seen>,
}

struct Seen {
    fingerprint: u64,
    since: SystemTime,
    sent: u32,
    left_out: u64,
}

impl Fingerprints {
    pub(in crate::policy) const fn new(limit: u32) -> Self {
        Self { limit, seen: Vec::new() }
    }

    /// `None` if the event is over the limit, with what was left out before it counted on; else
    /// what was left out of this fingerprint since its last event.
    pub(in crate::policy) fn pass(
        &mut self,
        fingerprint: u64,
        now: SystemTime,
        left_out_before: u64,
    ) -> Option<u64> {
        let mut seen = self.take(fingerprint, now);
        if !in_same_minute(seen.since, now) {
            (seen.since, seen.sent) = (now, 0);
        }
        seen.left_out += left_out_before;
        let passes = seen.sent < self.limit;
        let left_out = if passes {
            seen.sent += 1;
            Some(std::mem::take(&mut seen.left_out))
        } else {
            seen.left_out += 1;
            None
        };
        self.seen.push(seen);
        left_out
    }

    /// Notes events that something else has left out.
    pub(in crate::policy) fn leave_out(&mut self, fingerprint: u64, now: SystemTime, events: u64) {
        let mut seen = self.take(fingerprint, now);
        seen.left_out += events;
        self.seen.push(seen);
    }

    fn take(&mut self, fingerprint: u64, now: SystemTime) -> Seen {
        // Mostly it is among the last.
        if let Some(at) = self.seen.iter().rposition(|seen| seen.fingerprint == fingerprint) {
            return self.seen.remove(at);
        }
        if self.seen.len() == REMEMBERED {
            self.seen.remove(0);
        }
        Seen { fingerprint, since: now, sent: 0, left_out: 0 }
    }
}

/// A clock that was set back begins a new minute.
pub(super) fn in_same_minute(since: SystemTime, now: SystemTime) -> bool {
    now.duration_since(since).is_ok_and(|passed| passed < MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn what_was_left_out_comes_with_the_next_event() {
        let mut table = Fingerprints::new(2);
        assert_eq!(table.pass(7, at(100), 0), Some(0));
        assert_eq!(table.pass(7, at(110), 3), Some(3));
        assert_eq!(table.pass(7, at(120), 0), None);
        assert_eq!(table.pass(8, at(130), 0), Some(0), "another one");
        assert_eq!(table.pass(7, at(159), 4), None);
        assert_eq!(table.pass(7, at(160), 0), Some(6), "a new minute");
        assert_eq!(table.pass(7, at(50), 0), Some(0), "a clock that was set back");
    }

    #[test]
    fn a_hundred_are_remembered() {
        let mut table = Fingerprints::new(1);
        for fingerprint in 0..150 {
            assert_eq!(table.pass(fingerprint, at(1), 0), Some(0));
        }
        assert_eq!(table.seen.len(), REMEMBERED);
        assert_eq!(table.pass(149, at(2), 0), None);
        assert_eq!(table.pass(0, at(2), 0), Some(0), "forgotten");
    }
}
