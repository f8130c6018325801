//! What tests of instrumentation need beside [`MockBackend`](crate::MockBackend).

use std::time::Duration;

use crate::collect;
use crate::hub::Hub;

/// How long the collector is waited for; it answers within milliseconds.
const COLLECT: Duration = Duration::from_secs(10);

/// Moves the clock forward, for tests of slow calls, limits and intervals that must not sleep: that of
/// the calling thread, and that of the mock which is current there, or else of the process's monitoring.
///
/// Durations measured on this thread change, and the times of its events: limits a minute and windows
/// of minutes go by those. What is done regularly, such as sending metrics every 60 s, goes by the
/// mock's clock; it is done by the time that the mock is read or flushed. What was recorded for a
/// mock before belongs to the time before. Tests with other mocks notice nothing.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{MockBackend, slow_threshold, testing, traced};
///
/// #[traced]
/// #[slow_threshold(ms = 1000)]
/// fn import() {
///     testing::advance(Duration::from_secs(5));
/// }
///
/// let mock = MockBackend::install();
/// import();
/// assert!(mock.span("import").slow);
/// ```
pub fn advance(by: Duration) {
    let (hub, is_mock) =
        crate::context::local::with(|local| (Hub::current(local), local.hub.get() != 0));
    // The process's backends may block, and a test of that must not wait for them here.
    if hub.is_some() && is_mock {
        collect::flush(None, COLLECT);
    }
    crate::clock::advance(by);
    if let Some(hub) = hub {
        hub.clock().advance(by);
    }
}
