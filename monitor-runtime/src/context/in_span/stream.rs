//! A function that returns a stream: one span from the call to the last item.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::super::exit::Exit;
use super::super::local;
use super::super::wrapped::{Around, Wrapped};
use super::{Dropping, Inside, State};
use crate::callsite::Callsite;
use crate::record::Status;

/// A stream inside the span of the function that made it.
#[must_use = "streams do nothing unless they are polled"]
pub struct InStream<S: Stream + Unpin, O: FnMut(&S::Item, &mut Exit<'_>)>(
    Wrapped<Next<S>, InStreamState<O>>,
);

/// Runs the body inside the span, and keeps the stream that it gives there.
///
/// `observe` sees each item, if `observes`: where nobody asks for errors an item costs no look.
#[inline]
pub fn stream<T, S, O>(
    site: &'static Callsite,
    body: impl FnOnce() -> S,
    observe: O,
    observes: bool,
) -> InStream<Pin<Box<S>>, O>
where
    S: Stream<Item = T>,
    O: FnMut(&T, &mut Exit<'_>),
{
    boxed_stream(site, || Box::pin(body()), observe, observes)
}

/// The same for a stream that is boxed already.
#[inline]
pub fn boxed_stream<T, S, O>(
    site: &'static Callsite,
    body: impl FnOnce() -> S,
    observe: O,
    observes: bool,
) -> InStream<S, O>
where
    S: Stream<Item = T> + Unpin,
    O: FnMut(&T, &mut Exit<'_>),
{
    let mut around = InStreamState {
        state: State::new(site),
        observe: observes.then_some(observe),
        failed: false,
    };
    let stream = around.state.around_body(body);
    InStream(Wrapped::new(Next(stream), around))
}

impl<S: Stream + Unpin, O: FnMut(&S::Item, &mut Exit<'_>) + Unpin> Stream for InStream<S, O> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut self.0).poll(cx)
    }
}

/// The next item of a stream, again and again.
pub(super) struct Next<S>(pub(super) S);

impl<S: Stream + Unpin> Future for Next<S> {
    type Output = Option<S::Item>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll_next(cx)
    }
}

/// The span of a stream, between and during polls.
struct InStreamState<O> {
    state: State,
    /// Looks at each item; `None` where nobody asks for errors.
    observe: Option<O>,
    /// Whether an item was an error.
    failed: bool,
}

impl<T, O: FnMut(&T, &mut Exit<'_>)> Around<Option<T>> for InStreamState<O> {
    type Out = Option<T>;
    type Dropping<'a>
        = Dropping<'a>
    where
        O: 'a;

    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<Option<T>>) -> Poll<Option<T>> {
        let mut inside = self.state.enter();
        let polled = poll();
        match (&polled, &mut self.observe) {
            (Poll::Ready(None), _) => inside.end_with(status(self.failed, Status::Ok)),
            (Poll::Ready(Some(item)), Some(observe)) => {
                self.failed |= inside.item(|exit| observe(item, exit));
            }
            _ => {}
        }
        polled
    }

    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        self.state.enter_to_end(status(self.failed, Status::Cancelled))
    }
}

pub(super) const fn status(failed: bool, otherwise: Status) -> Status {
    if failed { Status::Error } else { otherwise }
}

impl Inside<'_> {
    pub(super) fn end_with(&mut self, status: Status) {
        if let Some(open) = self.open() {
            let mut exit = Exit::new(&open);
            exit.set_status(status);
            self.finish(&mut exit);
        }
    }

    /// Looks at one item; whether it is an error.
    pub(super) fn item(self, observe: impl FnOnce(&mut Exit<'_>)) -> bool {
        let Some(open) = self.open() else { return false };
        let mut exit = Exit::new(&open);
        observe(&mut exit);
        let failed = exit.status() == Status::Error;
        // Out of the span first: what an enclosing call has to know belongs into its own scope.
        drop(self);
        local::with(|local| exit.pass_on(local, open.depth));
        failed
    }
}
