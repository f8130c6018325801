//! Bodies that a lint asks for, and then doesn't find where a macro put them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote_spanned;

use super::glue;

/// An attribute that keeps clippy quiet about a body that is already as it wants it.
pub(super) fn canonical(name: &str, body: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    match name {
        "partial_cmp" if is_some_of_cmp(&tokens) => {
            Some(quote_spanned! {glue()=> #[allow(clippy::non_canonical_partial_ord_impl)] })
        }
        "clone" if is_copy(&tokens) => {
            Some(quote_spanned! {glue()=> #[allow(clippy::non_canonical_clone_impl)] })
        }
        _ => None,
    }
}

/// `Some(self.cmp(other))`, `Some(Ord::cmp(self, other))`
fn is_some_of_cmp(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Ident(some), TokenTree::Group(compared)] = tokens else { return false };
    let is_cmp = |token: TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "cmp");
    some == "Some"
        && compared.delimiter() == Delimiter::Parenthesis
        && compared.stream().into_iter().any(is_cmp)
}

/// `*self`
fn is_copy(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(star), TokenTree::Ident(this)]
        if star.as_char() == '*' && this == "self")
}
