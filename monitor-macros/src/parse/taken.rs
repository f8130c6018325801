//! What stays of an attribute when an outer one took what it says.
//!
//! Without any use left, the compiler would call the attribute's import unused.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Path;

/// The argument of an attribute that has nothing left to do.
const TAKEN: &str = "__stacked";

/// The attribute as it is left somewhere in the expansion.
pub(crate) fn taken(path: &Path) -> TokenStream {
    let mark = Ident::new(TAKEN, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=> #[#path(#mark)] }
}

/// Whether an attribute has nothing left to do.
pub(crate) fn was_taken(arguments: &TokenStream) -> bool {
    match arguments.clone().into_iter().next() {
        Some(TokenTree::Ident(word)) => word == TAKEN,
        _ => false,
    }
}
