//! Functions that aren't async and return a future or a stream.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ReturnType;

use super::arguments::Arguments;
use super::return_type::{nameable, nameable_type};
use super::{Runtime, glue, glue_at};
use crate::model::{Delayed, Shape};

/// The body runs once inside the span, and what it returns stays there until it ends.
pub(crate) fn future(
    delayed: &Delayed,
    output: &ReturnType,
    body: &TokenStream,
    observer: Option<&TokenStream>,
    runtime: &Runtime,
) -> TokenStream {
    let value = value_type(delayed, observer);
    let observer = match observer {
        Some(observer) => quote_spanned! {glue()=> move #observer },
        None => quote_spanned! {glue()=> |_, _| {} },
    };
    let call = call("future", &value, output, body, &observer, runtime);
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#call) }
    } else {
        call
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
    let value = value_type(delayed, observer);
    let observer = match observer {
        Some(observer) => quote_spanned! {glue()=> move #observer, true },
        None => quote_spanned! {glue()=> |_, _| {}, false },
    };
    let name = if delayed.is_boxed { "boxed_stream" } else { "stream" };
    let call = call(name, &value, output, body, &observer, runtime);
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#call) }
    } else {
        call
    }
}

/// Stands at the return type, where errors about the returned value belong.
fn call(
    name: &str,
    value: &TokenStream,
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
    quote_spanned! {at=> #function::<#value, _, _>(&__MONITOR_CALLSITE, #body, #observer) }
}

/// The body as a closure that is called once.
pub(crate) fn closure(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
) -> TokenStream {
    let Arguments { mentions, bindings, .. } = arguments;
    let at = match output {
        ReturnType::Type(_, written) => glue_at(written),
        ReturnType::Default => glue(),
    };
    let output = nameable(output);
    quote_spanned! {at=> move || -> #output { #mentions #bindings #entry #block } }
}

/// The value's type, for the observer, which is compiled before the rest says what it is.
fn value_type(delayed: &Delayed, observer: Option<&TokenStream>) -> TokenStream {
    match &delayed.value {
        // `!` has no name on stable compilers.
        Some(written) if observer.is_some() && Shape::of_type(written) != Shape::Never => {
            nameable_type(written)
        }
        _ => quote_spanned! {glue()=> _ },
    }
}
