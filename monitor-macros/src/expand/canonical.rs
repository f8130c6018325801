//! A body that a lint asks for, and then doesn't find where a macro put it.

use proc_macro2::{Span, TokenStream, TokenTree};

use super::glue;

/// The braces of the whole function. clippy wants nothing in the `clone` of a `Copy` type but `*self`; if
/// that is there, the braces are ours, and it looks no further.
pub(super) fn canonical(name: &str, body: &TokenStream, braces: Span) -> Span {
    if name == "clone" && is_copy(body) { glue() } else { braces }
}

/// `*self`
fn is_copy(body: &TokenStream) -> bool {
    let mut tokens = body.clone().into_iter();
    let (star, this, end) = (tokens.next(), tokens.next(), tokens.next());
    matches!((star, this, end), (Some(TokenTree::Punct(star)), Some(TokenTree::Ident(this)), None)
        if star.as_char() == '*' && this == "self")
}
