//! What stands on an envelope: the event's id, who sends it, and the dynamic sampling context.

use sentry_core::protocol::{
    Context, DynamicSamplingContext, EnvelopeHeaders, Event, SampleRand, TraceId,
};
use sentry_core::types::Uuid;
use sentry_core::{ClientOptions, protocol};

use super::sdk::sdk;
use crate::record::Sampling;

/// Headers for a transaction.
pub(super) fn for_transaction(
    transaction: &protocol::Transaction<'_>,
    sampling: Sampling,
    options: &ClientOptions,
) -> EnvelopeHeaders {
    let context = decided(sampling_context(&transaction.contexts, options), true, sampling);
    headers(transaction.event_id, named(context, transaction.name.as_deref()))
}

/// Headers for an event of a trace that is sampled or not.
pub(super) fn for_event(
    event: &Event<'_>,
    sampled: bool,
    sampling: Sampling,
    options: &ClientOptions,
) -> EnvelopeHeaders {
    let context = decided(sampling_context(&event.contexts, options), sampled, sampling);
    headers(event.event_id, named(context, event.transaction.as_deref()))
}

fn headers(event_id: Uuid, context: DynamicSamplingContext) -> EnvelopeHeaders {
    EnvelopeHeaders::new().with_event_id(event_id).with_sdk(sdk()).with_trace(context)
}

fn sampling_context(
    contexts: &protocol::Map<String, Context>,
    options: &ClientOptions,
) -> DynamicSamplingContext {
    let mut context = DynamicSamplingContext::new();
    if let Some(trace_id) = trace_id(contexts) {
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

fn decided(
    context: DynamicSamplingContext,
    sampled: bool,
    sampling: Sampling,
) -> DynamicSamplingContext {
    #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
    let context = context.with_sampled(sampled).with_sample_rate(sampling.rate as f32);
    match SampleRand::try_from(sampling.rand) {
        Ok(rand) => context.with_sample_rand(rand),
        Err(_) => context,
    }
}
