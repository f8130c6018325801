//! An async function whose panics end in it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::Poll;

use super::super::exit::Exit;
use super::super::span_guard::drop_payload;
use super::super::wrapped::{Around, Wrapped};
use super::{Dropping, ObservedState};
use crate::callsite::Callsite;

/// A future inside a span, whose panics end there.
pub type Caught<F, O, C> = Wrapped<F, CaughtState<O, C>>;

/// Puts a future inside a span. A panic ends it with what `fallback` gives.
pub fn caught_future<F, O, C>(
    site: &'static Callsite,
    future: F,
    observe: O,
    fallback: C,
) -> Caught<F, O, C>
where
    F: Future,
    O: FnOnce(&F::Output, &mut Exit<'_>),
    C: FnOnce() -> F::Output,
{
    let observed = ObservedState::new(site, observe);
    Wrapped::new(future, CaughtState { observed, fallback: Some(fallback) })
}

/// The span of a future whose panics end in it.
pub struct CaughtState<O, C> {
    observed: ObservedState<O>,
    fallback: Option<C>,
}

impl<T, O, C> Around<T> for CaughtState<O, C>
where
    O: FnOnce(&T, &mut Exit<'_>),
    C: FnOnce() -> T,
{
    type Out = T;
    type Dropping<'a>
        = Dropping<'a>
    where
        Self: 'a;

    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        // Whoever asks for a fallback says that what the body borrows may be seen after a panic.
        match catch_unwind(AssertUnwindSafe(|| self.observed.around_poll(poll))) {
            Ok(polled) => polled,
            Err(payload) => match self.fallback.take() {
                Some(fallback) => {
                    drop_payload(payload);
                    Poll::Ready(fallback())
                }
                // Polled again after its end.
                None => resume_unwind(payload),
            },
        }
    }

    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        Around::<T>::enter_to_drop(&mut self.observed)
    }
}
