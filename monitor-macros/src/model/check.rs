//! What can only be said with the function or the other attributes in view.

use quote::ToTokens;
use syn::{FnArg, Pat, Signature};

use super::ai_check::check_ai;
use super::{CaptureErrors, Plan, Recorded, Returned, Shape, Traced};
use crate::diagnostics::{Diagnostics, did_you_mean};
use crate::parse::{Function, identifiers};

/// Reports every mistake that the arguments make with this function.
///
/// `denied`: what the build forbids beyond that, from the variable `MONITOR_DENY`.
pub(crate) fn check(plan: &Plan, function: &Function, denied: &str, diagnostics: &mut Diagnostics) {
    if denied.split(',').any(|name| name.trim() == "bare_captures") {
        check_context(plan, function, diagnostics);
    }
    if let Some(traced) = &plan.traced {
        check_flags(traced, diagnostics);
    }
    if let Some(capture) = &plan.capture {
        check_outcome(capture, function, diagnostics);
    }
    if let Some(health) = &plan.health {
        health.check(function, diagnostics);
    }
    check_stream(plan, &function.signature, diagnostics);
    check_fallback(plan, &function.signature, diagnostics);
    check_ai(plan, function, diagnostics);
    if function.unread.is_some() {
        return;
    }
    let names = argument_names(&function.signature);
    for value in recorded(plan) {
        check_shorthand(value, &names, &function.signature, diagnostics);
    }
}

/// An error of which nobody says what failed takes long to understand.
fn check_context(plan: &Plan, function: &Function, diagnostics: &mut Diagnostics) {
    let Some(capture) = &plan.capture else { return };
    let says_something = capture.kind.is_some()
        || !capture.tags.is_empty()
        || !capture.contexts.is_empty()
        || plan.ai.is_some()
        || plan
            .traced
            .as_ref()
            .is_some_and(|traced| traced.is_scoped() || !traced.fields.is_empty());
    if !says_something {
        let message = format!(
            "`MONITOR_DENY=bare_captures`: `{}` captures errors and says nothing of what it does; \
             add for example `kind = database(..)`, `tags(..)` or `context(..)` to \
             `#[capture_errors]`, or `fields(..)` to `#[traced]`",
            function.signature.ident
        );
        diagnostics.over(&function.signature.ident, message);
    }
}

fn check_flags(traced: &Traced, diagnostics: &mut Diagnostics) {
    if let (Some(root), Some(child_only)) = (traced.root, traced.child_only) {
        let message = "`child_only` makes no span without a parent, but `root` never takes one; \
                       keep one of them";
        diagnostics.at(child_only, message);
        diagnostics.at(root, "`root` is given here");
    }
}

fn check_outcome(capture: &CaptureErrors, function: &Function, diagnostics: &mut Diagnostics) {
    let signature = &function.signature;
    let is_outcome = match Shape::of_outcome(signature) {
        Shape::Outcome => true,
        // `skip_if` looks at an error, and `None` has none.
        Shape::Optional => capture.skip_if.is_none(),
        Shape::Plain | Shape::Never => false,
    };
    if function.unread.is_some() || is_outcome {
        return;
    }
    if let Some(skip_if) = &capture.skip_if {
        diagnostics.over(skip_if, "`skip_if` needs a function that returns a `Result`");
    } else if !capture.panics {
        report_no_outcome(signature, diagnostics);
    }
}

fn report_no_outcome(signature: &Signature, diagnostics: &mut Diagnostics) {
    let advice = "return a `Result`, or ask for panics with `#[capture_errors(panics)]`";
    match Returned::of(signature).value(&signature.output) {
        None => {
            let message = format!("`{}` returns no error to capture; {advice}", signature.ident);
            diagnostics.over(&signature.ident, message);
        }
        Some(written) => {
            let message = format!("this type holds no error to capture; {advice}");
            diagnostics.over(written, message);
        }
    }
}

/// What is read from one value can't be read from a stream of them.
fn check_stream(plan: &Plan, signature: &Signature, diagnostics: &mut Diagnostics) {
    if !matches!(Returned::of(signature), Returned::Stream(_)) {
        return;
    }
    let rows = plan.slow.as_ref().and_then(|slow| slow.rows.as_ref());
    for (name, reader) in [("rows", rows), ("status", plan.status.as_ref())] {
        if let Some(reader) = reader {
            let message = format!(
                "`{name}` reads the value that a function returns, and this one returns a stream"
            );
            diagnostics.over(reader, message);
        }
    }
}

/// A panic in a future or a stream comes when the function has returned.
fn check_fallback(plan: &Plan, signature: &Signature, diagnostics: &mut Diagnostics) {
    if let Some(fallback) = &plan.fallback
        && !matches!(Returned::of(signature), Returned::Value)
    {
        let message = "`fallback` takes the place of a value, and this function returns a future \
                       or a stream; make it an `async fn`, or leave `fallback` out";
        diagnostics.over(fallback, message);
    }
}

fn recorded(plan: &Plan) -> impl Iterator<Item = &Recorded> {
    let traced = plan.traced.iter().flat_map(|traced| {
        let contexts = traced.contexts.iter().flat_map(super::Context::values);
        traced.fields.iter().chain(&traced.tags).chain(contexts)
    });
    let capture = plan.capture.iter().flat_map(|capture| {
        let contexts = capture.contexts.iter().flat_map(super::Context::values);
        let details = capture.kind.iter().flat_map(|kind| &kind.details);
        capture.tags.iter().chain(details).chain(contexts)
    });
    let command = plan.command.iter();
    let command = command.flat_map(|command| command.values.iter().chain(&command.parameters));
    let crumbs = plan.crumbs.iter().flat_map(|crumb| &crumb.data);
    traced.chain(capture).chain(command).chain(crumbs)
}

fn check_shorthand(
    value: &Recorded,
    names: &[String],
    signature: &Signature,
    diagnostics: &mut Diagnostics,
) {
    let Some(variable) = &value.shorthand else {
        return;
    };
    let word = variable.to_string();
    if names.contains(&word) {
        return;
    }
    let function = &signature.ident;
    let advice = did_you_mean(&word, names.iter().map(String::as_str)).unwrap_or_else(|| {
        format!("; write `{} = value` to record something else", value.key.value())
    });
    diagnostics.over(variable, format!("`{function}` has no argument `{word}`{advice}"));
}

/// The names that a call's arguments have inside the function.
pub(super) fn argument_names(signature: &Signature) -> Vec<String> {
    let mut names = Vec::new();
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(_) => names.push("self".to_owned()),
            FnArg::Typed(typed) => match typed.pat.as_ref() {
                Pat::Ident(simple) if simple.subpat.is_none() => {
                    names.push(simple.ident.to_string());
                }
                pattern => names.extend(identifiers(pattern.to_token_stream())),
            },
        }
    }
    names
}
