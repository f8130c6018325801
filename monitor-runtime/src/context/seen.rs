//! Which of a type's traits are used is chosen where the type is known: by how many references
//! method lookup has to strip. `Seen` with more references in front of it is tried first.

use std::borrow::Cow;
use std::fmt::{Debug, Display};
use std::rc::Rc;
use std::sync::Arc;

use super::text::AsDebug;
use crate::collect::Plain;
use crate::record::Value;

/// A value of any type, about to be looked at.
pub struct Seen<'a, T: ?Sized>(pub &'a T);

/// A value in the best form that its type offers.
#[derive(Clone, Copy)]
pub enum FieldValue<'a> {
    /// Recorded as it is.
    #[doc(hidden)]
    Plain(Plain<'a>),
    /// Recorded by its `Display`.
    Display(&'a dyn Display),
    /// Recorded by its `Debug`.
    Debug(&'a dyn Debug),
    /// Of a type that offers nothing: recorded by the type's name.
    Opaque(&'static str),
}

impl<'a> FieldValue<'a> {
    /// A value that is recorded already; of several at once their text.
    pub(crate) fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Plain(Plain::Null),
            Value::Bool(value) => Self::Plain(Plain::Bool(*value)),
            Value::I64(value) => Self::Plain(Plain::I64(*value)),
            Value::U64(value) => Self::Plain(Plain::U64(*value)),
            Value::F64(value) => Self::Plain(Plain::F64(*value)),
            Value::Text(text) => Self::Plain(Plain::Text(text)),
            several => Self::Display(several),
        }
    }
}

impl FieldValue<'_> {
    /// The value as text, for tags and details.
    pub(crate) fn to_text(self, max: usize) -> String {
        use super::text::{bounded, cut};
        match self {
            Self::Plain(Plain::Null) => String::new(),
            Self::Plain(Plain::Bool(value)) => value.to_string(),
            Self::Plain(Plain::I64(value)) => value.to_string(),
            Self::Plain(Plain::U64(value)) => value.to_string(),
            Self::Plain(Plain::F64(value)) => value.to_string(),
            Self::Plain(Plain::Text(text)) | Self::Opaque(text) => cut(text, max).to_owned(),
            Self::Display(value) => bounded(value, max),
            Self::Debug(value) => bounded(&AsDebug(value), max),
        }
    }

    /// The value as it is kept in contexts.
    pub(crate) fn to_value(self, max: usize) -> Value {
        match self {
            Self::Plain(plain) => plain.to_value(max),
            other => other.to_text(max).into(),
        }
    }
}

/// A type that is recorded without formatting.
pub trait Recordable {
    /// The value to record.
    fn to_field(&self) -> FieldValue<'_>;
}

macro_rules! recordable {
    ($($kind:ident as $wide:ty: $($narrow:ty),*;)*) => {$($(
        impl Recordable for $narrow {
            #[inline]
            fn to_field(&self) -> FieldValue<'_> {
                FieldValue::Plain(Plain::$kind(*self as $wide))
            }
        }
    )*)*};
}

recordable! {
    I64 as i64: i8, i16, i32, i64, isize;
    U64 as u64: u8, u16, u32, u64, usize;
    F64 as f64: f32, f64;
    Bool as bool: bool;
}

impl Recordable for str {
    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Plain(Plain::Text(self))
    }
}

impl Recordable for String {
    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Plain(Plain::Text(self))
    }
}

impl Recordable for Cow<'_, str> {
    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        FieldValue::Plain(Plain::Text(self))
    }
}

impl<T: Recordable> Recordable for Option<T> {
    #[inline]
    fn to_field(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::Plain(Plain::Null), T::to_field)
    }
}

macro_rules! recordable_by_deref {
    ($($pointer:ty),*) => {$(
        impl<T: Recordable + ?Sized> Recordable for $pointer {
            #[inline]
            fn to_field(&self) -> FieldValue<'_> {
                T::to_field(self)
            }
        }
    )*};
}

recordable_by_deref!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

/// From most to least: recorded as it is, `Display`, `Debug`, the type's name.
#[expect(missing_docs, reason = "each trait is one rung of the ladder")]
mod by_value {
    use super::{Debug, Display, FieldValue, Recordable, Seen};

