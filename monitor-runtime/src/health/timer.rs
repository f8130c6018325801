//! Wakes a task at some moments, whatever executor it is on.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;
use std::time::Instant;

/// A thread that wakes the task at each of the moments, until they are over or this is dropped.
pub(super) struct Timer {
    waker: Arc<Mutex<Option<Waker>>>,
    /// The thread sees that it is gone.
    _alive: Sender<()>,
}

impl Timer {
    pub(super) fn start(mut moments: Vec<Instant>, waker: &Waker) -> Self {
        moments.sort();
        moments.dedup();
        let (alive, ended) = channel();
        let waker = Arc::new(Mutex::new(Some(waker.clone())));
        let theirs = Arc::clone(&waker);
        let thread =
            std::thread::Builder::new().name("monitor-health-timer".into()).spawn(move || {
                for moment in moments {
                    let left = moment.saturating_duration_since(Instant::now());
                    if ended.recv_timeout(left) != Err(RecvTimeoutError::Timeout) {
                        return;
                    }
                    let waker = theirs.lock().unwrap_or_else(PoisonError::into_inner).take();
                    if let Some(waker) = waker {
                        waker.wake();
                    }
                }
            });
        if let Err(error) = thread {
            let what = "no thread for the timeouts of health checks";
            crate::diagnostics::warn(&format!("{what}: {error}"));
        }
        Self { waker, _alive: alive }
    }

    /// Whom to wake next.
    pub(super) fn set_waker(&self, waker: &Waker) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }
}
