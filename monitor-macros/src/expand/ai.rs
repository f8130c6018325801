//! What an AI call says before the body, and what is read from what it returns.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::Expr;

use super::entry::Entry;
use super::outcome::{from_success, success};
use super::value::{borrowed, import, is_place, value};
use super::{Runtime, glue, glue_at};
use crate::model::{AiCall, Delayed, Returned, Skip};
use crate::parse::as_string;

/// The one parameter that is a list.
const STOP_SEQUENCES: &str = "gen_ai.request.stop_sequences";

impl Entry<'_> {
    /// What the call says of itself, but for what the callsite says already.
    pub(super) fn ai(&self, ai: &AiCall) -> Option<TokenStream> {
        let mut statements = TokenStream::new();
        statements.extend(ai.skip.as_ref().map(skip));
        let mut values = Vec::new();
        for (name, recorded) in
            ai.named.iter().filter(|(name, value)| !is_static(name, &value.value))
        {
            let method = Ident::new(name, glue());
            let value = value(recorded, self.runtime);
            statements.extend(quote_spanned! {glue()=> __a.#method(#value); });
            values.push(recorded);
        }
        statements.extend(ai.request.as_ref().map(|request| {
            let (read, value) = (self.runtime.function("ai_request", request), borrowed(request));
            quote_spanned! {glue_at(request)=> __a.request(#read(#value)); }
        }));
        for param in &ai.params {
            let key = &param.key;
            let statement = if key.value() == STOP_SEQUENCES {
                let (words, value) =
                    (self.runtime.function("words", &param.value), borrowed(&param.value));
                quote_spanned! {glue_at(&param.value)=> __a.words(#key, #words(#value)); }
            } else {
                values.push(param);
                let value = value(param, self.runtime);
                quote_spanned! {glue()=> __a.param(#key, #value); }
            };
            statements.extend(self.when_compiled(param, &statement));
        }
        statements.extend(ai.user.as_ref().map(|user| {
            quote_spanned! {glue_at(user)=> __a.user(#user); }
        }));
        if !matches!(ai.skip, Some(Skip::Always)) {
            statements.extend(ai.prompt.as_ref().map(|prompt| content("prompt", prompt)));
            statements.extend(ai.input.as_ref().map(|input| content("input", input)));
        }
        let import = import(values, self.runtime);
        self.call("ai", "__a", import.as_ref(), &statements)
    }

    /// Returns at once what says that the budget is spent.
    pub(super) fn denial(&self, ai: &AiCall, returned: &Returned) -> Option<TokenStream> {
        let budget = ai.budget.as_ref().filter(|budget| budget.denies)?;
        let runtime = self.runtime;
        let denied = runtime.function("denied", &budget.name);
        let at = glue_at(&budget.name);
        let denied = quote_spanned! {at=> #denied(__monitor_denied) };
        let refusal = match returned {
            Returned::Future(Delayed { is_boxed: true, .. }) => {
                quote_spanned! {glue()=> #runtime::pinned(#runtime::ready(#denied)) }
            }
            _ => denied,
        };
        Some(quote_spanned! {glue()=>
            if let ::core::option::Option::Some(__monitor_denied) = #runtime::over_budget() {
                return #refusal;
            }
        })
    }
}

/// Whether the callsite says it: the collector knows it then without being told.
pub(super) fn is_static(name: &str, value: &Expr) -> bool {
    name == "model" && as_string(value).is_some()
}

fn skip(skip: &Skip) -> TokenStream {
    match skip {
        Skip::Always => quote_spanned! {glue()=> __a.skip(true); },
        Skip::When(condition) => quote_spanned! {glue_at(condition)=> __a.skip(#condition); },
    }
}

/// Only made when inputs may be recorded. A variable is lent: the body still needs it.
fn content(method: &str, content: &Expr) -> TokenStream {
    let method = Ident::new(method, glue());
    let made = if is_place(content) { borrowed(content) } else { content.to_token_stream() };
    quote_spanned! {glue_at(content)=> __a.#method(|| #made); }
}

/// What the value, or an item of the stream, says of the answer. What the attribute reads has the
/// last word.
pub(super) fn response(ai: &AiCall, runtime: &Runtime) -> TokenStream {
    let readers = ai.readers.iter().map(|(name, reader)| {
        let read = if *name == "usage" { "usage" } else { "response_text" };
        let (function, success) = (runtime.function(read, reader), success(runtime));
        let method = format_ident!("set_{}", name, span = glue());
        quote_spanned! {glue_at(reader)=> __r.#method(#function(#success, #reader)); }
    });
    let readers: TokenStream = readers.collect();
    let output = ai.output.as_ref().filter(|_| !matches!(ai.skip, Some(Skip::Always)));
    let output = output.map(|output| {
        let (function, success) = (runtime.function("response_text", output), success(runtime));
        quote_spanned! {glue_at(output)=> __e.output(|| #function(#success, #output)); }
    });
    let count = ai.count.as_ref().map(|count| from_success("count", count, runtime));
    // What a tool or a memory gives may hold an answer; that one's own call has counted it.
    let found = ai.operation.gives_answers().then(|| {
        quote_spanned! {glue()=>
            use #runtime::ai_response::*;
            (&&&&&#runtime::Seen(__o)).__monitor_response(__r);
        }
    });
    let response = (found.is_some() || !readers.is_empty())
        .then(|| quote_spanned! {glue()=> __e.response(|__r| { #found #readers }); });
    quote_spanned! {glue()=> #response #count #output }
}

/// What the error says of the request, before it is captured.
pub(super) fn error(runtime: &Runtime) -> TokenStream {
    quote_spanned! {glue()=> __e.ai_error({
        use #runtime::ai_error::*;
        (&&&#runtime::Seen(__o)).__monitor_ai_error()
    }); }
}
