use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ReturnType;

use super::arguments::Arguments;
use super::return_type::nameable;
use super::{Runtime, glue, glue_at};
use crate::model::Shape;

/// The body becomes an async block inside the span's future.
pub(crate) fn in_span(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
    observer: Option<&TokenStream>,
    runtime: &Runtime,
) -> TokenStream {
    let Arguments { mentions, bindings, .. } = arguments;
    let (kind, hint) = type_hint(output, runtime);
    let wrapped = match observer {
        Some(observer) => quote_spanned! {glue()=>
            #runtime::observed(&__MONITOR_CALLSITE, __monitor_future, #observer)
        },
        None => quote_spanned! {glue()=>
            #runtime::in_span(&__MONITOR_CALLSITE, __monitor_future)
        },
    };
    quote_spanned! {glue()=>
        #kind
        let __monitor_future = async move { #mentions #hint #bindings #entry #block };
        #wrapped.await
    }
}

/// The same for a signature that couldn't be read.
pub(crate) fn in_span_untyped(
    entry: &TokenStream,
    block: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    quote_spanned! {glue()=>
        let __monitor_future = async move { #entry #block };
        #runtime::in_span(&__MONITOR_CALLSITE, __monitor_future).await
    }
}

/// Tells the block its type before the body starts.
///
/// The type is named outside, where nothing that the body defines can shadow its names; the return
/// that never runs stands where the user wrote the type, so that a mismatch is explained there.
fn type_hint(output: &ReturnType, runtime: &Runtime) -> (TokenStream, TokenStream) {
    if Shape::of(output) == Shape::Never {
        return (TokenStream::new(), TokenStream::new());
    }
    let written = nameable(output);
    let kind = quote_spanned! {glue()=> let __monitor_type = #runtime::ty::<#written>(); };
    let hint = quote_spanned! {glue_at(&written)=>
        if false { return __monitor_type.never(); }
    };
    (kind, hint)
}
