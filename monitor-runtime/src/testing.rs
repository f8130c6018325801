//! What tests of instrumentation need beside [`MockBackend`](crate::MockBackend).

use std::time::Duration;

/// Moves the calling thread's clock forward, for tests of slow calls and of limits that must not sleep.
///
/// Durations measured on this thread change, and the times of its events: limits a minute and windows
/// of minutes go by those.
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
    crate::clock::advance(by);
}
