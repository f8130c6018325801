use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::Path;

use super::glue;

/// The one module that expansions may name.
pub(crate) struct Runtime(TokenStream);

impl Runtime {
    /// `crate_path` is what the user gave as `crate = ..`.
    pub(crate) fn new(crate_path: Option<&Path>) -> Self {
        let root = match crate_path {
            Some(path) => ours(path),
            None => quote_spanned! {glue()=> ::monitor_runtime },
        };
        Self(quote_spanned! {glue()=> #root::__private })
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// The path at the place where it was written, but ours in the eyes of lints.
fn ours(path: &Path) -> TokenStream {
    let respan = |mut token: proc_macro2::TokenTree| {
        token.set_span(token.span().resolved_at(glue()));
        token
    };
    path.to_token_stream().into_iter().map(respan).collect()
}