    pub trait ByRecordable<'a> {
        fn __monitor_value(&self) -> FieldValue<'a>;
    }
    impl<'a, T: Recordable + ?Sized> ByRecordable<'a> for &&&Seen<'a, T> {
        #[inline]
        fn __monitor_value(&self) -> FieldValue<'a> {
            self.0.to_field()
        }
    }

    pub trait ByDisplay<'a> {
        fn __monitor_value(&self) -> FieldValue<'a>;
    }
    impl<'a, T: Display> ByDisplay<'a> for &&Seen<'a, T> {
        #[inline]
        fn __monitor_value(&self) -> FieldValue<'a> {
            FieldValue::Display(self.0)
        }
    }

    pub trait ByDebug<'a> {
        fn __monitor_value(&self) -> FieldValue<'a>;
    }
    impl<'a, T: Debug> ByDebug<'a> for &Seen<'a, T> {
        #[inline]
        fn __monitor_value(&self) -> FieldValue<'a> {
            FieldValue::Debug(self.0)
        }
    }

    pub trait ByTypeName<'a> {
        fn __monitor_value(&self) -> FieldValue<'a>;
    }
    impl<'a, T: ?Sized> ByTypeName<'a> for Seen<'a, T> {
        #[inline]
        fn __monitor_value(&self) -> FieldValue<'a> {
            FieldValue::Opaque(std::any::type_name::<T>())
        }
    }
}

/// How a call failed: an `Err`, from most to least readable. Anything else is no failure.
#[expect(missing_docs, reason = "each trait is one rung of the ladder")]
mod by_failure {
    use std::any::type_name;
    use std::error::Error;
    use std::sync::Arc;
    use std::task::Poll;

    use super::super::outcome::HasError;
    use super::{Debug, Display, Seen};
    use crate::errors::MonitorError;
    use crate::record::{ErrorView, Failure};

