use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Attribute, Signature};

use super::arguments::Arguments;
use super::{Runtime, async_body, braced, delayed_body, entry, glue, outcome, sync_body};
use crate::model::{Plan, Returned, Shape};
use crate::parse::{Function, identifiers, leaves_early};

/// The signature and what goes between the braces, behind the callsite.
pub(crate) fn body(
    plan: &Plan,
    attributes: &[Attribute],
    function: Function,
    runtime: &Runtime,
) -> (Signature, TokenStream) {
    let Function { mut signature, body, braces, unread, .. } = function;
    let entry = entry::entry(plan, &signature, runtime);
    let used = identifiers(quote_spanned! {glue()=> #entry #body });
    // An item in the block keeps the lint for unused braces quiet, whatever the body is.
    let block = braced(braces, quote_spanned! {glue()=> const _: () = (); #body });
    let returned = Returned::of(&signature);
    let (shape, value) = (Shape::of_outcome(&signature), returned.value(&signature.output));
    let asked = match returned {
        Returned::Stream(_) => outcome::item_observer(plan, shape, value, runtime),
        _ => outcome::observer(plan, shape, value, runtime),
    };
    let place = place(attributes, &signature, &body, plan);
    let observer = asked.as_ref();

    let tokens = match (signature.asyncness, &returned) {
        (None, Returned::Value) => match (observer, place) {
            (None, _) | (_, Place::OnlyStatus) => sync_body::guarded(&entry, &block, runtime),
            (Some(observer), Place::Kept) => {
                sync_body::observed_in_place(&signature.output, &entry, &block, observer, runtime)
            }
            (Some(observer), Place::Closure) => {
                let arguments = Arguments::capture(&mut signature, &used);
                let output = &signature.output;
                sync_body::observed(&arguments, output, &entry, &block, observer, runtime)
            }
        },
        (None, Returned::Future(_) | Returned::Stream(_)) if place == Place::OnlyStatus => {
            sync_body::guarded(&entry, &block, runtime)
        }
        (None, Returned::Future(delayed)) => {
            let arguments = Arguments::capture(&mut signature, &used);
            let body = delayed_body::closure(&arguments, &signature.output, &entry, &block);
            delayed_body::future(delayed, &signature.output, &body, observer, runtime)
        }
        (None, Returned::Stream(delayed)) => {
            let arguments = Arguments::capture(&mut signature, &used);
            let body = delayed_body::closure(&arguments, &signature.output, &entry, &block);
            delayed_body::stream(delayed, &signature.output, &body, observer, runtime)
        }
        (Some(_), _) if unread.is_some() => async_body::in_span_untyped(&entry, &block, runtime),
        (Some(_), _) => {
            let arguments = Arguments::capture(&mut signature, &used);
            let output = &signature.output;
            async_body::in_span(&arguments, output, &entry, &block, observer, runtime)
        }
    };
    (signature, tokens)
}

/// Where the body of a function that isn't async goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Into a closure, which sees the value of every `return`.
    Closure,
    /// It stays: a closure would hide the caller's place from it, and it has no `return`.
    Kept,
    /// It stays, unseen: a status isn't worth the caller's place.
    OnlyStatus,
}

fn place(
    attributes: &[Attribute],
    signature: &Signature,
    body: &TokenStream,
    plan: &Plan,
) -> Place {
    let tracks_caller =
        attributes.iter().any(|attribute| attribute.path().is_ident("track_caller"));
    if !tracks_caller || signature.asyncness.is_some() {
        Place::Closure
    } else if !leaves_early(body.clone()) && matches!(Returned::of(signature), Returned::Value) {
        Place::Kept
    } else if outcome::reads_value(plan) {
        Place::Closure
    } else {
        Place::OnlyStatus
    }
}
