//! What stands on an envelope: the event's id, who sends it, and the dynamic sampling context.

use std::str::FromStr;

use sentry_core::protocol::{
    Context, DynamicSamplingContext, EnvelopeHeaders, Event, SampleRand, TraceId,
};
use sentry_core::types::Uuid;
use sentry_core::{ClientOptions, protocol};

use super::convert;
use super::sdk::sdk;
use crate::propagation::SentryBaggage;
use crate::record::{self, CheckIn, Sampling, Transaction};

/// Headers for a part of a transaction.
pub(super) fn for_transaction(
    part: &protocol::Transaction<'_>,
    transaction: &Transaction,
    options: &ClientOptions,
) -> EnvelopeHeaders {
    let decided_by = Decided::of_transaction(transaction);
    let frozen = transaction.scope.frozen(transaction.trace_id);
    let context = context(frozen, &part.contexts, part.name.as_deref(), decided_by, options);
    headers(part.event_id, context)
}

/// Headers for an event.
pub(super) fn for_event(
    built: &Event<'_>,
    event: &record::Event,
    options: &ClientOptions,
) -> EnvelopeHeaders {
    let decided_by = Decided::of_event(event);
    let frozen = event.scope.frozen(event.trace_id);
    let name = built.transaction.as_deref();
    headers(built.event_id, context(frozen, &built.contexts, name, decided_by, options))
}

/// Headers for what is about no event.
pub(super) fn for_metrics() -> EnvelopeHeaders {
    EnvelopeHeaders::new().with_sdk(sdk())
}

/// Headers for a check-in: the trace is all that leads from it to the errors of the job.
pub(super) fn for_check_in(check_in: &CheckIn, options: &ClientOptions) -> EnvelopeHeaders {
    let headers = EnvelopeHeaders::new().with_sdk(sdk());
    match check_in.trace_id {
        Some(id) => headers.with_trace(of_trace(Some(convert::trace_id(id)), options)),
        None => headers,
    }
}

fn headers(event_id: Uuid, context: Option<DynamicSamplingContext>) -> EnvelopeHeaders {
    let headers = EnvelopeHeaders::new().with_event_id(event_id).with_sdk(sdk());
    match context {
        Some(context) => headers.with_trace(context),
        None => headers,
    }
}

/// How a trace was sampled.
#[derive(Clone, Copy)]
pub(super) struct Decided {
    pub(super) sampled: Option<bool>,
    pub(super) sampling: Sampling,
}

impl Decided {
    pub(super) const fn of_transaction(transaction: &Transaction) -> Self {
        Self { sampled: Some(true), sampling: transaction.sampling }
    }

    /// Outside of every span nothing is decided.
    pub(super) fn of_event(event: &record::Event) -> Self {
        Self { sampled: event.span_id.map(|_| event.sampled), sampling: event.sampling }
    }
}

fn context(
    frozen: Option<SentryBaggage>,
    contexts: &protocol::Map<String, Context>,
    name: Option<&str>,
    by: Decided,
    options: &ClientOptions,
) -> Option<DynamicSamplingContext> {
    match frozen {
        Some(frozen) => given(&frozen, by),
        None => Some(named(decided(sampling_context(contexts, options), by), name)),
    }
}

/// What another service has written stays as it is, and where that is nothing there is none.
pub(super) fn given(frozen: &SentryBaggage, by: Decided) -> Option<DynamicSamplingContext> {
    (!frozen.is_empty()).then(|| passed_on(frozen, by))
}

/// Members that Sentry's types have no place for are left out, as are those that are malformed.
fn passed_on(frozen: &SentryBaggage, by: Decided) -> DynamicSamplingContext {
    let mut context = DynamicSamplingContext::new();
    for (name, value) in frozen.iter() {
        let text = || value.to_owned();
        context = match name {
            "trace_id" => parsed(context, value, DynamicSamplingContext::with_trace_id),
            "public_key" => context.with_public_key(text()),
            "sample_rate" => parsed(context, value, DynamicSamplingContext::with_sample_rate),
            "sample_rand" => parsed(context, value, DynamicSamplingContext::with_sample_rand),
            "sampled" => parsed(context, value, DynamicSamplingContext::with_sampled),
            "release" => context.with_release(text()),
            "environment" => context.with_environment(text()),
            "transaction" => context.with_transaction(text()),
            "org_id" => parsed(context, value, DynamicSamplingContext::with_org_id),
            _ => context,
        };
    }
    if by.sampling.tail { decided(context, by) } else { context }
}

fn parsed<T: FromStr>(
    context: DynamicSamplingContext,
    value: &str,
    with: impl FnOnce(DynamicSamplingContext, T) -> DynamicSamplingContext,
) -> DynamicSamplingContext {
    match value.parse() {
        Ok(value) => with(context, value),
        Err(_) => context,
    }
}

fn sampling_context(
    contexts: &protocol::Map<String, Context>,
    options: &ClientOptions,
) -> DynamicSamplingContext {
    of_trace(trace_id(contexts), options)
}

fn of_trace(trace_id: Option<TraceId>, options: &ClientOptions) -> DynamicSamplingContext {
    let mut context = DynamicSamplingContext::new();
    if let Some(trace_id) = trace_id {
        context = context.with_trace_id(trace_id);
    }
    if let Some(dsn) = &options.dsn {
        context = context.with_public_key(dsn.public_key().to_owned());
        if let Some(org_id) = options.org_id.or_else(|| dsn.org_id()) {
            context = context.with_org_id(org_id);
        }
    }
    if let Some(release) = &options.release {
        context = context.with_release(release.to_string());
    }
    if let Some(environment) = &options.environment {
        context = context.with_environment(environment.to_string());
    }
    context
}

fn trace_id(contexts: &protocol::Map<String, Context>) -> Option<TraceId> {
    match contexts.get("trace")? {
        Context::Trace(trace) => Some(trace.trace_id),
        _ => None,
    }
}

fn named(context: DynamicSamplingContext, name: Option<&str>) -> DynamicSamplingContext {
    match name {
        Some(name) => context.with_transaction(name.to_owned()),
        None => context,
    }
}

fn decided(context: DynamicSamplingContext, by: Decided) -> DynamicSamplingContext {
    #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
    let rate = by.sampling.rate as f32;
    let context = context.with_sample_rate(rate);
    let context = match by.sampled {
        Some(sampled) => context.with_sampled(sampled),
        None => context,
    };
    match SampleRand::try_from(by.sampling.rand) {
        Ok(rand) => context.with_sample_rand(rand),
        Err(_) => context,
    }
}
