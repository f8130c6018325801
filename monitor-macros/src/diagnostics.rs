//! Collects every mistake, so that one build shows them all.

mod nearest;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

pub(crate) use nearest::{alternatives, did_you_mean};

/// All mistakes found on one function.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Option<syn::Error>,
    unknown: Vec<(&'static str, Ident)>,
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

    /// An argument that the attribute doesn't have, or that isn't written to its end.
    pub(crate) fn unknown(&mut self, owner: &'static str, key: Ident) {
        self.unknown.push((owner, key));
    }

    /// What an editor completes unknown arguments from.
    ///
    /// rust-analyzer sets `cfg(miri)`, and unlike its own `rust_analyzer` no lint takes that for a mistake.
    /// Miri itself doesn't come so far where a mistake was made.
    pub(crate) fn completions(&self) -> TokenStream {
        let at = Span::mixed_site();
        let imports = self.unknown.iter().map(|(owner, key)| {
            let attribute = Ident::new(owner, at);
            quote_spanned! {at=> use ::monitor_runtime::__private::keys::#attribute::#key; }
        });
        let imports: TokenStream = imports.collect();
        if imports.is_empty() {
            return imports;
        }
        quote_spanned! {at=> #[cfg(miri)] fn __monitor_keys() { #imports } }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_none()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.errors.map(syn::Error::into_compile_error).unwrap_or_default()
    }
}
