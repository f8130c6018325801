//! What this crate says of itself: to the `log` facade, and in debug mode to stderr.

use std::sync::atomic::{AtomicBool, Ordering};

static DEBUG: AtomicBool = AtomicBool::new(false);

/// Switches the messages on stderr on or off.
pub(crate) fn set_debug(debug: bool) {
    DEBUG.store(debug, Ordering::Relaxed);
}

/// Something that the operator should know.
pub(crate) fn warn(message: &str) {
    #[cfg(feature = "log")]
    log::warn!(target: "monitor", "{message}");
    to_stderr(message);
}

/// Something that is as expected.
pub(crate) fn info(message: &str) {
    #[cfg(feature = "log")]
    log::info!(target: "monitor", "{message}");
    to_stderr(message);
}

fn to_stderr(message: &str) {
    if DEBUG.load(Ordering::Relaxed) {
        use std::io::Write;
        // A closed stderr is nobody's problem.
        let _ = writeln!(std::io::stderr(), "[monitor] {message}");
    }
}
