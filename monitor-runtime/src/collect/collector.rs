//! Puts the records of all threads together into transactions, and hands them to the backends.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::abandoned::{self, Left};
use super::counts::Counts;
use super::delivered::Delivered;
use super::mailbox::{self, Parcel};
use super::tail::{self, Tail};
use super::trace::{IdMap, RawSpan, Trace, TraceFacts};
use super::wire::{self, Header};
use super::{pool, watch};
use crate::PerformanceTier;
use crate::context;
use crate::groups;
use crate::hub::Hub;
use crate::metrics::{self, Series};
use crate::policy::baseline;
use crate::record::{Event, Sampling, TraceId, Transaction};
use crate::sessions;
use crate::settings::DEFAULT_MAX_SPANS;

/// Spans of all traces together that may wait for their roots: 48 MB.
const MAX_WAITING_SPANS: usize = 1_000_000;
/// Traces that may wait for their roots.
const MAX_WAITING_TRACES: usize = 100_000;

static MAX_SPANS: AtomicUsize = AtomicUsize::new(DEFAULT_MAX_SPANS);

/// Sets how many spans a transaction may hold.
pub(crate) fn set_max_spans(spans: usize) {
    MAX_SPANS.store(spans.max(1), Ordering::Relaxed);
}

#[derive(Default)]
pub(super) struct Collector {
    traces: IdMap<Trace>,
    /// Keys of `traces` in the order in which their first record came; some are delivered.
    order: VecDeque<u64>,
    /// Spans in `traces`.
    waiting: usize,
    /// Roots that this pass read. Another thread's record of the same trace may be in a chunk
    /// that was read before: they are delivered in the next pass.
    ended: Vec<EndedRoot>,
    /// Traces that got a span in this pass although their root is delivered; for the next, too.
    late: Vec<u64>,
    delivered: Delivered,
    tail: Tail,
    counts: Counts,
    buffer: Vec<u8>,
    /// Empty between passes.
    parcels: VecDeque<Parcel>,
}

struct EndedRoot {
    trace: u64,
    root: u64,
    facts: TraceFacts,
}

impl Collector {
    /// Reads what there is, and delivers what an earlier pass found to be complete.
    pub(super) fn pass(&mut self) {
        if let Some(hub) = abandoned::taken() {
            return self.abandon(hub);
        }
        let ended = std::mem::take(&mut self.ended);
        let late = std::mem::take(&mut self.late);
        pool::drain(|words| self.read(words));
        metrics::drain(take_in_metric);
        let mut parcels = std::mem::take(&mut self.parcels);
        mailbox::exchange(&mut parcels);
        for parcel in parcels.drain(..) {
            self.unpack(parcel);
        }
        self.parcels = parcels;
        for root in ended {
            self.deliver_root(&root);
        }
        for trace in late {
            self.deliver_late(trace);
        }
        self.evict();
        self.counts.publish();
        watch::check();
    }

    /// Counts all that there is, and forgets it.
    fn abandon(&mut self, hub: &Hub) {
        let roots = self.ended.iter().filter(|root| !root.facts.sampling.tail);
        let mut left = Left { transactions: roots.count() as u64, ..Left::default() };
        let known = self.traces.iter().filter(|(key, _)| !tail::is_tail(**key));
        left.spans = known.map(|(_, trace)| trace.spans.len() as u64 + trace.dropped).sum();
        *self = Self::default();
        left.count_unread();
        left.report(hub);
    }

    /// Whether another pass would deliver nothing more.
    pub(super) fn is_done(&self) -> bool {
        self.ended.is_empty() && self.late.is_empty()
    }

    fn read(&mut self, mut words: &[AtomicU64]) {
        while let Some(first) = words.first() {
            let header = Header::from_word(first.load(Ordering::Relaxed));
            let Some((record, rest)) = words.split_at_checked(header.len().max(1)) else { return };
            match header.kind() {
                wire::SPAN | wire::ROOT => self.read_span(header, record),
                wire::VALUE => self.read_value(header, record),
                wire::UNSAMPLED_ROOT => count_unsampled(record),
                wire::METRIC => read_metric(header, record),
                _ => {}
            }
            words = rest;
        }
    }

