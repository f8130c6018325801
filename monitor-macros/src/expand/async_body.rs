use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Expr, ReturnType};

use super::ai_stream::Way;
use super::arguments::Arguments;
use super::outcome::Look;
use super::return_type::nameable;
use super::{Runtime, glue, glue_at};
use crate::model::{Returned, Shape};

/// The body becomes an async block inside the span's future.
pub(crate) fn in_span(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
    look: &Look,
    fallback: Option<&Expr>,
    runtime: &Runtime,
) -> TokenStream {
    let Arguments { mentions, bindings, .. } = arguments;
    let (kind, hint) = type_hint(output, runtime);
    let wrapped = match look {
        _ if fallback.is_some() => caught(look, fallback, runtime),
        Look::Nothing => quote_spanned! {glue()=>
            #runtime::in_span(&__MONITOR_CALLSITE, __monitor_future).await
        },
        Look::Status => quote_spanned! {glue()=>
            let __monitor_future = {
                use #runtime::failed::*;
                let __monitor_failed = __monitor_type.__monitor_failed();
                #runtime::in_fallible_span(&__MONITOR_CALLSITE, __monitor_future, __monitor_failed)
            };
            __monitor_future.await
        },
        Look::Value(observer) => quote_spanned! {glue()=>
            #runtime::observed(&__MONITOR_CALLSITE, __monitor_future, #observer).await
        },
        Look::Stream(observer, held) => {
            let future = quote_spanned! {glue()=> __monitor_future };
            let streamed = held.call(Way::Async, &future, observer, runtime);
            quote_spanned! {glue()=> #streamed.await }
        }
    };
    // A block that ends in a future is one in which an `await` was forgotten, in clippy's eyes.
    let block = match Returned::is_future(output) {
        true => quote_spanned! {glue()=> return #block; },
        false => block.clone(),
    };
    quote_spanned! {glue()=>
        #kind
        let __monitor_future = async move { #mentions #hint #bindings #entry #block };
        #wrapped
    }
}

/// The future's panic ends here, and the fallback takes its place.
fn caught(look: &Look, fallback: Option<&Expr>, runtime: &Runtime) -> TokenStream {
    let observer = match look {
        Look::Value(observer) | Look::Stream(observer, _) => observer.clone(),
        Look::Nothing | Look::Status => quote_spanned! {glue()=> |_, _| {} },
    };
    quote_spanned! {glue()=>
        #runtime::caught_future(&__MONITOR_CALLSITE, __monitor_future, #observer, || #fallback)
            .await
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
