//! A check that blocks, as a future: it runs on a thread of its own.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::context::Context as Carried;

type Outcome = Result<Option<String>, Option<String>>;
type Check = dyn Fn() -> Outcome + Send + Sync;

/// What a check that blocks is started from.
pub(super) struct OnThread {
    check: Arc<Check>,
    /// Whether a thread is in it: one that hangs must not become one more each run.
    busy: Arc<AtomicBool>,
}

/// A run of it.
pub(super) struct RunOnThread(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    outcome: Option<Result<Outcome, Box<dyn Any + Send>>>,
    waker: Option<Waker>,
}

impl OnThread {
    pub(super) fn new(check: impl Fn() -> Outcome + Send + Sync + 'static) -> Self {
        Self { check: Arc::new(check), busy: Arc::default() }
    }

    pub(super) fn start(&self) -> RunOnThread {
        let run = RunOnThread(Arc::default());
        if self.busy.swap(true, Ordering::AcqRel) {
            run.finish(Ok(Err(Some("still hanging from the run before".to_owned()))));
            return run;
        }
        let (check, context) = (Arc::clone(&self.check), Carried::current());
        let (there, busy) = (RunOnThread(Arc::clone(&run.0)), Arc::clone(&self.busy));
        let thread = std::thread::Builder::new().name("monitor-health".into()).spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| context.run(|| check())));
            // First: whoever sees the outcome may run the check again.
            busy.store(false, Ordering::Release);
            there.finish(outcome);
        });
        if let Err(error) = thread {
            self.busy.store(false, Ordering::Release);
            run.finish(Ok(Err(Some(format!("no thread to run it on: {error}")))));
        }
        run
    }
}

impl RunOnThread {
    fn finish(&self, outcome: Result<Outcome, Box<dyn Any + Send>>) {
        let waker = {
            let mut state = self.state();
            state.outcome = Some(outcome);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for RunOnThread {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = {
            let mut state = self.state();
            if state.outcome.is_none() {
                state.waker = Some(cx.waker().clone());
            }
            state.outcome.take()
        };
        match outcome {
            None => Poll::Pending,
            Some(Ok(outcome)) => Poll::Ready(outcome),
            // It is caught where those of futures are.
            Some(Err(payload)) => resume_unwind(payload),
        }
    }
}
