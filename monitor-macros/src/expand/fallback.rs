use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::parse::Item;

/// All mistakes, and the item as if our attributes weren't there: its callers see no second error.
pub(crate) fn fallback(item: &Item, diagnostics: Diagnostics) -> TokenStream {
    let mut tokens = diagnostics.completions();
    tokens.extend(diagnostics.into_compile_errors());
    item.to_tokens(&mut tokens);
    tokens
}
