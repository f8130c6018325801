//! Collects every mistake, so that one build shows them all.

mod nearest;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

pub(crate) use nearest::{alternatives, did_you_mean};

/// All mistakes found on one function.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Option<syn::Error>,
}

impl Diagnostics {
    /// A mistake at one place.
    pub(crate) fn at(&mut self, place: Span, message: impl Into<String>) {
        self.add(syn::Error::new(place, message.into()));
    }

    /// A mistake that covers all of these tokens.
    pub(crate) fn over(&mut self, tokens: impl ToTokens, message: impl Into<String>) {
        self.add(syn::Error::new_spanned(tokens, message.into()));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_none()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.map(syn::Error::into_compile_error).unwrap_or_default()
    }
}
