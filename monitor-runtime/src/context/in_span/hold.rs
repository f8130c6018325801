//! Puts the stream of a model's answer inside the span of its call, and gives back the same type.

use std::pin::Pin;

use futures_core::Stream;

use super::ai_stream::{AiStream, Observe};
use super::until_stream::OpenStream;

/// A type of streams that can be looked into without becoming another type.
#[diagnostic::on_unimplemented(
    message = "`#[ai_call]` can't look into a `{Self}`",
    label = "this is no boxed stream",
    note = "return `Pin<Box<dyn Stream<Item = ..> + Send>>`, by `Box::pin(stream)`, or `impl Stream<Item = ..>`",
    note = "if it is no stream in spite of its name, say `stream = false`"
)]
pub trait BoxedStream: Sized {
    /// What the stream gives.
    type Item;

    /// The stream inside the span of its call.
    fn held(self, open: OpenStream, observe: Observe<Self::Item>) -> Self;
}

macro_rules! boxed {
    ($([$($marker:tt)*])*) => {$(
        impl<'a, T: 'a> BoxedStream for Pin<Box<dyn Stream<Item = T> $($marker)* + 'a>> {
            type Item = T;

            fn held(self, open: OpenStream, observe: Observe<T>) -> Self {
                Box::pin(AiStream::new(self, open, observe))
            }
        }
    )*};
}

boxed! { [] [+ Send] [+ Send + Sync] }

macro_rules! unpin_boxed {
    ($([$($marker:tt)*])*) => {$(
        impl<'a, T: 'a> BoxedStream for Box<dyn Stream<Item = T> + Unpin $($marker)* + 'a> {
            type Item = T;

            fn held(self, open: OpenStream, observe: Observe<T>) -> Self {
                Box::new(AiStream::new(Pin::new(self), open, observe))
            }
        }
    )*};
}

unpin_boxed! { [] [+ Send] [+ Send + Sync] }

/// A value with such a stream inside.
#[diagnostic::on_unimplemented(
    message = "`#[ai_call]` finds no stream that it can look into in `{Self}`",
    label = "expected `Pin<Box<dyn Stream<Item = ..> + Send>>`, or a `Result` with one",
    note = "box the stream, by `Box::pin(stream)`, or return `impl Stream<Item = ..>`",
    note = "if it is no stream, in spite of its name, say `stream = false`"
)]
pub trait HoldsStream: Sized {
    /// What the stream gives.
    type Item;

    /// The same value, with its stream inside the span of its call.
    fn held(self, open: OpenStream, observe: Observe<Self::Item>) -> Self;
}

impl<S: BoxedStream> HoldsStream for S {
    type Item = S::Item;

    fn held(self, open: OpenStream, observe: Observe<S::Item>) -> Self {
        BoxedStream::held(self, open, observe)
    }
}

impl<S: BoxedStream, E> HoldsStream for Result<S, E> {
    type Item = S::Item;

    fn held(self, open: OpenStream, observe: Observe<S::Item>) -> Self {
        self.map(|stream| BoxedStream::held(stream, open, observe))
    }
}

impl<S: BoxedStream> HoldsStream for Option<S> {
    type Item = S::Item;

    fn held(self, open: OpenStream, observe: Observe<S::Item>) -> Self {
        self.map(|stream| BoxedStream::held(stream, open, observe))
    }
}

/// Keeps the stream in a value inside the span of its call.
pub fn hold<T: HoldsStream>(value: T, open: OpenStream, observe: Observe<T::Item>) -> T {
    value.held(open, observe)
}

/// The same for an `impl Stream`.
pub fn hold_opaque<S: Stream>(
    stream: S,
    open: OpenStream,
    observe: Observe<S::Item>,
) -> AiStream<Pin<Box<S>>> {
    AiStream::new(Box::pin(stream), open, observe)
}

/// The same for a `Result<impl Stream, E>`.
pub fn hold_opaque_result<S: Stream, E>(
    value: Result<S, E>,
    open: OpenStream,
    observe: Observe<S::Item>,
) -> Result<AiStream<Pin<Box<S>>>, E> {
    value.map(|stream| hold_opaque(stream, open, observe))
}
