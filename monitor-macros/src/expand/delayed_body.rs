//! Functions that aren't async and return a future or a stream.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ReturnType;

use super::arguments::Arguments;
use super::return_type::{nameable, nameable_type};
use super::{Runtime, glue};
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
    let function = runtime.function("future", &written(output));
    let future = quote_spanned! {glue()=>
        #function::<#value, _, _>(&__MONITOR_CALLSITE, #body, #observer)
    };
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#future) }
    } else {
        future
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
    let function = runtime.function(name, &written(output));
    let stream = quote_spanned! {glue()=>
        #function::<#value, _, _>(&__MONITOR_CALLSITE, #body, #observer)
    };
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#stream) }
    } else {
        stream
    }
}

/// Where errors about the returned value are reported.
fn written(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, written) => written.to_token_stream(),
        ReturnType::Default => TokenStream::new(),
    }
}

/// The body as a closure that is called once.
pub(crate) fn closure(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
) -> TokenStream {
    let Arguments { mentions, bindings, .. } = arguments;
    let output = nameable(output);
    quote_spanned! {glue()=> move || -> #output { #mentions #bindings #entry #block } }
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
