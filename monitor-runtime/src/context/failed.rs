//! Whether a call failed, where nothing more is asked of its value.
//!
//! A method of the type itself is found before that of a trait. So one import is enough, and the
//! compiler tries two candidates, where the ladder of `seen.rs` needs eight.

use std::any::type_name;
use std::marker::PhantomData;
use std::task::Poll;

use super::outcome::HasError;
use super::seen::Seen;

/// Looks at a value: the name of the error's type, if it is an error.
pub type Failed<T> = fn(&T) -> Option<&'static str>;

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
    /// As [`never`].
    pub fn never(self) -> T {
        never()
    }
}

/// Stands where the compiler wants a value of the type and none is ever made.
pub fn never<T>() -> T {
    unreachable!("only the type of this call is used")
}

macro_rules! fallible {
    ($($outcome:ty),*) => {$(
        impl<T, E> Seen<'_, $outcome> {
            /// The name of the error's type, if there is an error.
            #[inline]
            pub fn __monitor_failed(&self) -> Option<&'static str> {
                self.0.error().map(|_| type_name::<E>())
            }
        }

        impl<T, E> Type<$outcome> {
            /// What looks for an error in a value of this type.
            #[inline]
            pub fn __monitor_failed(self) -> Option<Failed<$outcome>> {
                Some(|outcome| Seen(outcome).__monitor_failed())
            }
        }
    )*};
}

// Wherever an error may be inside: `poll_next` gives the last of these.
fallible!(Result<T, E>, Option<Result<T, E>>, Poll<Result<T, E>>, Poll<Option<Result<T, E>>>);

/// A value of any other type.
pub trait Infallible {
    /// Never a name.
    fn __monitor_failed(&self) -> Option<&'static str>;
}

impl<T: ?Sized> Infallible for Seen<'_, T> {
    #[inline]
    fn __monitor_failed(&self) -> Option<&'static str> {
        None
    }
}

/// Any other type.
pub trait InfallibleType<T> {
    /// Never a function.
    fn __monitor_failed(self) -> Option<Failed<T>>;
}

impl<T> InfallibleType<T> for Type<T> {
    #[inline]
    fn __monitor_failed(self) -> Option<Failed<T>> {
        None
    }
}

/// What expansions import: the traits without their names, so that they hide nobody's.
#[doc(hidden)]
pub mod imports {
    pub use super::{Infallible as _, InfallibleType as _};
}
