use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Attribute, Signature};

use super::arguments::Arguments;
use super::{Runtime, async_body, braced, entry, glue, outcome, sync_body};
use crate::model::{Plan, Shape};
use crate::parse::{Function, identifiers};

/// The signature and what goes between the braces, behind the callsite.
pub(crate) fn body(
    plan: &Plan,
    attributes: &[Attribute],
    function: Function,
    runtime: &Runtime,
) -> (Signature, TokenStream) {
    let Function { mut signature, body, braces, .. } = function;
    let entry = entry::entry(plan, &signature, runtime);
    let observer = observer(plan, attributes, &signature, runtime);
    let used = identifiers(quote_spanned! {glue()=> #entry #body });
    // An item in the block keeps the lint for unused braces quiet, whatever the body is.
    let block = braced(braces, quote_spanned! {glue()=> const _: () = (); #body });

    let tokens = match (signature.asyncness, observer) {
        (None, None) => sync_body::guarded(&entry, &block, runtime),
        (None, Some(observer)) => {
            let arguments = Arguments::capture(&mut signature, &used);
            let output = &signature.output;
            sync_body::observed(&arguments, output, &entry, &block, &observer, runtime)
        }
        (Some(_), observer) => {
            let arguments = Arguments::capture(&mut signature, &used);
            let (output, observer) = (&signature.output, observer.as_ref());
            async_body::in_span(&arguments, output, &entry, &block, observer, runtime)
        }
    };
    (signature, tokens)
}

/// What reads the returned value, unless that would cost more than it tells.
fn observer(
    plan: &Plan,
    attributes: &[Attribute],
    signature: &Signature,
    runtime: &Runtime,
) -> Option<TokenStream> {
    // A closure would hide the caller's place from the body; a status alone isn't worth that.
    let tracks_caller =
        attributes.iter().any(|attribute| attribute.path().is_ident("track_caller"));
    if tracks_caller && signature.asyncness.is_none() && !outcome::reads_value(plan) {
        return None;
    }
    outcome::observer(plan, Shape::of(&signature.output), runtime)
}
