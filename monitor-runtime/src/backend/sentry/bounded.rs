//! Calls that may never return.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

/// Whether `f` returned `true` within the time.
///
/// Sentry's transports join their thread when they are dropped, and wait for room in their queue
/// when they are flushed; while a server doesn't answer, both may take for ever. So `f` runs on a
/// thread of its own, which is left behind if it takes too long.
pub(super) fn within(timeout: Duration, f: impl FnOnce() -> bool + Send + 'static) -> bool {
    let (sender, receiver) = sync_channel(1);
    let run = move || {
        let _ = sender.send(f());
    };
    let spawned = thread::Builder::new().name("monitor-sentry".to_owned()).spawn(run);
    spawned.is_ok() && receiver.recv_timeout(timeout).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn does_not_wait_for_ever() {
        let (_open, never) = channel::<()>();
        let hang = move || never.recv().is_ok();
        assert!(!within(Duration::from_millis(20), hang));
        assert!(within(Duration::from_secs(60), || true));
        assert!(!within(Duration::from_secs(60), || false));
        assert!(!within(Duration::from_secs(60), || panic!("in the test")));
    }
}
