//! Tokens of an instrumented function.
//!
//! Everything that isn't the user's has `Span::mixed_site()`: its variables can't be seen by the
//! body, and lints leave it alone. The user's tokens keep their spans, so that errors point at them.

mod ai;
mod ai_stream;
mod arguments;
mod async_body;
mod body;
mod callsite;
mod canonical;
mod companion;
mod delayed_body;
mod entry;
mod fallback;
mod outcome;
mod return_type;
mod runtime;
mod sync_body;
mod value;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;

use crate::model::Plan;
use crate::parse::{Function, Item, taken};

pub(crate) use companion::companion;
pub(crate) use fallback::fallback;
pub(crate) use outcome::failure;
pub(crate) use runtime::Runtime;
pub(crate) use value::value;

/// The function with everything that the plan asks for.
pub(crate) fn expand(plan: &Plan, item: &Item, function: Function) -> TokenStream {
    let runtime = Runtime::new(plan.crate_path.as_ref());
    let attributes = &item.attributes;
    let siblings = left_behind(&item.siblings);
    let site = callsite::callsite(plan, &function.signature.ident, &runtime);
    let inner_attributes = function.inner_attributes.clone();
    let (visibility, name) = (function.visibility.clone(), function.signature.ident.to_string());
    let braces = canonical::canonical(&name, &function.body, function.braces);
    let unread = function.unread.clone();
    let (signature, body) = body::body(plan, attributes, function, &runtime);
    let block =
        braced(braces, quote_spanned! {glue()=> #(#inner_attributes)* #siblings #site #body });
    match unread {
        Some(written) => quote_spanned! {glue()=> #(#attributes)* #written #block },
        None => quote_spanned! {glue()=> #(#attributes)* #visibility #signature #block },
    }
}

/// Uses of the attributes whose arguments were taken, on something small.
fn left_behind(siblings: &[Path]) -> Option<TokenStream> {
    let attributes = siblings.iter().map(taken);
    (!siblings.is_empty()).then(|| quote_spanned! {glue()=> #(#attributes)* const _: () = (); })
}

/// The span of everything that isn't the user's.
pub(crate) fn glue() -> Span {
    Span::mixed_site()
}

/// Ours, but errors about it point at the user's tokens.
pub(crate) fn glue_at(tokens: &impl ToTokens) -> Span {
    let first = tokens.to_token_stream().into_iter().next();
    first.map_or_else(glue, |token| token.span().resolved_at(glue()))
}

/// A block whose braces are the user's: they say which edition's rules hold inside.
fn braced(braces: Span, content: TokenStream) -> TokenStream {
    let mut group = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, content);
    group.set_span(braces);
    group.into_token_stream()
}
