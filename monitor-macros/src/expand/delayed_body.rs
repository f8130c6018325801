//! Functions that aren't async and return a future or a stream.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ReturnType;

use super::arguments::Arguments;
use super::return_type::{nameable, nameable_type};
use super::{Runtime, glue};
use crate::model::{Delayed, Shape};

/// The body runs once inside the span, and what it returns stays there until it ends.
pub(crate) fn future(
    delayed: &Delayed,
    body: &TokenStream,
    observer: Option<&TokenStream>,
    runtime: &Runtime,
) -> TokenStream {
    let value = value_type(delayed);
    let observer = match observer {
        Some(observer) => quote_spanned! {glue()=> move #observer },
        None => quote_spanned! {glue()=> |_, _| {} },
    };
    let future = quote_spanned! {glue()=>
        #runtime::future::<#value, _, _>(&__MONITOR_CALLSITE, #body, #observer)
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
    body: &TokenStream,
    observer: Option<&TokenStream>,
    runtime: &Runtime,
) -> TokenStream {
    let value = value_type(delayed);
    let observer = match observer {
        Some(observer) => quote_spanned! {glue()=> move #observer, true },
        None => quote_spanned! {glue()=> |_, _| {}, false },
    };
    let arguments = quote_spanned! {glue()=> &__MONITOR_CALLSITE, #body, #observer };
    if delayed.is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#runtime::boxed_stream::<#value, _, _>(#arguments)) }
    } else {
        quote_spanned! {glue()=> #runtime::stream::<#value, _, _>(#arguments) }
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

fn value_type(delayed: &Delayed) -> TokenStream {
    match &delayed.value {
        // `!` has no name on stable compilers.
        Some(written) if Shape::of_type(written) != Shape::Never => nameable_type(written),
        _ => quote_spanned! {glue()=> _ },
    }
}
