//! The end of a trace's way through the collector.

use std::sync::Arc;

use super::assembly::Maker;
use super::records::Records;
use super::trace::{RawSpan, Trace, TraceFacts};
use crate::PerformanceTier;
use crate::clock::WallClock;
use crate::hub::Hub;
use crate::policy::baseline;

/// Hands a transaction of these records to the backends; their memory is for others then.
pub(super) fn hand_over(
    maker: &mut Maker,
    trace: &mut Trace,
    facts: TraceFacts,
    root: u64,
    records: &mut Records,
    clock: &WallClock,
) {
    let Some(hub) = Hub::by_number(facts.hub) else { return };
    let tier = hub.baselines().and_then(|table| note_latencies(table, facts, root, &records.spans));
    if !facts.kept {
        return;
    }
    if hub.is_closed() {
        return note_ended(hub, records.len() as u64 + trace.dropped);
    }
    hub.losses().over_span_limit(trace.dropped);
    hub.losses().clock_steps(records.survey.clock_steps);
    let made = maker.make(trace, facts, root, records, clock);
    let Some((mut transaction, is_plain)) = made else { return };
    let passes = Arc::get_mut(&mut transaction).is_some_and(|transaction| {
        transaction.performance_tier = tier;
        hub.policy().transaction(hub.losses(), transaction, is_plain)
    });
    if passes && !hub.each_backend(|backend| backend.transaction(&transaction)) {
        note_ended(hub, transaction.spans.len() as u64);
    }
    maker.take_back(transaction);
}

/// Adds the spans to what is known of their functions. The root's tier.
fn note_latencies(
    table: &baseline::Table,
    facts: TraceFacts,
    root: u64,
    spans: &[RawSpan],
) -> Option<PerformanceTier> {
    // Mostly the last one: what is inside of it ended before.
    let root = spans.iter().rfind(|raw| raw.id == root)?.ended();
    let TraceFacts { trace_id: id, sampling, kept, .. } = facts;
    let trace = baseline::Trace { id, sampling, kept, root: root.callsite };
    table.add(&trace, root, spans.iter().map(RawSpan::ended))
}

/// A transaction that nobody is there for any more.
fn note_ended(hub: &Hub, spans: u64) {
    hub.losses().ended_transactions(1);
    hub.losses().ended_spans(spans);
}