    fn read_span(&mut self, header: Header, record: &[AtomicU64]) {
        let word = |at: usize| record.get(at).map_or(0, |word| word.load(Ordering::Relaxed));
        let [key, id, parent, start, end] = [word(1), word(2), word(3), word(4), word(5)];
        let timed = header.len() > wire::SPAN_WORDS;
        let busy = if timed { word(6) } else { end.saturating_sub(start) };
        self.counts.add(header.callsite());
        let is_root = header.kind() == wire::ROOT;
        if tail::is_tail(key) {
            self.make_room_for_tail(key);
        }
        let trace = self.trace(key);
        let is_late = trace.is_late;
        trace.has_root |= is_root;
        // The root may come before or after its children: chunks are read in any order.
        let max = MAX_SPANS.load(Ordering::Relaxed) + usize::from(trace.has_root);
        if is_root || trace.spans.len() < max {
            let raw = RawSpan { header, id, parent, start, end, busy };
            if tail::is_tail(key) {
                trace.note_outcome(&raw);
            }
            trace.spans.push(raw);
            self.waiting += 1;
        } else {
            trace.dropped += 1;
        }
        if is_root {
            let facts = facts_of(header, key, word);
            self.ended.push(EndedRoot { trace: key, root: id, facts });
        } else if is_late && self.late.last() != Some(&key) {
            self.late.push(key);
        }
    }

    fn read_value(&mut self, header: Header, record: &[AtomicU64]) {
        let word = |at: usize| record.get(at).map_or(0, |word| word.load(Ordering::Relaxed));
        let mut buffer = std::mem::take(&mut self.buffer);
        if let Some((name, value)) = wire::read_value(record, &mut buffer) {
            let values = &mut self.trace(word(1)).values;
            if values.len() <= MAX_SPANS.load(Ordering::Relaxed) {
                values.entry(word(2)).or_default().set(header.callsite(), name, value);
            }
        }
        self.buffer = buffer;
    }

    /// Lets the spans of the oldest unsampled traces go, if too many wait.
    fn make_room_for_tail(&mut self, key: u64) {
        let oldest = self.tail.add(key, tail::max_spans());
        if let Some(trace) = oldest.and_then(|oldest| self.traces.get_mut(&oldest)) {
            let spans = std::mem::take(&mut trace.spans).len();
            trace.values.clear();
            trace.dropped += spans as u64;
            self.waiting -= spans;
        }
    }

    fn trace(&mut self, key: u64) -> &mut Trace {
        match self.traces.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.order.push_back(key);
                let is_late = self.delivered.contains(key);
                entry.insert(Trace { is_late, ..Trace::default() })
            }
        }
    }

    fn unpack(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::Event { hub, event } => {
                if let Some(hub) = Hub::by_number(hub) {
                    deliver_event(hub, *event);
                }
            }
            // Not made an event first.
            Parcel::Error(error) if error.hub().is_closed() => error.hub().losses().ended_events(1),
            Parcel::Error(error) => deliver_event(error.hub(), error.into_event()),
            Parcel::CheckIn { hub, check_in } => {
                let Some(hub) = Hub::by_number(hub) else { return };
                let check_in = hub.policy().check_in(check_in);
                if !hub.each_backend(|backend| backend.check_in(&check_in)) {
                    hub.losses().check_ins(1);
                }
            }
            Parcel::Scope { trace, mut scope } => {
                drop(sessions::taken_from(&mut scope));
                self.trace(trace).scope = Some(scope);
            }
        }
    }

    fn deliver_root(&mut self, ended: &EndedRoot) {
        let Some(mut trace) = self.traces.remove(&ended.trace) else { return };
        let spans = std::mem::take(&mut trace.spans);
        self.waiting -= spans.len();
        let mut facts = ended.facts;
        if facts.sampling.tail {
            self.tail.ended(ended.trace);
            facts.kept = tail::is_kept(&trace, &facts, ended.root, &spans);
        }
        self.delivered.note_root(ended.trace, facts, trace.scope.clone(), &spans);
        deliver(&mut trace, facts, ended.root, spans);
    }

    /// Delivers the spans whose parents are delivered already, with what hangs below them. The
    /// others wait for their parents.
    fn deliver_late(&mut self, key: u64) {
        let Some(trace) = self.traces.get_mut(&key) else { return };
        let Some((facts, scope)) = self.delivered.facts(key) else { return };
        trace.scope = trace.scope.take().or(scope);
        let before = trace.spans.len();
        let (heads, mut rest): (Vec<_>, Vec<_>) = std::mem::take(&mut trace.spans)
            .into_iter()
            .partition(|span| self.delivered.has_span(key, span.parent));
        for head in heads {
            let mut spans = vec![head];
            let mut at = 0;
            while let Some(parent) = spans.get(at).map(|span| span.id) {
                spans.extend(rest.extract_if(.., |span| span.parent == parent));
                at += 1;
            }
            self.delivered.note_spans(key, &spans);
            deliver(trace, facts, head.id, spans);
        }
        self.waiting -= before - rest.len();
        if rest.is_empty() {
            self.tail.ended(key);
            self.traces.remove(&key);
        } else {
            trace.spans = rest;
        }
    }

    /// Gives up the oldest traces when too many wait for roots that never end.
    fn evict(&mut self) {
        while let Some(oldest) = self.order.front() {
            let is_waiting = self.traces.contains_key(oldest);
            let too_many =
                self.waiting > MAX_WAITING_SPANS || self.traces.len() > MAX_WAITING_TRACES;
            if is_waiting && !too_many {
                return;
            }
            if let Some(trace) = self.order.pop_front().and_then(|key| self.traces.remove(&key)) {
                self.waiting -= trace.spans.len();
                if let Some(hub) = Hub::global() {
                    hub.losses().unfinished(trace.spans.len() as u64 + trace.dropped);
                }
            }
        }
    }
}

