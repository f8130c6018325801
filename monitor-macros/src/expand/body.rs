use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::{Attribute, Signature};

use super::ai_stream::{self, Way};
use super::arguments::Arguments;
use super::outcome::Look;
use super::{Runtime, async_body, braced, delayed_body, entry, glue, outcome, sync_body};
use crate::model::{AiCall, Plan, Returned, Shape};
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
    let block = block(braces, &body);
    let returned = Returned::of(&signature);
    let (shape, value) = (Shape::of_outcome(&signature), returned.value(&signature.output));
    let fallback = plan.fallback.as_ref();
    let place = place(attributes, &signature, &body, plan);
    let captured = |signature: &mut Signature| {
        Arguments::capture(signature, &identifiers(quote_spanned! {glue()=> #entry #body }))
    };

    let tokens = match (signature.asyncness, &returned) {
        (Some(_), _) if unread.is_some() => async_body::in_span_untyped(&entry, &block, runtime),
        (Some(_), _) => {
            let look = outcome::look(plan, shape, value, runtime);
            let arguments = captured(&mut signature);
            let output = &signature.output;
            async_body::in_span(&arguments, output, &entry, &block, &look, fallback, runtime)
        }
        (None, _) if place == Place::OnlyStatus => sync_body::guarded(&entry, &block, runtime),
        (None, Returned::Value) => match (outcome::look(plan, shape, value, runtime), place) {
            (Look::Stream(observer, held), _) => {
                let arguments = captured(&mut signature);
                let body = delayed_body::closure(&arguments, &signature.output, &entry, &block);
                held.call(Way::Sync, &body, &observer, runtime)
            }
            (Look::Nothing, _) if fallback.is_none() => {
                if ends_at_its_end(shape, &body) {
                    sync_body::observed_in_place(
                        &signature.output,
                        &entry,
                        &block,
                        &Look::Nothing,
                        runtime,
                    )
                } else {
                    sync_body::guarded(&entry, &block, runtime)
                }
            }
            (look, Place::Kept) if fallback.is_none() => {
                sync_body::observed_in_place(&signature.output, &entry, &block, &look, runtime)
            }
            (look, _) => {
                let arguments = captured(&mut signature);
                let output = &signature.output;
                sync_body::observed(&arguments, output, &entry, &block, &look, fallback, runtime)
            }
        },
        (None, Returned::Future(delayed)) => {
            let look = outcome::look(plan, shape, value, runtime);
            let arguments = captured(&mut signature);
            let body = delayed_body::closure(&arguments, &signature.output, &entry, &block);
            delayed_body::future(delayed, &signature.output, &body, &look, runtime)
        }
        (None, Returned::Stream(delayed)) => {
            let item = outcome::item_observer(plan, shape, value, runtime);
            let arguments = captured(&mut signature);
            let output = &signature.output;
            let body = delayed_body::closure(&arguments, output, &entry, &block);
            match &plan.ai {
                Some(ai) => {
                    let item = outcome::ai_item_observer(plan, ai, runtime, glue());
                    ai_stream::direct(delayed, output, &body, &item, runtime)
                }
                None => delayed_body::stream(delayed, output, &body, item.as_ref(), runtime),
            }
        }
    };
    (signature, tokens)
}

/// The body in a block of its own.
///
/// An item keeps the lint for unused braces quiet, where there is no statement that does.
fn block(braces: Span, body: &TokenStream) -> TokenStream {
    let is_semicolon =
        |token: TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let has_statement = body.clone().into_iter().any(is_semicolon);
    let item = (!has_statement).then(|| quote_spanned! {glue()=> const _: () = (); });
    braced(braces, quote_spanned! {glue()=> #item #body })
}

/// Whether the body of a function has no way out but its end, as far as can be told.
fn ends_at_its_end(shape: Shape, body: &TokenStream) -> bool {
    shape != Shape::Never && !leaves_early(body.clone())
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
    // A call that is denied has another way out than its end.
    let may_be_denied = plan.ai.as_ref().is_some_and(AiCall::may_be_denied);
    if !tracks_caller || signature.asyncness.is_some() || may_be_denied {
        Place::Closure
    } else if !leaves_early(body.clone()) && matches!(Returned::of(signature), Returned::Value) {
        Place::Kept
    } else if outcome::reads_value(plan) || plan.fallback.is_some() {
        Place::Closure
    } else {
        Place::OnlyStatus
    }
}
