//! A function that isn't async and returns a future: one span from the call to the future's end.

use std::future::Future;
use std::pin::Pin;

use super::super::exit::Exit;
use super::super::failed::Failed;
use super::super::wrapped::Wrapped;
use super::{InSpan, InSpanState, Observed, ObservedState, State};
use crate::callsite::Callsite;

/// Runs the body inside the span, and keeps the future that it gives there.
#[inline]
pub fn future<T, F>(
    site: &'static Callsite,
    body: impl FnOnce() -> F,
    failed: Option<Failed<T>>,
) -> InSpan<F>
where
    F: Future<Output = T>,
{
    let mut around = InSpanState::new(site, failed);
    let future = around.state.around_body(body);
    Wrapped::new(future, around)
}

/// The same, with its outcome looked at by a closure.
#[inline]
pub fn observed_future<T, F, O>(
    site: &'static Callsite,
    body: impl FnOnce() -> F,
    observe: O,
) -> Observed<F, O>
where
    F: Future<Output = T>,
    O: FnOnce(&T, &mut Exit<'_>),
{
    let mut around = ObservedState::new(site, observe);
    let future = around.state.around_body(body);
    Wrapped::new(future, around)
}

/// Puts it where a boxed future or stream is wanted.
#[inline]
pub fn pinned<T>(returned: T) -> Pin<Box<T>> {
    Box::pin(returned)
}

impl State {
    /// Opens the span, and makes it current while the body runs. A panic ends it.
    pub(super) fn around_body<F>(&mut self, body: impl FnOnce() -> F) -> F {
        let _entered = self.enter();
        body()
    }
}
