//! The types that errors are captured from.

use std::ops::ControlFlow;
use std::task::Poll;

use crate::record::{ErrorView, Failure};

/// A type that `#[capture_errors]` has something to look for in.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no error to capture",
    label = "expected a `Result`",
    note = "return a `Result` or an `Option`, or ask for panics with `#[capture_errors(panics)]`"
)]
pub trait Outcome {}

impl<T, E> Outcome for Result<T, E> {}
impl<T> Outcome for Option<T> {}
impl<T: Outcome> Outcome for Poll<T> {}
impl<B, C> Outcome for ControlFlow<B, C> {}

/// Says at compile time whether an error can be captured from a value.
#[inline]
pub const fn outcome<T: Outcome + ?Sized>(_outcome: &T) {}

/// A type with an error inside.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no error to skip",
    label = "`skip_if` needs a function that returns a `Result`"
)]
pub trait HasError {
    /// The error's type.
    type Error;

    /// The error, if there is one.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> HasError for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T: HasError> HasError for Option<T> {
    type Error = T::Error;

    #[inline]
    fn error(&self) -> Option<&T::Error> {
        self.as_ref()?.error()
    }
}

impl<T: HasError> HasError for Poll<T> {
    type Error = T::Error;

    #[inline]
    fn error(&self) -> Option<&T::Error> {
        match self {
            Self::Ready(outcome) => outcome.error(),
            Self::Pending => None,
        }
    }
}

/// The error of an outcome.
#[inline]
pub fn err<T: HasError>(outcome: &T) -> Option<&T::Error> {
    outcome.error()
}

/// `None` where errors are captured from an `Option`.
#[inline]
pub fn missing<T>(outcome: &Option<T>) -> Option<Failure<'_>> {
    let text = &"the call returned `None`";
    outcome.is_none().then_some(Failure { type_name: "None", view: ErrorView::Display(text) })
}
