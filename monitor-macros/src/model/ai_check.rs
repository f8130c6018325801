//! What an AI call can only be told with the function in view.

use proc_macro2::Ident;
use syn::{Expr, Signature};

use super::check::argument_names;
use super::{AiCall, Plan, Returned};
use crate::diagnostics::{Diagnostics, did_you_mean};
use crate::parse::{Function, unwrapped};

pub(super) fn check_ai(plan: &Plan, function: &Function, diagnostics: &mut Diagnostics) {
    let Some(ai) = &plan.ai else { return };
    check_denial(ai, &function.signature, diagnostics);
    check_fallback(plan, ai, &function.signature, diagnostics);
    if function.unread.is_none() {
        check_names(ai, &function.signature, diagnostics);
    }
}

/// A call that is refused returns at once, and a stream or an opaque future can't say why.
fn check_denial(ai: &AiCall, signature: &Signature, diagnostics: &mut Diagnostics) {
    let Some(budget) = ai.budget.as_ref().filter(|budget| budget.denies) else { return };
    let carries = match Returned::of(signature) {
        Returned::Value => true,
        Returned::Future(delayed) => delayed.is_boxed,
        Returned::Stream(_) => false,
    };
    if !carries {
        let message = "a call that its budget denies returns an error, and this function returns \
                       something that can't be one; make it an `async fn` that returns a `Result`";
        diagnostics.over(&budget.name, message);
    }
}

/// A panic in a stream comes when the function has returned.
fn check_fallback(plan: &Plan, ai: &AiCall, signature: &Signature, diagnostics: &mut Diagnostics) {
    let returned = Returned::of(signature);
    let streams = ai.stream_in(returned.value(&signature.output)).is_some();
    if let (Some(fallback), true, Returned::Value) = (&plan.fallback, streams, &returned) {
        let message = "`fallback` takes the place of a value, and this function returns a stream";
        diagnostics.over(fallback, message);
    }
}

/// A variable that is no argument: the values are read before the body makes any.
fn check_names(ai: &AiCall, signature: &Signature, diagnostics: &mut Diagnostics) {
    let names = argument_names(signature);
    for (key, recorded) in &ai.named {
        let Some(variable) = variable(&recorded.value) else { continue };
        let word = variable.to_string();
        if names.contains(&word) || !is_variable(&word) {
            continue;
        }
        let function = &signature.ident;
        let advice = did_you_mean(&word, names.iter().map(String::as_str))
            .unwrap_or_else(|| format!("; write `{key} = \"..\"`, or name one of its arguments"));
        diagnostics.over(&variable, format!("`{function}` has no argument `{word}`{advice}"));
    }
}

/// The first word of `model`, `&request.model`, `request.model.as_str()`.
fn variable(value: &Expr) -> Option<Ident> {
    match unwrapped(value) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
        Expr::Field(field) => variable(&field.base),
        Expr::Reference(reference) => variable(&reference.expr),
        Expr::MethodCall(call) => variable(&call.receiver),
        _ => None,
    }
}

/// Constants, types and `self` begin otherwise, or are found otherwise.
fn is_variable(word: &str) -> bool {
    word != "self" && word.starts_with(|letter: char| letter.is_lowercase() || letter == '_')
}
