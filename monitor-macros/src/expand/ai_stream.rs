//! A stream of the model's answer: the span stays with it, and each of its items is looked at.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::{ReturnType, Type};

use super::return_type::nameable_type;
use super::{Runtime, glue, glue_at};
use crate::model::{Delayed, StreamIn};

/// A stream inside of a value, and what is read of each item.
pub(crate) struct Held {
    pub(super) lies: StreamIn,
    /// The type of the value.
    pub(super) value: Type,
    pub(super) item: TokenStream,
}

/// How the function comes to the value.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// It is there when the function returns.
    Sync,
    /// By the future that an `async fn` becomes: the body is that future.
    Async,
    /// By a future that the function returns: the body makes it.
    Future,
}

impl Held {
    /// Runs the body inside the span, and hands that on to the stream.
    pub(super) fn call(
        &self,
        way: Way,
        body: &TokenStream,
        observer: &TokenStream,
        runtime: &Runtime,
    ) -> TokenStream {
        let name = match way {
            Way::Sync => "streamed_now",
            Way::Async => "streamed",
            Way::Future => "streamed_future",
        };
        let name = Ident::new(name, glue());
        let hold = match self.lies {
            StreamIn::Named => "hold",
            StreamIn::Opaque => "hold_opaque",
            StreamIn::OpaqueInResult => "hold_opaque_result",
        };
        let hold = runtime.function(hold, &self.value);
        let (value, item) = (nameable_type(&self.value), &self.item);
        let at = glue_at(&self.value);
        let held = quote_spanned! {at=> |__o: #value, __s| #hold(__o, __s, #item) };
        quote_spanned! {glue()=> #runtime::#name(&__MONITOR_CALLSITE, #body, #observer, #held) }
    }
}

/// A function that returns the stream itself.
pub(super) fn direct(
    delayed: &Delayed,
    output: &ReturnType,
    body: &TokenStream,
    item: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let is_boxed = delayed.is_boxed;
    let name = if is_boxed { "boxed_ai_stream" } else { "ai_stream" };
    let ReturnType::Type(_, written) = output else { return TokenStream::new() };
    let function = runtime.function(name, written);
    let at = glue_at(written);
    let call = quote_spanned! {at=> #function(&__MONITOR_CALLSITE, #body, #item) };
    if is_boxed {
        quote_spanned! {glue()=> #runtime::pinned(#call) }
    } else {
        call
    }
}