    macro_rules! failures {
        ($($by:ident: [$($bound:tt)*] for [$($depth:tt)*],
            |$error:ident| $type_name:expr, $view:expr;)*) => {$(
            pub trait $by<'a> {
                fn __monitor_failure(&self) -> Option<Failure<'a>>;
            }
            failures! { @each $by [$($bound)*] [$($depth)*] |$error| $type_name, $view,
                [Result<T, E>] [Option<Result<T, E>>]
                [Poll<Result<T, E>>] [Poll<Option<Result<T, E>>>]
            }
        )*};
        // Wherever an error may be inside: `poll_next` gives the last of these.
        (@each $by:ident $bound:tt $depth:tt |$error:ident| $type_name:expr, $view:expr,
            $([$outcome:ty])*) => {
            $(failures! { @one $by $bound $depth |$error| $type_name, $view, $outcome })*
        };
        (@one $by:ident [$($bound:tt)*] [$($depth:tt)*] |$error:ident| $type_name:expr,
            $view:expr, $outcome:ty) => {
            impl<'a, 'e: 'a, T, E: $($bound)*> $by<'a> for $($depth)* Seen<'a, $outcome> {
                #[inline]
                fn __monitor_failure(&self) -> Option<Failure<'a>> {
                    let $error = self.0.error()?;
                    Some(Failure { type_name: $type_name, view: $view })
                }
            }
        };
    }

    failures! {
        // No bound here may ask for `'static`: which trait is taken is decided without a look at
        // lifetimes, and an error that borrows would then be refused.
        ByMonitorError: [MonitorError + 'e] for [& & & & & & &],
            |error| type_name::<E>(), ErrorView::Monitored(error);
        ByError: [Error + 'e] for [& & & & & &],
            |error| type_name::<E>(), ErrorView::Error(error);
        // `anyhow::Error` and `eyre::Report`: the type that counts is inside. What is in one of them
        // borrows nothing.
        ByReport: [AsRef<dyn Error + Send + Sync> + Debug] for [& & & &],
            |error| "", ErrorView::Report(error.as_ref(), error);
        ByDisplay: [Display + 'e] for [& & &],
            |error| type_name::<E>(), ErrorView::Display(error);
        ByDebug: [Debug + 'e] for [& &],
            |error| type_name::<E>(), ErrorView::Debug(error);
        ByTypeName: ['e] for [&],
            |_error| type_name::<E>(), ErrorView::Opaque;
    }

    /// Boxed errors, which may borrow.
    pub trait ByBoxed<'a> {
        fn __monitor_failure(&self) -> Option<Failure<'a>>;
    }

    /// Boxed errors that borrow nothing, where the function says so: what is inside can be found.
    pub trait ByOwnBoxed<'a> {
        fn __monitor_failure(&self) -> Option<Failure<'a>>;
    }

    macro_rules! boxed {
        ($([$($marker:tt)*])*) => {$(
            boxed! { @each ByBoxed Error [$($marker)* + '_]
                [&Box<dyn Error $($marker)* + '_>] [&&Box<dyn Error $($marker)* + '_>] }
            boxed! { @each ByOwnBoxed Known [$($marker)* + 'static] }
        )*};
        (@each $by:ident $view:ident [$($bound:tt)*] $([$reference:ty])*) => {
            boxed! { @one $by $view
                [Result<T, Box<dyn Error $($bound)*>>]
                $([Result<T, $reference>])*
                [Option<Result<T, Box<dyn Error $($bound)*>>>]
                [Poll<Result<T, Box<dyn Error $($bound)*>>>]
                [Poll<Option<Result<T, Box<dyn Error $($bound)*>>>>]
            }
        };
        (@one $by:ident $view:ident $([$outcome:ty])*) => {$(
            impl<'a, T> $by<'a> for &&&&&Seen<'a, $outcome> {
                #[inline]
                fn __monitor_failure(&self) -> Option<Failure<'a>> {
                    let view = ErrorView::$view(self.0.error()?.as_ref());
                    Some(Failure { type_name: "", view })
                }
            }
        )*};
    }

    boxed! { [] [+ Send] [+ Send + Sync] }

    /// A report that several hold.
    pub trait BySharedReport<'a> {
        fn __monitor_failure(&self) -> Option<Failure<'a>>;
    }
    impl<'a, T, E> BySharedReport<'a> for &&&&Seen<'a, Result<T, Arc<E>>>
    where
        E: AsRef<dyn Error + Send + Sync> + Debug,
    {
        #[inline]
        fn __monitor_failure(&self) -> Option<Failure<'a>> {
            let report = self.0.as_ref().err()?.as_ref();
            Some(Failure { type_name: "", view: ErrorView::Report(report.as_ref(), report) })
        }
    }

    pub trait Never<'a> {
        fn __monitor_failure(&self) -> Option<Failure<'a>>;
    }
    impl<'a, T: ?Sized> Never<'a> for Seen<'a, T> {
        #[inline]
        fn __monitor_failure(&self) -> Option<Failure<'a>> {
            None
        }
    }
}

#[cfg(feature = "error-stack")]
pub(super) use by_failure::ByMonitorError;

/// What a call gave: what is inside `Ok` or `Some`, else the value itself.
#[expect(missing_docs, reason = "each trait is one rung of the ladder")]
mod by_success {
    use super::Seen;

    pub trait ByOk<'a, T> {
        fn __monitor_success(&self) -> Option<&'a T>;
    }
    impl<'a, T, E> ByOk<'a, T> for &Seen<'a, Result<T, E>> {
        #[inline]
        fn __monitor_success(&self) -> Option<&'a T> {
            self.0.as_ref().ok()
        }
    }
    impl<'a, T> ByOk<'a, T> for &Seen<'a, Option<T>> {
        #[inline]
        fn __monitor_success(&self) -> Option<&'a T> {
            self.0.as_ref()
        }
    }

    pub trait Itself<'a, T: ?Sized> {
        fn __monitor_success(&self) -> Option<&'a T>;
    }
    impl<'a, T: ?Sized> Itself<'a, T> for Seen<'a, T> {
        #[inline]
        fn __monitor_success(&self) -> Option<&'a T> {
            Some(self.0)
        }
    }
}

