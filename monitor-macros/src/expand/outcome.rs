//! What is read from the value that the function returns.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Expr, Type};

use super::{Runtime, glue, glue_at};
use crate::model::{Plan, Shape, is_boxed_error};
use crate::parse::AttributeKind;

/// What is looked at in the value of a call.
pub(crate) enum Look {
    Nothing,
    /// Whether it is an error.
    Status,
    /// More than that: `|__o, __e| { .. }`.
    Value(TokenStream),
}

/// What the plan asks of the value.
pub(crate) fn look(plan: &Plan, shape: Shape, value: Option<&Type>, runtime: &Runtime) -> Look {
    if shape == Shape::Outcome && value.is_some() && !reads_value(plan) {
        return Look::Status;
    }
    observer(plan, shape, value, runtime).map_or(Look::Nothing, Look::Value)
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
        statements.extend(skip_or_check(plan, value, runtime));
        statements.extend(failure(value, runtime));
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
        statements.extend(response(plan, runtime));
    }
    (!statements.is_empty()).then(|| quote_spanned! {glue()=> |__o, __e| { #statements } })
}

/// The same for an item of a stream: how many rows or tokens there were isn't in any one of them.
pub(crate) fn item_observer(
    plan: &Plan,
    shape: Shape,
    value: Option<&Type>,
    runtime: &Runtime,
) -> Option<TokenStream> {
    if shape != Shape::Outcome || !plan.captures() {
        return None;
    }
    let skip = skip_or_check(plan, value, runtime);
    let failure = failure(value, runtime);
    Some(quote_spanned! {glue()=> |__o, __e| { #skip #failure } })
}

/// Whether the value is asked for more than its status.
pub(crate) fn reads_value(plan: &Plan) -> bool {
    plan.captures()
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

/// What an AI call's value says of the call; `usage = ..` has the last word on the tokens.
fn response(plan: &Plan, runtime: &Runtime) -> Option<TokenStream> {
    let ai = plan.ai.as_ref()?;
    let usage = ai.usage.as_ref().map(|usage| {
        let function = runtime.function("usage", usage);
        let success = success(runtime);
        quote_spanned! {glue_at(usage)=> __r.set_usage(#function(#success, #usage)); }
    });
    let mutable = usage.as_ref().map(|_| quote_spanned! {glue()=> mut });
    Some(quote_spanned! {glue()=> __e.response(|| {
        use #runtime::ai_response::*;
        let #mutable __r = (&&&&&#runtime::Seen(__o)).__monitor_response();
        #usage
        __r
    }); })
}

/// What is inside an `Ok` or a `Some`, or a plain value.
fn success(runtime: &Runtime) -> TokenStream {
    quote_spanned! {glue()=>
        { use #runtime::success::*; (&&&&#runtime::Seen(__o)).__monitor_success() }
    }
}

/// A number that the user's closure takes from an `Ok`, a `Some` or a plain value.
fn from_success(name: &str, reader: &Expr, runtime: &Runtime) -> TokenStream {
    let function = runtime.function(name, reader);
    let name = proc_macro2::Ident::new(name, glue());
    quote_spanned! {glue_at(reader)=>
        __e.#name(|| #function(
            { use #runtime::success::*; (&&&#runtime::Seen(__o)).__monitor_success() },
            #reader,
        ));
    }
}
