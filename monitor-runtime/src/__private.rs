//! All that expansions of the attributes may name. Not for users: it changes without notice.

pub use crate::ai::fields::*;
pub use crate::ai::{
    AiRequest, AiResponse, BudgetExceeded, Denied, ai_request, ai_response, denied,
};
pub use crate::callsite::{Callsite, Details};
pub use crate::capture::kinds;
pub use crate::config::Config;
pub use crate::context::failed::{Failed, Type, imports as failed, never, ty};
pub use crate::context::seen::{FieldValue, Seen, boxed_failure, failure, success, value};
#[cfg(feature = "stream")]
pub use crate::context::{
    AiStream, InStream, UntilStream, ai_stream, boxed_ai_stream, boxed_stream, hold, hold_opaque,
    hold_opaque_result, stream, streamed, streamed_future, streamed_now,
};
pub use crate::context::{
    AiWriter, Caught, CrumbWriter, Exit, InSpan, Observed, Recorder, ScopeWriter, SpanGuard, ai,
    begin, capture_with, caught, caught_future, crumb, end, enter, enter_by_hand, err, exit,
    future, in_fallible_span, in_span, missing, observed, observed_future, once, outcome,
    over_budget, pinned, record, response_text, returned, scoped as scope,
};
pub use crate::errors::{ErrorClass, MonitorError, Severity, ai_error, class_of};
pub use crate::groups::{MonitorContext, cache_hit, cache_miss, user, values};
pub use crate::health::HealthCheck;
pub use crate::metrics::{Count, Instrument, Measure};
pub use crate::propagation::Identity;
pub use crate::record::{Attributes, Level, Monitor, ScheduleUnit, TokenUsage, Usage, User};
pub use crate::release;
pub use crate::start::start;
#[cfg(not(feature = "stream"))]
pub use no_stream::{
    ai_stream, ai_stream as boxed_ai_stream, hold, hold as hold_opaque, hold as hold_opaque_result,
    stream, stream as boxed_stream, streamed, streamed as streamed_future,
    streamed as streamed_now,
};
pub use std::borrow::Cow;
pub use std::vec::Vec;

pub use std::future::ready;

/// What editors complete the arguments of the attributes from.
pub mod keys {
    pub use crate::keys::*;
}

/// How many rows a call gave.
pub fn rows<T: ?Sized, N: RowCount>(
    success: Option<&T>,
    count: impl FnOnce(&T) -> N,
) -> Option<u64> {
    count(success?).row_count()
}

/// How many records a search found.
pub fn count<T: ?Sized, N: RowCount>(
    success: Option<&T>,
    count: impl FnOnce(&T) -> N,
) -> Option<u64> {
    rows(success, count)
}

/// What `rows = ..` and `count = ..` may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of rows",
    label = "expected a whole number, or an `Option` of one",
    note = "for instance: rows = |users| users.len()"
)]
pub trait RowCount {
    /// The number, if there is one.
    fn row_count(self) -> Option<u64>;
}

macro_rules! row_counts {
    ($($number:ty),*) => {$(
        impl RowCount for $number {
            #[inline]
            fn row_count(self) -> Option<u64> {
                self.try_into().ok()
            }
        }
        impl RowCount for &$number {
            #[inline]
            fn row_count(self) -> Option<u64> {
                (*self).row_count()
            }
        }
    )*};
}

row_counts!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<T: RowCount> RowCount for Option<T> {
    fn row_count(self) -> Option<u64> {
        self?.row_count()
    }
}

/// With which status code a call was answered.
pub fn status_code<T: ?Sized, N: StatusCode>(
    success: Option<&T>,
    read: impl FnOnce(&T) -> N,
) -> Option<u64> {
    read(success?).status_code()
}

/// What `status = ..` may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no status code",
    label = "expected a number such as 404, or an `Option` of one",
    note = "for instance: status = |response| response.status().as_u16()"
)]
pub trait StatusCode {
    /// The number, if there is one.
    fn status_code(self) -> Option<u64>;
}

macro_rules! status_codes {
    ($($number:ty),*) => {$(
        impl StatusCode for $number {
            #[inline]
            fn status_code(self) -> Option<u64> {
                self.try_into().ok()
            }
        }
    )*};
}

status_codes!(u16, u32, u64, usize, i32, i64);

impl<T: StatusCode> StatusCode for Option<T> {
    fn status_code(self) -> Option<u64> {
        self?.status_code()
    }
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
    crate::context::scope::hub().is_some()
}

/// What a function that returns a stream finds when streams are switched off.
#[cfg(not(feature = "stream"))]
mod no_stream {
    use super::{Callsite, Exit};

    /// Never implemented, so that the compiler says what to do.
    #[diagnostic::on_unimplemented(
        message = "functions that return a stream need the feature `stream` of `monitor-runtime`",
        label = "this is a stream",
        note = "in Cargo.toml, add \"stream\" to the features of `monitor-runtime`"
    )]
    pub trait FeatureStream {}

    /// Stands for the one that wraps the stream of an AI call.
    pub fn ai_stream<S: FeatureStream>(
        _site: &'static Callsite,
        body: impl FnOnce() -> S,
        _observe: fn(&(), &mut Exit<'_>),
    ) -> S {
        body()
    }

    /// Stands for those that hand a span on to a stream.
    pub fn streamed<F: FeatureStream, T, U>(
        _site: &'static Callsite,
        future: F,
        _observe: impl FnOnce(&T, &mut Exit<'_>),
        _hold: impl FnOnce(T, ()) -> U,
    ) -> F {
        future
    }

    /// Stands for those that look into a stream.
    pub fn hold<T>(value: T, _open: (), _observe: fn(&(), &mut Exit<'_>)) -> T {
        value
    }

    /// Stands for the one that wraps the stream.
    pub fn stream<T, S: FeatureStream, O: FnMut(&T, &mut Exit<'_>)>(
        _site: &'static Callsite,
        body: impl FnOnce() -> S,
        _observe: O,
        _observes: bool,
    ) -> S {
        body()
    }
}