fn deliver_event(hub: &'static Hub, mut event: Event) {
    if hub.is_closed() {
        return hub.losses().ended_events(1);
    }
    groups::add_system(&mut event, hub);
    hub.add_breadcrumbs_to(&mut event);
    let session = sessions::taken_from(&mut event.scope);
    let wanted = |event: &Event| hub.sessions().note(event, session.as_deref());
    let event = hub.policy().event(hub.losses(), event, wanted);
    let Some(event) = event else { return };
    #[cfg(feature = "alerts")]
    if let Some(alerts) = hub.alerts() {
        alerts.event(hub, &event);
    }
    let event = Arc::new(event);
    if !hub.each_backend(|backend| backend.event(&event)) {
        hub.losses().ended_events(1);
    }
}

fn deliver(trace: &mut Trace, facts: TraceFacts, root: u64, spans: Vec<RawSpan>) {
    let Some(hub) = Hub::by_number(facts.hub) else { return };
    let tier = hub.baselines().and_then(|table| note_latencies(table, facts, root, &spans));
    if !facts.kept {
        return;
    }
    let count = spans.len() as u64 + trace.dropped;
    if hub.is_closed() {
        return note_ended(hub, count);
    }
    if trace.dropped > 0 {
        hub.losses().over_span_limit(trace.dropped);
    }
    let transaction = trace.transaction(facts, root, spans);
    let transaction = transaction.map(|t| Transaction { performance_tier: tier, ..t });
    if let Some(transaction) = transaction.and_then(|t| hub.policy().transaction(hub.losses(), t)) {
        let transaction = Arc::new(transaction);
        if !hub.each_backend(|backend| backend.transaction(&transaction)) {
            note_ended(hub, transaction.spans.len() as u64);
        }
    }
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

fn facts_of(header: Header, key: u64, word: impl Fn(usize) -> u64) -> TraceFacts {
    #[expect(clippy::cast_possible_truncation, reason = "was written from a u32")]
    let hub = word(7) as u32;
    let tail = tail::is_tail(key);
    let rate = if tail { 1.0 } else { f64::from_bits(word(8)) };
    let known = header.len() >= wire::CONTINUED_ROOT_WORDS;
    let given = || TraceId::new(u128::from(word(10)) << 64 | u128::from(word(11)));
    let trace_id = known.then(given).flatten().unwrap_or_else(|| context::trace_id(key));
    let rand = if known { f64::from_bits(word(9)) } else { context::sample_rand(key) };
    TraceFacts { hub, sampling: Sampling { rate, rand, tail }, trace_id, kept: true }
}

fn read_metric(header: Header, record: &[AtomicU64]) {
    if let Some(bits) = record.get(1) {
        take_in_metric(header.callsite(), bits.load(Ordering::Relaxed));
    }
}

fn take_in_metric(number: u32, bits: u64) {
    let Some(series) = Series::by_number(number) else { return };
    if let Some(hub) = Hub::by_number(series.hub)
        && let Some(metrics) = hub.metrics()
    {
        metrics.take_in(hub, number, series, bits);
    }
}

/// A root of which nothing is recorded.
fn count_unsampled(record: &[AtomicU64]) {
    let hub = record.get(1).map_or(0, |word| word.load(Ordering::Relaxed));
    if let Some(hub) = u32::try_from(hub).ok().and_then(Hub::by_number) {
        hub.losses().unsampled(1);
    }
}
