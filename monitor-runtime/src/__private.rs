//! All that expansions of the attributes may name. Not for users: it changes without notice.

pub use crate::callsite::Callsite;
pub use crate::context::seen::{FieldValue, Seen, failure, success, token_usage, value};
pub use crate::context::{
    AiWriter, Exit, InSpan, Recorder, ScopeWriter, SpanGuard, ai, enter, exit, in_span, observed,
    once, record, scoped as scope,
};
pub use crate::record::{Level, Usage};

use std::marker::PhantomData;

/// A type that an async block's result has, said before the block.
pub struct Type<T>(PhantomData<fn() -> T>);

impl<T> Clone for Type<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Type<T> {}

/// Names a type.
pub const fn ty<T>() -> Type<T> {
    Type(PhantomData)
}

impl<T> Type<T> {
    /// Stands where the compiler wants a value of the type and none is ever made.
    pub fn never(self) -> T {
        unreachable!("only the type of this call is used")
    }
}

/// The error of a result.
pub const fn err<T, E>(outcome: &Result<T, E>) -> Option<&E> {
    match outcome {
        Ok(_) => None,
        Err(error) => Some(error),
    }
}

/// How many rows a call gave.
pub fn rows<T: ?Sized, N: TryInto<u64>>(
    success: Option<&T>,
    count: impl FnOnce(&T) -> N,
) -> Option<u64> {
    count(success?).try_into().ok()
}

/// The tokens that a call used, as the attribute's `usage = ..` reads them.
pub fn usage<T: ?Sized, U: IntoUsage>(
    success: Option<&T>,
    read: impl FnOnce(&T) -> U,
) -> Option<Usage> {
    read(success?).into_usage()
}

/// What `usage = ..` may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no token usage",
    label = "expected `Usage`, `Option<Usage>` or `(input, output)`",
    note = "for instance: usage = |response| Usage::new(response.prompt_tokens, response.completion_tokens)"
)]
pub trait IntoUsage {
    /// The usage, if there is one.
    fn into_usage(self) -> Option<Usage>;
}

impl IntoUsage for Usage {
    fn into_usage(self) -> Option<Usage> {
        Some(self)
    }
}

impl IntoUsage for (u64, u64) {
    fn into_usage(self) -> Option<Usage> {
        Some(self.into())
    }
}

impl<T: IntoUsage> IntoUsage for Option<T> {
    fn into_usage(self) -> Option<Usage> {
        self?.into_usage()
    }
}

/// Whether a breadcrumb would be kept.
pub fn keeps_breadcrumbs() -> bool {
    crate::context::scope::max_breadcrumbs().is_some()
}
