use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Path;

use super::glue;

/// The one module that expansions may name.
///
/// Kept as single tokens: to put a stream into another costs a call into the compiler.
pub(crate) struct Runtime(Vec<TokenTree>);

impl Runtime {
    /// `crate_path` is what the user gave as `crate = ..`.
    pub(crate) fn new(crate_path: Option<&Path>) -> Self {
        let root = match crate_path {
            Some(path) => ours(path),
            None => quote_spanned! {glue()=> ::monitor_runtime },
        };
        Self(quote_spanned! {glue()=> #root::__private }.into_iter().collect())
    }

    /// One of its functions, so that an error about the call underlines all of these tokens.
    pub(crate) fn function(&self, name: &str, over: &impl ToTokens) -> TokenStream {
        let over: Vec<TokenTree> = over.to_token_stream().into_iter().collect();
        let span = |token: Option<&TokenTree>| {
            token.map_or_else(glue, |token| token.span().resolved_at(glue()))
        };
        let (first, last) = (span(over.first()), span(over.last()));
        let module = self.0.iter().cloned().map(|mut token| {
            token.set_span(first);
            token
        });
        let name = Ident::new(name, last);
        quote_spanned! {first=> #(#module)*::#name }
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}

/// The path at the place where it was written, but ours in the eyes of lints.
fn ours(path: &Path) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(token.span().resolved_at(glue()));
        token
    };
    path.to_token_stream().into_iter().map(respan).collect()
}
