use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Expr, ReturnType};

use super::arguments::Arguments;
use super::delayed_body::closure;
use super::outcome::Look;
use super::return_type::nameable;
use super::{Runtime, glue, glue_at};

/// The body stays where it is; a guard ends the span, whichever way the body is left.
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
    look: &Look,
    fallback: Option<&Expr>,
    runtime: &Runtime,
) -> TokenStream {
    let closure = closure(arguments, output, entry, block);
    let end = end(look, runtime);
    let run = match fallback {
        Some(fallback) => quote_spanned! {glue_at(fallback)=>
            #runtime::caught(&mut __monitor_span, #closure, || #fallback)
        },
        None => quote_spanned! {glue()=> #runtime::once(#closure) },
    };
    quote_spanned! {glue()=>
        let mut __monitor_span = #runtime::begin(&__MONITOR_CALLSITE);
        let __monitor_out = #run;
        #end
        __monitor_out
    }
}

/// The body stays where it is, and its value is seen: it has no way out but its end.
///
/// The block has another end for the compiler, which calls what follows unreachable otherwise where a body
/// never ends.
pub(crate) fn observed_in_place(
    output: &ReturnType,
    entry: &TokenStream,
    block: &TokenStream,
    look: &Look,
    runtime: &Runtime,
) -> TokenStream {
    let value = matches!(output, ReturnType::Type(..))
        .then(|| quote_spanned! {glue()=> #runtime::never() });
    let output = nameable(output);
    let end = end(look, runtime);
    quote_spanned! {glue()=>
        let mut __monitor_span = #runtime::begin(&__MONITOR_CALLSITE);
        #entry
        let __monitor_out: #output = '__monitor: {
            if false {
                break '__monitor #value;
            }
            #block
        };
        #end
        __monitor_out
    }
}

/// Ends the span with what there is to see of the value.
fn end(look: &Look, runtime: &Runtime) -> TokenStream {
    match look {
        Look::Nothing => quote_spanned! {glue()=> #runtime::returned(&mut __monitor_span); },
        Look::Status => quote_spanned! {glue()=> {
            use #runtime::failed::*;
            #runtime::end(&mut __monitor_span, #runtime::Seen(&__monitor_out).__monitor_failed());
        } },
        Look::Value(observer) | Look::Stream(observer, _) => quote_spanned! {glue()=>
            #runtime::exit(&mut __monitor_span, &__monitor_out, #observer);
        },
    }
}
