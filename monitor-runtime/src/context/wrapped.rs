//! A future with something done before and after each of its polls.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What is done around the polls of a future.
pub trait Around<T> {
    /// What the whole gives: mostly what the future gives.
    type Out;

    /// What is kept while the future goes away.
    type Dropping<'a>
    where
        Self: 'a;

    /// Calls `poll` once.
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<Self::Out>;

    /// The future goes away, finished or not, before what this returns.
    fn enter_to_drop(&mut self) -> Self::Dropping<'_>;
}

/// A future with something done before and after each of its polls.
#[must_use = "futures do nothing unless they are polled"]
pub struct Wrapped<F: Future, A: Around<F::Output>> {
    around: A,
    /// Pinned where the whole is. Dropped by our own `drop`, while `around` says so.
    inner: ManuallyDrop<F>,
}

impl<F: Future, A: Around<F::Output>> Wrapped<F, A> {
    #[inline]
    pub(super) const fn new(inner: F, around: A) -> Self {
        Self { around, inner: ManuallyDrop::new(inner) }
    }
}

impl<F: Future, A: Around<F::Output>> Future for Wrapped<F, A> {
    type Output = A::Out;

    #[inline]
    #[expect(unsafe_code, reason = "the pinned future lies in the wrapper, without a box")]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: `inner` is pinned where `self` is. It is only ever reached through this pin and by
        // `drop`: it is never moved out, and the type has no `Unpin` beside the automatic one, which
        // asks for `F: Unpin`. `around` is never pinned.
        let (around, inner) = unsafe {
            let this = self.get_unchecked_mut();
            (&mut this.around, Pin::new_unchecked(&mut *this.inner))
        };
        around.around_poll(|| inner.poll(cx))
    }
}

impl<F: Future, A: Around<F::Output>> Drop for Wrapped<F, A> {
    #[inline]
    #[expect(unsafe_code, reason = "the inner future is dropped before what is around it")]
    fn drop(&mut self) {
        let _dropping = self.around.enter_to_drop();
        // SAFETY: nothing uses `inner` after this, and `drop` runs once. It is dropped in place,
        // which is what its pin asks for.
        unsafe { ManuallyDrop::drop(&mut self.inner) };
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
        type Out = T;
        type Dropping<'a> = Dropping<'a>;

        fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
            self.0.borrow_mut().push("poll");
            poll()
        }

        fn enter_to_drop(&mut self) -> Dropping<'_> {
            self.0.borrow_mut().push("drop");
            Dropping(self)
        }
    }

    struct Dropping<'a>(&'a Logged);

    impl Drop for Dropping<'_> {
        fn drop(&mut self) {
            self.0.0.borrow_mut().push("dropped");
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
