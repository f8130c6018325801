//! What is measured of AI calls, whatever is sampled.
//!
//! The names are OpenTelemetry's, as its instrumentations send them; Sentry has none of its own.
//! Attributes are few: no user, no conversation.

use super::settle::AiEnded;
#[cfg(feature = "stream")]
use crate::callsite::Ai;
use crate::collect::Plain;
use crate::context::seen::FieldValue;
#[cfg(feature = "stream")]
use crate::hub::Hub;
use crate::metrics::{Label, Named, is_on};
use crate::record::MetricKind;

const SECOND: &str = "second";

/// Records a call that has ended.
pub(super) fn record(ended: &AiEnded<'_>, cost: Option<f64>) {
    if !is_on() {
        return;
    }
    let labels = labels(ended);
    match ended.operation {
        "invoke_agent" | "create_agent" => {
            return time("gen_ai.invoke_agent.duration", ended.nanos, &labels);
        }
        "execute_tool" => return time("gen_ai.execute_tool.duration", ended.nanos, &labels),
        _ => time("gen_ai.client.operation.duration", ended.nanos, &labels),
    }
    // An error says nothing of tokens, and one set of attributes less is told apart.
    let without_error = &labels[..labels.len() - 1];
    if let Some(usage) = ended.response.settled_usage() {
        tokens("input", usage.input, labels);
        tokens("output", usage.output, labels);
    }
    if let Some(cost) = cost {
        value("gen_ai.client.cost", "usd", cost, without_error);
    }
    stream(ended, without_error);
    if ended.error_type.is_some() {
        count("gen_ai.client.errors", &labels);
    }
}

/// Counts a stream that has been open for too long, and is still. On the collector's thread.
#[cfg(feature = "stream")]
pub(crate) fn stream_is_overdue(hub: &'static Hub, ai: &Ai, model: Option<&str>) {
    let Some(metrics) = hub.metrics() else { return };
    let provider = Some(ai.provider).filter(|name| !name.is_empty());
    let labels = [
        ("gen_ai.operation.name", text(Some(ai.operation))),
        ("gen_ai.provider.name", text(provider)),
        ("gen_ai.request.model", text(model)),
    ];
    let name = "gen_ai.client.streams.overdue";
    metrics.record_here(hub, &Named { kind: MetricKind::Counter, name, unit: None }, 1, &labels);
}

fn labels<'a>(ended: &AiEnded<'a>) -> [Label<'a>; 5] {
    [
        ("gen_ai.operation.name", text(Some(ended.operation))),
        ("gen_ai.provider.name", text(Some(ended.provider).filter(|name| !name.is_empty()))),
        ("gen_ai.request.model", text(ended.model)),
        ("gen_ai.response.model", text(ended.response.model.as_deref())),
        ("error.type", text(ended.error_type)),
    ]
}

fn stream(ended: &AiEnded<'_>, labels: &[Label<'_>]) {
    if ended.abandoned {
        count("gen_ai.client.streams.abandoned", labels);
    }
    let Some(first) = ended.first_chunk_nanos else { return };
    time("gen_ai.client.operation.time_to_first_chunk", first, labels);
    if let Some(further) = ended.chunks.checked_sub(1).filter(|further| *further > 0) {
        let each = ended.nanos.saturating_sub(first) / further;
        time("gen_ai.client.operation.time_per_output_chunk", each, labels);
    }
}

/// In place of the error, of which tokens say nothing, stands their type.
fn tokens(kind: &'static str, count: Option<u64>, labels: [Label<'_>; 5]) {
    if let Some(count) = count {
        let [operation, provider, model, answered, _] = labels;
        let kind = ("gen_ai.token.type", text(Some(kind)));
        let labels = [operation, provider, model, answered, kind];
        #[expect(clippy::cast_precision_loss, reason = "exact for 10^15 tokens")]
        value("gen_ai.client.token.usage", "token", count as f64, &labels);
    }
}

fn time(name: &str, nanos: u64, labels: &[Label<'_>]) {
    #[expect(clippy::cast_precision_loss, reason = "durations of less than 100 days are exact")]
    value(name, SECOND, nanos as f64 / 1e9, labels);
}

fn value(name: &str, unit: &'static str, value: f64, labels: &[Label<'_>]) {
    let named = Named { kind: MetricKind::Distribution, name, unit: Some(unit) };
    named.record_bits(value.to_bits(), labels);
}

fn count(name: &str, labels: &[Label<'_>]) {
    let named = Named { kind: MetricKind::Counter, name, unit: None };
    named.record_bits(1, labels);
}

fn text(text: Option<&str>) -> FieldValue<'_> {
    FieldValue::Plain(text.map_or(Plain::Null, Plain::Text))
}
