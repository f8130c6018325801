use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;
use syn::ext::IdentExt;

use super::{Runtime, glue};
use crate::model::{AiCall, CaptureErrors, Plan, SlowThreshold, Text, Traced};

/// The function's one static: everything that no call changes.
pub(crate) fn callsite(plan: &Plan, function_name: &Ident, runtime: &Runtime) -> TokenStream {
    let op = plan.op();
    let name = plan.name(&function_name.unraw().to_string());
    let options = options(plan, runtime);
    // The runtime takes the file and the line from this call. It stands where the function's name
    // is, from its first token to its last: any other token would make it the attribute's line.
    let here = function_name.span();
    let class = quote_spanned! {glue()=> #runtime::Callsite };
    let arguments = quote_spanned! {glue()=> #op, #name, ::core::module_path!() };
    let new = quote_spanned! {here=> <#class>::new(#arguments) };
    quote_spanned! {glue()=> static __MONITOR_CALLSITE: #class = #new #options; }
}

fn options(plan: &Plan, runtime: &Runtime) -> TokenStream {
    let mut options = TokenStream::new();
    if let Some(traced) = &plan.traced {
        options.extend(traced_options(traced));
    }
    if !plan.has_span() {
        options.extend(quote_spanned! {glue()=> .no_span() });
    }
    if plan.is_scoped() {
        options.extend(quote_spanned! {glue()=> .scoped() });
    }
    if let Some(slow) = &plan.slow {
        options.extend(slow_options(slow));
    }
    if plan.captures() {
        options.extend(quote_spanned! {glue()=> .capture() });
    }
    if let Some(capture) = &plan.capture {
        options.extend(capture_options(capture, runtime));
    }
    if let Some(AiCall { provider, operation, .. }) = &plan.ai {
        let operation = operation.name();
        options.extend(quote_spanned! {glue()=> .ai(#provider, #operation) });
    }
    options
}

fn traced_options(traced: &Traced) -> TokenStream {
    let mut options = TokenStream::new();
    if let Some(description) = traced.description.as_ref().and_then(Text::literal) {
        options.extend(quote_spanned! {glue()=> .description(#description) });
    }
    if !traced.fields.is_empty() {
        let names = traced.fields.iter().map(|field| &field.key);
        options.extend(quote_spanned! {glue()=> .fields(&[#(#names),*]) });
    }
    if traced.root.is_some() {
        options.extend(quote_spanned! {glue()=> .root() });
    }
    if traced.child_only.is_some() {
        options.extend(quote_spanned! {glue()=> .child_only() });
    }
    if let Some(nanoseconds) = traced.min_duration {
        let nanoseconds = number(nanoseconds);
        options.extend(quote_spanned! {glue()=> .min_duration(#nanoseconds) });
    }
    options
}

fn slow_options(slow: &SlowThreshold) -> TokenStream {
    let (milliseconds, message) = (number(slow.milliseconds), &slow.message);
    let watchdog = slow.watchdog.then(|| quote_spanned! {glue()=> .watchdog() });
    quote_spanned! {glue()=> .slow(#milliseconds, #message) #watchdog }
}

fn capture_options(capture: &CaptureErrors, runtime: &Runtime) -> TokenStream {
    let mut options = TokenStream::new();
    if capture.panics {
        options.extend(quote_spanned! {glue()=> .panics() });
    }
    if let Some(kind) = &capture.kind {
        let (name, details) = (kind.name, pairs(kind.literals()));
        options.extend(quote_spanned! {glue()=> .kind(#name, &[#details]) });
    }
    if let Some(level) = capture.level {
        let level = Ident::new(level.variant(), glue());
        options.extend(quote_spanned! {glue()=> .level(#runtime::Level::#level) });
    }
    if !capture.fingerprint.is_empty() {
        let parts = &capture.fingerprint;
        options.extend(quote_spanned! {glue()=> .fingerprint(&[#(#parts),*]) });
    }
    let tags = pairs(capture.literal_tags());
    if !tags.is_empty() {
        options.extend(quote_spanned! {glue()=> .tags(&[#tags]) });
    }
    options
}

fn pairs<'a, I>(pairs: I) -> TokenStream
where
    I: Iterator<Item = (&'a LitStr, LitStr)>,
{
    let pairs = pairs.map(|(key, value)| quote_spanned! {glue()=> (#key, #value) });
    quote_spanned! {glue()=> #(#pairs),* }
}

fn number(number: u64) -> proc_macro2::Literal {
    let mut literal = proc_macro2::Literal::u64_unsuffixed(number);
    literal.set_span(Span::mixed_site());
    literal
}
