//! What tests of instrumentation need beside [`MockBackend`](crate::MockBackend).

use std::time::Duration;

/// Moves the calling thread's clock forward, for tests of slow calls that must not sleep.
///
/// Only durations measured on this thread change.
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
