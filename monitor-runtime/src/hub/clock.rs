use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::clock;

/// The time of one hub, for what the collector's thread does for it: the process's own time, and for
/// a test's mock what the test moved it by.
///
/// It begins where the clock of the thread stands that opens the hub, so that the two agree.
pub(crate) struct HubClock {
    /// Nanoseconds.
    moved_by: AtomicU64,
}

impl HubClock {
    /// The clock of a hub that the calling thread opens.
    pub(super) fn here() -> Self {
        Self { moved_by: AtomicU64::new(nanos(clock::moved_by())) }
    }

    /// The time since the process's first hub was opened. It never goes back.
    pub(crate) fn now(&self) -> Duration {
        clock::since_start() + self.moved_by()
    }

    /// The wall time of now.
    pub(crate) fn wall_time(&self) -> SystemTime {
        SystemTime::now() + self.moved_by()
    }

    /// Now in ticks, as the hub's threads record them.
    pub(crate) fn ticks(&self) -> u64 {
        let moved_by = clock::from_nanos(self.moved_by.load(Ordering::Relaxed));
        clock::now_unmoved().saturating_add(moved_by)
    }

    /// Moves the clock forward, for tests.
    #[cfg(feature = "mock")]
    pub(crate) fn advance(&self, by: Duration) {
        self.moved_by.fetch_add(nanos(by), Ordering::Relaxed);
    }

    fn moved_by(&self) -> Duration {
        Duration::from_nanos(self.moved_by.load(Ordering::Relaxed))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
