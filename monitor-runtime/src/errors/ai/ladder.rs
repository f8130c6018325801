//! Whether an error knows something of the request, chosen where its type is known: see
//! [`Seen`](crate::context::seen::Seen).

#[expect(missing_docs, reason = "each trait is one rung of the ladder")]
mod rungs {
    use crate::context::seen::Seen;
    use crate::errors::AiErrorInfo;

    pub trait Knows<'a> {
        fn __monitor_ai_error(&self) -> Option<&'a dyn AiErrorInfo>;
    }
    impl<'a, T, E: AiErrorInfo> Knows<'a> for &Seen<'a, Result<T, E>> {
        #[inline]
        fn __monitor_ai_error(&self) -> Option<&'a dyn AiErrorInfo> {
            self.0.as_ref().err().map(|error| error as &dyn AiErrorInfo)
        }
    }

    pub trait KnowsNothing<'a> {
        fn __monitor_ai_error(&self) -> Option<&'a dyn AiErrorInfo>;
    }
    impl<'a, T: ?Sized> KnowsNothing<'a> for Seen<'a, T> {
        #[inline]
        fn __monitor_ai_error(&self) -> Option<&'a dyn AiErrorInfo> {
            None
        }
    }
}

/// What expansions import, without names.
#[doc(hidden)]
pub mod ai_error {
    pub use super::rungs::{Knows as _, KnowsNothing as _};
}
