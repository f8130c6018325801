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

/// Something that a developer may want to change.
pub(crate) fn hint(message: &str) {
    #[cfg(feature = "log")]
    log::debug!(target: "monitor", "{message}");
    to_stderr(message);
}

/// In debug mode: something that is explained once, however often it happens.
#[cfg(feature = "sentry")]
pub(crate) fn explain(key: &'static str, message: impl FnOnce() -> String) {
    use std::sync::{Mutex, PoisonError};
    static SAID: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    if !DEBUG.load(Ordering::Relaxed) {
        return;
    }
    let is_new = {
        let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !said.contains(&key);
        if is_new {
            said.push(key);
        }
        is_new
    };
    if is_new {
        info(&message());
    }
}

fn to_stderr(message: &str) {
    if DEBUG.load(Ordering::Relaxed) {
        use std::io::Write;
        // A closed stderr is nobody's problem.
        let _ = writeln!(std::io::stderr(), "[monitor] {message}");
    }
}
