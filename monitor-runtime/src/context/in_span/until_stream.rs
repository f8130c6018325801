//! A call that gives a stream: its span doesn't end with the call.

use std::future::Future;
use std::task::Poll;

use super::super::exit::Exit;
use super::super::wrapped::{Around, Wrapped};
use super::{Dropping, State};
use crate::callsite::Callsite;
use crate::record::Status;

/// A future inside a span that goes on with the stream in what it gives.
pub type UntilStream<F, O, H> = Wrapped<F, UntilStreamState<O, H>>;

/// Puts a future inside a span. `observe` looks at its outcome; where that is no failure, `hold` hands
/// the span on to the stream in it.
pub fn streamed<F, O, H, U>(
    site: &'static Callsite,
    future: F,
    observe: O,
    hold: H,
) -> UntilStream<F, O, H>
where
    F: Future,
    O: FnOnce(&F::Output, &mut Exit<'_>),
    H: FnOnce(F::Output, OpenStream) -> U,
{
    Wrapped::new(future, UntilStreamState::new(State::new(site), observe, hold))
}

/// The same for a function that isn't async and returns the future.
pub fn streamed_future<F, O, H, U>(
    site: &'static Callsite,
    body: impl FnOnce() -> F,
    observe: O,
    hold: H,
) -> UntilStream<F, O, H>
where
    F: Future,
    O: FnOnce(&F::Output, &mut Exit<'_>),
    H: FnOnce(F::Output, OpenStream) -> U,
{
    let mut state = State::new(site);
    let future = state.around_body(body);
    Wrapped::new(future, UntilStreamState::new(state, observe, hold))
}

/// The same for a function that isn't async and returns what the stream is in.
pub fn streamed_now<T, U>(
    site: &'static Callsite,
    body: impl FnOnce() -> T,
    observe: impl FnOnce(&T, &mut Exit<'_>),
    hold: impl FnOnce(T, OpenStream) -> U,
) -> U {
    let mut around = UntilStreamState::new(State::new(site), observe, hold);
    match around.around_poll(|| Poll::Ready(body())) {
        Poll::Ready(out) => out,
        Poll::Pending => unreachable!("the body runs to its end"),
    }
}

/// The span of a call until there is a stream.
pub struct UntilStreamState<O, H> {
    state: State,
    observe: Option<O>,
    hold: Option<H>,
}

impl<O, H> UntilStreamState<O, H> {
    fn new(state: State, observe: O, hold: H) -> Self {
        Self { state, observe: Some(observe), hold: Some(hold) }
    }
}

impl<T, U, O, H> Around<T> for UntilStreamState<O, H>
where
    O: FnOnce(&T, &mut Exit<'_>),
    H: FnOnce(T, OpenStream) -> U,
{
    type Out = U;
    type Dropping<'a>
        = Dropping<'a>
    where
        Self: 'a;

    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<U> {
        let mut inside = self.state.enter();
        let Poll::Ready(out) = poll() else { return Poll::Pending };
        if let (Some(observe), Some(open)) = (self.observe.take(), inside.open()) {
            let mut exit = Exit::new(&open);
            observe(&out, &mut exit);
            if !exit.status().is_ok() {
                inside.finish(&mut exit);
            }
        }
        // Out of the span: whoever gets the stream goes in again with each poll.
        drop(inside);
        let open = OpenStream { state: self.state.take() };
        match self.hold.take() {
            Some(hold) => Poll::Ready(hold(out, open)),
            None => Poll::Pending,
        }
    }

    fn enter_to_drop(&mut self) -> Dropping<'_> {
        self.state.enter_to_end(Status::Cancelled)
    }
}

/// The span of a call, on its way to the stream that goes on with it.
pub struct OpenStream {
    state: State,
}

impl OpenStream {
    pub(super) fn into_state(mut self) -> State {
        self.state.take()
    }
}

/// There was no stream after all, such as in `None`.
impl Drop for OpenStream {
    fn drop(&mut self) {
        drop(self.state.enter_to_end(Status::Ok));
    }
}

impl State {
    /// Leaves nothing behind that would end the span.
    fn take(&mut self) -> Self {
        std::mem::replace(self, Self::Unseen)
    }
}
