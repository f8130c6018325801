//! What is done for a hub regularly.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::Hub;

/// Work that is done for a hub again and again, on the collector's thread.
///
/// Whoever does it keeps the time of the last time: a tick comes every 100 ms or so and at each
/// flush, and one may come after hours (a clock that a test moved, a machine that slept). No lock is
/// held while it runs. One that panics loses this tick. What was added last is done first.
pub(crate) trait Periodic: Send + 'static {
    /// Does what is due.
    fn tick(&mut self, tick: &Tick);
}

/// One look at what is due for a hub.
pub(crate) struct Tick {
    pub(crate) hub: &'static Hub,
    /// The hub's time, since the first hub was opened.
    pub(crate) now: Duration,
    /// Somebody waits for all that there is: what is kept for later goes out now.
    pub(crate) flush: bool,
    /// This is the last tick: the hub takes no more records.
    pub(crate) closing: bool,
}

#[derive(Default)]
pub(super) struct List(Mutex<Vec<Box<dyn Periodic>>>);

impl List {
    pub(super) fn add(&self, work: Box<dyn Periodic>) {
        self.lock(|list| list.push(work));
    }

    pub(super) fn tick(&self, tick: &Tick) {
        // Only the collector's thread takes them out.
        let mut list = self.lock(std::mem::take);
        // What was measured just now is to be in the reports, and those were added first.
        for work in list.iter_mut().rev() {
            let outcome = catch_unwind(AssertUnwindSafe(|| work.tick(tick)));
            if outcome.is_err() {
                crate::diagnostics::warn("something that is done regularly panicked");
            }
        }
        if tick.closing {
            list.clear();
        }
        self.lock(|added| {
            list.append(added);
            *added = list;
        });
    }

    fn lock<T>(&self, f: impl FnOnce(&mut Vec<Box<dyn Periodic>>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(all(test, feature = "mock"))]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::{MockBackend, MockGuard, testing};

    /// Notes the ticks a minute after each other, flushes, and the end.
    #[derive(Clone, Default)]
    struct Noted(Arc<Mutex<Vec<&'static str>>>);

    struct EachMinute(Noted, Duration);

    impl Periodic for EachMinute {
        fn tick(&mut self, tick: &Tick) {
            let note = |what| self.0.0.lock().unwrap().push(what);
            if tick.now >= self.1 {
                self.1 = tick.now + Duration::from_secs(60);
                note("minute");
            }
            if tick.flush {
                note("flush");
            }
            if tick.closing {
                note("closing");
            }
        }
    }

    fn with_mock() -> (MockGuard, &'static Hub, Noted) {
        let mock = MockBackend::install_with(Config::new());
        let hub = crate::context::local::with(Hub::current).unwrap();
        let noted = Noted::default();
        let due = hub.clock().now() + Duration::from_secs(60);
        hub.add_periodic(EachMinute(noted.clone(), due));
        (mock, hub, noted)
    }

    #[test]
    fn each_hub_goes_by_its_own_clock() {
        let (mock, _, noted) = with_mock();
        let (other, ..) = with_mock();
        testing::advance(Duration::from_secs(59));
        crate::collect::flush(None, Duration::from_secs(10));
        assert!(noted.0.lock().unwrap().is_empty());
        testing::advance(Duration::from_secs(2));
        crate::collect::flush(None, Duration::from_secs(10));
        assert!(noted.0.lock().unwrap().is_empty(), "the other mock's clock was moved");
        drop(other);
        testing::advance(Duration::from_secs(59));
        crate::collect::flush(None, Duration::from_secs(10));
        assert!(noted.0.lock().unwrap().is_empty());
        testing::advance(Duration::from_secs(2));
        crate::collect::flush(None, Duration::from_secs(10));
        assert_eq!(*noted.0.lock().unwrap(), ["minute"]);
        drop(mock);
    }

    #[test]
    fn reading_a_mock_is_a_flush_of_its_hub_alone() {
        let (mock, _, noted) = with_mock();
        let (other, _, of_other) = with_mock();
        mock.events();
        assert_eq!(*noted.0.lock().unwrap(), ["flush"]);
        assert!(of_other.0.lock().unwrap().is_empty());
        drop(other);
    }

    #[test]
    fn closing_is_the_last_tick() {
        let (_mock, hub, noted) = with_mock();
        hub.close(Duration::from_secs(10));
        crate::collect::flush(Some(hub), Duration::from_secs(10));
        assert_eq!(*noted.0.lock().unwrap(), ["flush", "closing"]);
    }
}
