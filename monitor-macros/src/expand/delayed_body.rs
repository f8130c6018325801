//! Functions that aren't async and return a future or a stream.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ReturnType;

use super::ai_stream::Way;
use super::arguments::Arguments;
use super::outcome::Look;
use super::return_type::{nameable, nameable_type};
use super::{Runtime, glue, glue_at};
use crate::model::{Delayed, Shape};

/// The body runs once inside the span, and what it returns stays there until it ends.
pub(crate) fn future(
    delayed: &Delayed,
    output: &ReturnType,
    body: &TokenStream,
    look: &Look,
    runtime: &Runtime,
) -> TokenStream {
    let call = match look {
        Look::Stream(observer, held) => held.call(Way::Future, body, observer, runtime),
        Look::Value(observer) => {
            let value = value_type(delayed);
            let generics = quote_spanned! {at(output)=> #value, _, _ };
            let observer = quote_spanned! {glue()=> move #observer };
            call("observed_future", &generics, output, body, &observer, runtime)
        }
        Look::Nothing | Look::Status => {
            let generics = quote_spanned! {at(output)=> _, _ };
            call("future", &generics, output, body, &failed(delayed, look, runtime), runtime)
        }
    };
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#call) }
    } else {
        call
    }
}

/// What says whether the future failed.
fn failed(delayed: &Delayed, look: &Look, runtime: &Runtime) -> TokenStream {
    match (look, &delayed.value) {
        (Look::Status, Some(written)) => {
            let written = nameable_type(written);
            quote_spanned! {glue()=> {
                use #runtime::failed::*;
                #runtime::ty::<#written>().__monitor_failed()
            } }
        }
        _ => quote_spanned! {glue()=> ::core::option::Option::None },
    }
}

/// The same for a stream; the observer sees each item.
pub(crate) fn stream(
    delayed: &Delayed,
    output: &ReturnType,
    body: &TokenStream,
    observer: Option<&TokenStream>,
    runtime: &Runtime,
) -> TokenStream {
    let value = match observer {
        Some(_) => value_type(delayed),
        None => quote_spanned! {glue()=> _ },
    };
    let generics = quote_spanned! {at(output)=> #value, _, _ };
    let observer = match observer {
        Some(observer) => quote_spanned! {glue()=> move #observer, true },
        None => quote_spanned! {glue()=> |_, _| {}, false },
    };
    let name = if delayed.is_boxed { "boxed_stream" } else { "stream" };
    let call = call(name, &generics, output, body, &observer, runtime);
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#call) }
    } else {
        call
    }
}

/// Stands at the return type, where errors about the returned value belong.
fn call(
    name: &str,
    generics: &TokenStream,
    output: &ReturnType,
    body: &TokenStream,
    observer: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let written = match output {
        ReturnType::Type(_, written) => written.to_token_stream(),
        ReturnType::Default => TokenStream::new(),
    };
    let function = runtime.function(name, &written);
    let at = glue_at(&written);
    quote_spanned! {at=> #function::<#generics>(&__MONITOR_CALLSITE, #body, #observer) }
}

/// The body as a closure that is called once.
pub(crate) fn closure(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
) -> TokenStream {
    let Arguments { mentions, bindings, .. } = arguments;
    let at = at(output);
    let output = nameable(output);
    quote_spanned! {at=> move || -> #output { #mentions #bindings #entry #block } }
}

/// Where the user wrote what the function returns.
fn at(output: &ReturnType) -> Span {
    match output {
        ReturnType::Type(_, written) => glue_at(written),
        ReturnType::Default => glue(),
    }
}

/// The value's type, for the observer, which is compiled before the rest says what it is.
fn value_type(delayed: &Delayed) -> TokenStream {
    match &delayed.value {
        // `!` has no name on stable compilers.
        Some(written) if Shape::of_type(written) != Shape::Never => nameable_type(written),
        _ => quote_spanned! {glue()=> _ },
    }
}
