use std::time::SystemTime;

use super::fingerprints::in_same_minute;

/// How much of one kind is sent a minute.
pub(in crate::policy) struct Budget {
    max: u32,
    since: SystemTime,
    sent: u32,
}

impl Budget {
    pub(in crate::policy) const fn new(max: u32) -> Self {
        Self { max, since: SystemTime::UNIX_EPOCH, sent: 0 }
    }

    /// Whether one more may be sent; then it counts.
    pub(in crate::policy) fn allows(&mut self, now: SystemTime) -> bool {
        let has_room = self.has_room(now);
        self.sent = self.sent.saturating_add(u32::from(has_room));
        has_room
    }

    /// The same where the time must be worked out first, which is in vain where there is no limit.
    pub(in crate::policy) fn allows_at(&mut self, now: impl FnOnce() -> SystemTime) -> bool {
        self.max == u32::MAX || self.allows(now())
    }

    /// Whether one more may be sent.
    pub(in crate::policy) fn has_room(&mut self, now: SystemTime) -> bool {
        if !in_same_minute(self.since, now) {
            self.since = now;
            self.sent = 0;
        }
        self.sent < self.max
    }
}
