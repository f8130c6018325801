use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ReturnType;

use super::arguments::Arguments;
use super::delayed_body::closure;
use super::return_type::nameable;
use super::{Runtime, glue};

/// The body stays where it is; a guard ends the span.
pub(crate) fn guarded(entry: &TokenStream, block: &TokenStream, runtime: &Runtime) -> TokenStream {
    quote_spanned! {glue()=>
        let __monitor_span = #runtime::enter(&__MONITOR_CALLSITE);
        #entry
        #block
    }
}

/// The body becomes a closure, so that its value is seen whichever way it returns.
pub(crate) fn observed(
    arguments: &Arguments,
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
    observer: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let closure = closure(arguments, output, entry, block);
    quote_spanned! {glue()=>
        let __monitor_span = #runtime::enter(&__MONITOR_CALLSITE);
        let __monitor_out = #runtime::once(#closure);
        #runtime::exit(__monitor_span, &__monitor_out, #observer);
        __monitor_out
    }
}

/// The body stays where it is, and its value is seen: it has no way out but its end.
pub(crate) fn observed_in_place(
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
    observer: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let output = nameable(output);
    quote_spanned! {glue()=>
        let __monitor_span = #runtime::enter(&__MONITOR_CALLSITE);
        #entry
        let __monitor_out: #output = #block;
        #runtime::exit(__monitor_span, &__monitor_out, #observer);
        __monitor_out
    }
}
