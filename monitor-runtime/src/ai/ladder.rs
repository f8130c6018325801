//! Which way leads from a response to its usage, chosen where its type is known: its `TokenUsage`,
//! else its `Serialize`, else none. See [`Seen`](crate::context::seen::Seen).

#[expect(missing_docs, reason = "each trait is one rung of the ladder")]
mod rungs {
    use crate::ai::{AiResponse, Source};
    use crate::context::seen::Seen;
    use crate::record::TokenUsage;

    pub trait TraitInside {
        fn __monitor_response(&self, into: &mut AiResponse);
    }
    impl<T: TokenUsage, E> TraitInside for &&&&Seen<'_, Result<T, E>> {
        #[inline]
        fn __monitor_response(&self, into: &mut AiResponse) {
            if let Ok(response) = self.0 {
                into.read_trait(response);
            }
        }
    }
    impl<T: TokenUsage> TraitInside for &&&&Seen<'_, Option<T>> {
        #[inline]
        fn __monitor_response(&self, into: &mut AiResponse) {
            if let Some(response) = self.0 {
                into.read_trait(response);
            }
        }
    }

    pub trait TraitItself {
        fn __monitor_response(&self, into: &mut AiResponse);
    }
    impl<T: TokenUsage + ?Sized> TraitItself for &&&Seen<'_, T> {
        #[inline]
        fn __monitor_response(&self, into: &mut AiResponse) {
            into.read_trait(self.0);
        }
    }

    #[cfg(feature = "serde")]
    mod by_serde {
        use super::{AiResponse, Seen};
        use crate::ai::probe::probe;
        use serde::Serialize;

        pub trait SerdeInside {
            fn __monitor_response(&self, into: &mut AiResponse);
        }
        impl<T: Serialize, E> SerdeInside for &&Seen<'_, Result<T, E>> {
            #[inline]
            fn __monitor_response(&self, into: &mut AiResponse) {
                if let Ok(response) = self.0 {
                    probe(response, into);
                }
            }
        }
        impl<T: Serialize> SerdeInside for &&Seen<'_, Option<T>> {
            #[inline]
            fn __monitor_response(&self, into: &mut AiResponse) {
                if let Some(response) = self.0 {
                    probe(response, into);
                }
            }
        }

        pub trait SerdeItself {
            fn __monitor_response(&self, into: &mut AiResponse);
        }
        impl<T: Serialize + ?Sized> SerdeItself for &Seen<'_, T> {
            #[inline]
            fn __monitor_response(&self, into: &mut AiResponse) {
                probe(self.0, into);
            }
        }
    }
    #[cfg(feature = "serde")]
    pub use by_serde::{SerdeInside, SerdeItself};

    pub trait Inside {
        fn __monitor_response(&self, into: &mut AiResponse);
    }
    impl<T, E> Inside for &Seen<'_, Result<T, E>> {
        #[inline]
        fn __monitor_response(&self, into: &mut AiResponse) {
            if self.0.is_ok() {
                into.begin::<T>(Source::Unknown);
            }
        }
    }

    pub trait Unknown {
        fn __monitor_response(&self, into: &mut AiResponse);
    }
    impl<T: ?Sized> Unknown for Seen<'_, T> {
        #[inline]
        fn __monitor_response(&self, into: &mut AiResponse) {
            into.begin::<T>(Source::Unknown);
        }
    }
}

/// What expansions import, without names: see [`Seen`](crate::context::seen::Seen). The method is
/// `(&&&&&Seen(&response)).__monitor_response(into)`.
#[doc(hidden)]
pub mod ai_response {
    pub use super::rungs::{Inside as _, TraitInside as _, TraitItself as _, Unknown as _};
    #[cfg(feature = "serde")]
    pub use super::rungs::{SerdeInside as _, SerdeItself as _};
}