/// What expansions import: the traits without names, so that they hide nobody's, and methods called
/// like nobody's, so that no trait of the user answers in their place.
macro_rules! ladders {
    ($($ladder:ident from $source:ident: $($rung:ident),*;)*) => {$(
        #[doc(hidden)]
        pub mod $ladder {
            pub use super::$source::{$($rung as _),*};
        }
    )*};
}

ladders! {
    value from by_value: ByRecordable, ByDisplay, ByDebug, ByTypeName;
    success from by_success: ByOk, Itself;
}

/// The ladder of failures.
#[doc(hidden)]
pub mod failure {
    pub use super::by_failure::ByBoxed as _;
    pub use super::of_any_failure::*;
}

/// The same where the error is written as a box that owns what it holds.
#[doc(hidden)]
pub mod boxed_failure {
    pub use super::by_failure::ByOwnBoxed as _;
    pub use super::of_any_failure::*;
}

mod of_any_failure {
    #[cfg(feature = "error-stack")]
    pub use super::super::stack::ByStack as _;
    pub use super::by_failure::{
        ByDebug as _, ByDisplay as _, ByError as _, ByMonitorError as _, ByReport as _,
        BySharedReport as _, ByTypeName as _, Never as _,
    };
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;
    use crate::record::{ErrorView, Failure};

    struct Nothing;
    #[derive(Debug)]
    struct OnlyDebug;
    struct OnlyDisplay;

    impl Display for OnlyDisplay {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("shown")
        }
    }

    macro_rules! text {
        ($value:expr) => {{
            use super::value::*;
            (&&&&&Seen(&$value)).__monitor_value().to_text(100)
        }};
    }

    #[test]
    fn the_best_view_of_a_value_is_taken() {
        assert_eq!(text!(-3_i8), "-3");
        assert_eq!(text!("text"), "text");
        assert_eq!(text!(Some(String::from("inside"))), "inside");
        assert_eq!(text!(OnlyDisplay), "shown");
        assert_eq!(text!(OnlyDebug), "OnlyDebug");
        assert!(text!(Nothing).ends_with("Nothing"));
    }

    fn kind(failure: Option<Failure<'_>>) -> &'static str {
        match failure.map(|failure| failure.view) {
            None => "none",
            Some(ErrorView::Monitored(_)) => "monitored",
            Some(ErrorView::Report(..)) => "report",
            Some(ErrorView::Stack(..)) => "stack",
            Some(ErrorView::Known(_) | ErrorView::Error(_)) => "error",
            Some(ErrorView::Display(_)) => "display",
            Some(ErrorView::Debug(_)) => "debug",
            Some(ErrorView::Opaque) => "opaque",
        }
    }

    macro_rules! kind_in {
        ($outcome:expr) => {{
            use super::failure::*;
            kind((&&&&&&&&Seen(&$outcome)).__monitor_failure())
        }};
    }

    macro_rules! kind_of {
        ($type:ty, $error:expr) => {{
            use super::failure::*;
            let outcome: Result<(), $type> = $error;
            kind((&&&&&&&&Seen(&outcome)).__monitor_failure())
        }};
    }

    #[test]
    fn the_best_view_of_an_error_is_taken() {
        use super::failure::*;
        assert_eq!(kind_of!(std::fmt::Error, Err(std::fmt::Error)), "error");
        assert_eq!(
            kind_of!(Box<dyn std::error::Error + Send + Sync>, Err("boxed".into())),
            "error"
        );
        assert_eq!(kind_of!(Box<dyn std::error::Error>, Err("boxed".into())), "error");
        assert_eq!(kind_of!(String, Err("text".into())), "display");
        assert_eq!(kind_of!(OnlyDebug, Err(OnlyDebug)), "debug");
        assert_eq!(kind_of!(Nothing, Err(Nothing)), "opaque");
        assert_eq!(kind_of!(Nothing, Ok(())), "none");
        assert_eq!(kind(Seen(&5).__monitor_failure()), "none");
        let inside = Poll::Ready(Some(Err::<(), _>(std::fmt::Error)));
        assert_eq!(kind_in!(inside), "error");
        assert_eq!(kind_in!(Some(Err::<(), _>(OnlyDebug))), "debug");
    }
}
