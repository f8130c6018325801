use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;
use syn::ext::IdentExt;

use super::{Runtime, glue};
use crate::model::{
    AiBudget, AiCall, CaptureErrors, CronMonitor, ErrorKind, Plan, Recorded, Schedule,
    SlowThreshold, Text, Traced,
};

/// The function's one static: everything that no call changes.
pub(crate) fn callsite(plan: &Plan, function_name: &Ident, runtime: &Runtime) -> TokenStream {
    let op = plan.op();
    let written = function_name.unraw().to_string();
    let name = plan.name(&written);
    // The runtime takes the file and the line from this call. It stands where the function's name
    // is, from its first token to its last: any other token would make it the attribute's line.
    let here = function_name.span();
    let class = quote_spanned! {glue()=> #runtime::Callsite };
    let arguments = quote_spanned! {glue()=> #op, #name, ::core::module_path!() };
    let new = quote_spanned! {here=> <#class>::new(#arguments) };
    let switches = switches(plan);
    let mut details = details(plan, runtime);
    if plan.renames(&written) {
        details.extend(quote_spanned! {glue()=> .function(#written) });
    }
    let details = (!details.is_empty()).then(|| {
        quote_spanned! {glue()=> .with(&<#runtime::Details>::new() #details) }
    });
    quote_spanned! {glue()=> static __MONITOR_CALLSITE: #class = #new #switches #details; }
}

/// What is or isn't.
fn switches(plan: &Plan) -> TokenStream {
    let traced = plan.traced.as_ref();
    let is_set = [
        ("root", traced.is_some_and(|traced| traced.root.is_some())),
        ("child_only", traced.is_some_and(|traced| traced.child_only.is_some())),
        ("no_span", !plan.has_span()),
        ("scoped", plan.is_scoped()),
        ("watchdog", plan.slow.as_ref().is_some_and(|slow| slow.watchdog)),
        ("capture", plan.captures()),
        ("panics", plan.capture.as_ref().is_some_and(|capture| capture.panics)),
    ];
    let names =
        is_set.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| Ident::new(name, glue()));
    quote_spanned! {glue()=> #(.#names())* }
}

/// What is said with literals.
fn details(plan: &Plan, runtime: &Runtime) -> TokenStream {
    let mut details = TokenStream::new();
    details.extend(plan.traced.as_ref().map(traced_details));
    details.extend(plan.slow.as_ref().map(slow_details));
    details.extend(plan.capture.as_ref().map(|capture| capture_details(capture, runtime)));
    details.extend(plan.does.as_ref().map(kind_details));
    if let Some(metered) = &plan.metered {
        let names = ["calls", "duration"].map(|what| format!("{}.{what}", metered.name));
        details.extend(quote_spanned! {glue()=> .metered(#(#names),*) });
    }
    details.extend(plan.ai.as_ref().map(ai_details));
    details.extend(plan.cron.as_ref().map(|cron| cron_details(cron, runtime)));
    details
}

fn ai_details(ai: &AiCall) -> TokenStream {
    let (provider, operation) = (&ai.provider, ai.operation.name());
    let mut details = quote_spanned! {glue()=> .ai(#provider, #operation) };
    if let Some(model) = ai.value("model").and_then(Recorded::literal) {
        details.extend(quote_spanned! {glue()=> .ai_model(#model) });
    }
    if let Some(cost) = ai.cost {
        details.extend(quote_spanned! {glue()=> .ai_cost(#cost) });
    }
    if let Some(AiBudget { name, .. }) = &ai.budget {
        details.extend(quote_spanned! {glue()=> .ai_budget(#name) });
    }
    if ai.breadcrumb {
        details.extend(quote_spanned! {glue()=> .ai_breadcrumb() });
    }
    if let Some(milliseconds) = ai.slow_ttft {
        let milliseconds = number(milliseconds);
        details.extend(quote_spanned! {glue()=> .slow_ttft(#milliseconds) });
    }
    if let Some(nanoseconds) = ai.max_open {
        let nanoseconds = number(nanoseconds);
        details.extend(quote_spanned! {glue()=> .max_open(#nanoseconds) });
    }
    details
}

/// A function that makes the monitor: it is asked once a run.
fn cron_details(cron: &CronMonitor, runtime: &Runtime) -> TokenStream {
    let slug = &cron.slug;
    let schedule = cron.schedule.as_ref().map(|schedule| match schedule {
        Schedule::Crontab(crontab) => quote_spanned! {glue()=> .with_crontab(#crontab) },
        Schedule::Every(count, unit) => {
            let (count, unit) = (number(*count), Ident::new(unit, glue()));
            quote_spanned! {glue()=> .with_interval(#count, #runtime::ScheduleUnit::#unit) }
        }
    });
    let numbers = [
        ("with_margin", cron.margin),
        ("with_max_runtime", cron.max_runtime),
        ("with_failure_threshold", cron.failure_threshold),
        ("with_recovery_threshold", cron.recovery_threshold),
    ];
    let numbers = numbers.into_iter().filter_map(|(name, value)| {
        let (name, value) = (Ident::new(name, glue()), number(value?));
        Some(quote_spanned! {glue()=> .#name(#value) })
    });
    let timezone = cron.timezone.as_ref();
    let timezone = timezone.map(|name| quote_spanned! {glue()=> .with_timezone(#name) });
    quote_spanned! {glue()=>
        .cron(|| <#runtime::Monitor>::new(#slug) #schedule #(#numbers)* #timezone)
    }
}

fn traced_details(traced: &Traced) -> TokenStream {
    let mut details = TokenStream::new();
    if let Some(description) = traced.description.as_ref().and_then(Text::literal) {
        details.extend(quote_spanned! {glue()=> .description(#description) });
    }
    if !traced.fields.is_empty() {
        let names = traced.fields.iter().map(|field| &field.key);
        details.extend(quote_spanned! {glue()=> .fields(&[#(#names),*]) });
    }
    if let Some(nanoseconds) = traced.min_duration {
        let nanoseconds = number(nanoseconds);
        details.extend(quote_spanned! {glue()=> .min_duration(#nanoseconds) });
    }
    details
}

fn slow_details(slow: &SlowThreshold) -> TokenStream {
    let (milliseconds, message) = (number(slow.milliseconds), &slow.message);
    quote_spanned! {glue()=> .slow(#milliseconds, #message) }
}

fn kind_details(kind: &ErrorKind) -> TokenStream {
    let (name, literals) = (kind.name, pairs(kind.literals()));
    quote_spanned! {glue()=> .kind(#name, &[#literals]) }
}

fn capture_details(capture: &CaptureErrors, runtime: &Runtime) -> TokenStream {
    let mut details = TokenStream::new();
    details.extend(capture.kind.as_ref().map(kind_details));
    if let Some(level) = capture.level {
        let level = Ident::new(level.variant(), glue());
        details.extend(quote_spanned! {glue()=> .level(#runtime::Level::#level) });
    }
    if !capture.fingerprint.is_empty() {
        let parts = &capture.fingerprint;
        details.extend(quote_spanned! {glue()=> .fingerprint(&[#(#parts),*]) });
    }
    let tags = pairs(capture.literal_tags());
    if !tags.is_empty() {
        details.extend(quote_spanned! {glue()=> .tags(&[#tags]) });
    }
    details
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
