//! A future with something done before and after each of its polls.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What is done around the polls of a future.
pub trait Around<T> {
    /// Calls `poll` once.
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T>;

    /// Calls `drop_inner` once: the future goes away, finished or not.
    fn around_drop(&mut self, drop_inner: impl FnOnce());
}

/// A future with something done before and after each of its polls.
#[must_use = "futures do nothing unless they are polled"]
pub struct Wrapped<F: Future, A: Around<F::Output>> {
    around: A,
    /// Pinned where the whole is; `None` once it is dropped.
    inner: Option<F>,
}

impl<F: Future, A: Around<F::Output>> Wrapped<F, A> {
    pub(super) const fn new(inner: F, around: A) -> Self {
        Self { around, inner: Some(inner) }
    }

    #[expect(unsafe_code, reason = "the pinned future lies in the wrapper, without a box")]
    fn project(self: Pin<&mut Self>) -> (&mut A, Pin<&mut Option<F>>) {
        // SAFETY: `inner` is pinned where `self` is. It is only ever reached through this pin:
        // it is never moved out, `drop` sets it to `None` in place, and the type has no `Unpin`
        // beside the automatic one, which asks for `F: Unpin`. `around` is never pinned.
        unsafe {
            let this = self.get_unchecked_mut();
            (&mut this.around, Pin::new_unchecked(&mut this.inner))
        }
    }
}

impl<F: Future, A: Around<F::Output>> Future for Wrapped<F, A> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (around, inner) = self.project();
        let Some(inner) = inner.as_pin_mut() else { unreachable!("dropped with the wrapper") };
        around.around_poll(|| inner.poll(cx))
    }
}

impl<F: Future, A: Around<F::Output>> Drop for Wrapped<F, A> {
    #[expect(unsafe_code, reason = "as in `project`")]
    fn drop(&mut self) {
        // SAFETY: a value that is being dropped is not moved any more.
        let this = unsafe { Pin::new_unchecked(self) };
        let (around, mut inner) = this.project();
        around.around_drop(|| inner.set(None));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::rc::Rc;
    use std::task::Waker;

    use super::*;

    type Log = Rc<RefCell<Vec<&'static str>>>;

    struct Logged(Log);

    impl<T> Around<T> for Logged {
        fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
            self.0.borrow_mut().push("poll");
            poll()
        }

        fn around_drop(&mut self, drop_inner: impl FnOnce()) {
            self.0.borrow_mut().push("drop");
            drop_inner();
            self.0.borrow_mut().push("dropped");
        }
    }

    struct OnDrop(Log);

    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.borrow_mut().push("inner");
        }
    }

    /// Ready at the second poll; borrows from itself in between.
    async fn borrows_from_itself(log: Log) -> usize {
        let on_drop = OnDrop(log);
        let numbers = [1, 2, 3];
        let borrowed = &numbers;
        let mut polled = false;
        poll_fn(
            |_| if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending },
        )
        .await;
        drop(on_drop);
        borrowed.iter().sum()
    }

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_future_that_ends_is_dropped_with_the_wrapper() {
        let log = Log::default();
        {
            let wrapped =
                Wrapped::new(borrows_from_itself(Rc::clone(&log)), Logged(Rc::clone(&log)));
            // Moved before the first poll, which is allowed.
            let mut moved = pin!(wrapped);
            assert_eq!(poll(moved.as_mut()), Poll::Pending);
            assert_eq!(poll(moved.as_mut()), Poll::Ready(6));
        }
        assert_eq!(*log.borrow(), ["poll", "poll", "inner", "drop", "dropped"]);
    }

    #[test]
    fn a_future_dropped_half_way_is_dropped_inside() {
        let log = Log::default();
        let mut boxed =
            Box::pin(Wrapped::new(borrows_from_itself(Rc::clone(&log)), Logged(Rc::clone(&log))));
        assert_eq!(poll(boxed.as_mut()), Poll::Pending);
        drop(boxed);
        assert_eq!(*log.borrow(), ["poll", "drop", "inner", "dropped"]);
    }
}
