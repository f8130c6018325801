//! What is read from the value that the function returns.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{Expr, Type};

use super::ai::response;
use super::ai_stream::Held;
use super::{Runtime, glue, glue_at};
use crate::model::{AiCall, AiErrors, Plan, Shape, is_boxed_error};
use crate::parse::AttributeKind;

/// What is looked at in the value of a call.
pub(crate) enum Look {
    Nothing,
    /// Whether it is an error.
    Status,
    /// More than that: `|__o, __e| { .. }`.
    Value(TokenStream),
    /// The same, and a stream inside of it that the span goes on with.
    Stream(TokenStream, Box<Held>),
}

/// What the plan asks of the value.
pub(crate) fn look(plan: &Plan, shape: Shape, value: Option<&Type>, runtime: &Runtime) -> Look {
    if shape == Shape::Outcome && value.is_some() && !reads_value(plan) {
        return Look::Status;
    }
    let observer = observer(plan, shape, value, runtime);
    if let (Some(ai), Some(value)) = (&plan.ai, value)
        && let Some(lies) = ai.stream_in(Some(value))
    {
        let observer = observer.unwrap_or_else(|| quote_spanned! {glue()=> |_, _| {} });
        let item = ai_item_observer(plan, ai, runtime, glue_at(value));
        let held = Held { lies, value: value.clone(), item };
        return Look::Stream(observer, Box::new(held));
    }
    observer.map_or(Look::Nothing, Look::Value)
}

/// `|__o, __e| { .. }`, when anything is to be read.
pub(crate) fn observer(
    plan: &Plan,
    shape: Shape,
    value: Option<&Type>,
    runtime: &Runtime,
) -> Option<TokenStream> {
    let mut statements = TokenStream::new();
    if shape == Shape::Outcome {
        statements.extend(failures(plan, value, runtime));
    }
    if shape == Shape::Optional && plan.capture.is_some() {
        statements.extend(quote_spanned! {glue()=> __e.failure(#runtime::missing(__o)); });
    }
    if shape != Shape::Never {
        let rows = plan.slow.as_ref().and_then(|slow| slow.rows.as_ref());
        statements.extend(rows.map(|rows| from_success("rows", rows, runtime)));
        let status = plan.status.as_ref();
        statements.extend(status.map(|status| from_success("status_code", status, runtime)));
        if let Some((category, message)) = &plan.on_success {
            statements.extend(quote_spanned! {glue()=> __e.on_success(#category, #message); });
        }
        // Of a stream the items say it.
        let ai = plan.ai.as_ref().filter(|ai| ai.stream_in(value).is_none());
        statements.extend(ai.map(|ai| response(ai, runtime)));
    }
    (!statements.is_empty()).then(|| quote_spanned! {glue()=> |__o, __e| { #statements } })
}

/// The same for an item of a stream: how many rows there were isn't in any one of them.
pub(crate) fn item_observer(
    plan: &Plan,
    shape: Shape,
    value: Option<&Type>,
    runtime: &Runtime,
) -> Option<TokenStream> {
    if shape != Shape::Outcome || !plan.captures() {
        return None;
    }
    let failures = failures(plan, value, runtime);
    Some(quote_spanned! {glue()=> |__o, __e| { #failures } })
}

/// The same for an item of a stream of a model's answer, whose type need not be known.
/// The compiler says once at one place that the type isn't one of a stream: `at` is where `hold` asks.
pub(crate) fn ai_item_observer(
    plan: &Plan,
    ai: &AiCall,
    runtime: &Runtime,
    at: Span,
) -> TokenStream {
    let failures = failures(plan, None, runtime);
    let response = response(ai, runtime);
    quote_spanned! {at=> |__o, __e| { #failures #response } }
}

/// How the call failed, if it did.
fn failures(plan: &Plan, value: Option<&Type>, runtime: &Runtime) -> TokenStream {
    let mut statements = TokenStream::new();
    statements.extend(skip_or_check(plan, value, runtime));
    if let Some(ai) = &plan.ai {
        if ai.errors == AiErrors::None && plan.capture.is_none() {
            return statements;
        }
        statements.extend(super::ai::error(runtime));
    }
    statements.extend(failure(value, runtime));
    statements
}

/// Whether the value is asked for more than its status.
pub(crate) fn reads_value(plan: &Plan) -> bool {
    plan.captures()
        || plan.ai.is_some()
        || plan.status.is_some()
        || plan.on_success.is_some()
        || plan.slow.as_ref().is_some_and(|slow| slow.rows.is_some())
}

/// What goes before the failure: whether to skip it, or else whether there can be one.
fn skip_or_check(plan: &Plan, value: Option<&Type>, runtime: &Runtime) -> Option<TokenStream> {
    let capture = plan.capture.as_ref()?;
    match &capture.skip_if {
        Some(skip_if) => Some(skip(skip_if, runtime)),
        None if capture.panics || plan.inherits_all(AttributeKind::CaptureErrors) => None,
        // What is called so is one, if only by its name.
        None if is_result(value?) => None,
        None => Some(check(value?, runtime)),
    }
}

fn is_result(value: &Type) -> bool {
    matches!(value, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

/// Asks the compiler for a type that errors can be captured from, where the user wrote it.
fn check(value: &Type, runtime: &Runtime) -> TokenStream {
    let function = runtime.function("outcome", value);
    let at = glue_at(value);
    quote_spanned! {at=> #function(__o); }
}

fn skip(skip_if: &Expr, runtime: &Runtime) -> TokenStream {
    quote_spanned! {glue_at(skip_if)=>
        __e.skip(#runtime::err(__o).is_some_and(#skip_if));
    }
}

/// What looks for an error in a value of this type.
pub(crate) fn failure(value: Option<&Type>, runtime: &Runtime) -> TokenStream {
    let ladder = if value.is_some_and(is_boxed_error) { "boxed_failure" } else { "failure" };
    let ladder = proc_macro2::Ident::new(ladder, glue());
    quote_spanned! {glue()=> {
        use #runtime::#ladder::*;
        __e.failure((&&&&&&&&#runtime::Seen(__o)).__monitor_failure());
    } }
}

/// A number that the user's closure takes from an `Ok`, a `Some` or a plain value.
pub(super) fn from_success(name: &str, reader: &Expr, runtime: &Runtime) -> TokenStream {
    let function = runtime.function(name, reader);
    let name = proc_macro2::Ident::new(name, glue());
    let success = success(runtime);
    quote_spanned! {glue_at(reader)=> __e.#name(|| #function(#success, #reader,)); }
}

/// What is inside an `Ok` or a `Some`, or the value itself.
pub(super) fn success(runtime: &Runtime) -> TokenStream {
    quote_spanned! {glue()=> {
        use #runtime::success::*;
        (&&&#runtime::Seen(__o)).__monitor_success()
    } }
}
