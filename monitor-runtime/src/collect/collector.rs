//! Puts the records of all threads together into transactions, and hands them to the backends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::abandoned::{self, Left};
use super::assembly::Maker;
use super::counts::Counts;
use super::delivered::Delivered;
use super::hand_over::hand_over;
use super::mailbox::{self, Parcel};
use super::pieces::Pieces;
use super::records::Records;
use super::spare::Spare;
use super::tail::{self, Tail};
use super::trace::{IdMap, RawSpan, Trace, TraceFacts};
use super::wire::{self, Header};
use super::{pool, watch};
use crate::clock::WallClock;
use crate::context;
use crate::groups;
use crate::hub::Hub;
use crate::metrics::{self, Series};
use crate::record::{Event, Sampling, TraceId};
use crate::sessions;
use crate::settings::DEFAULT_MAX_SPANS;

/// Spans of all traces together that may wait for their roots: 48 MB.
const MAX_WAITING_SPANS: usize = 1_000_000;
/// Traces that may wait for their roots.
const MAX_WAITING_TRACES: usize = 100_000;

/// Keys of delivered traces that may stay among those of the others.
const KEYS: usize = 1024;
static MAX_SPANS: AtomicUsize = AtomicUsize::new(DEFAULT_MAX_SPANS);
/// Spans that waited for their roots when the last pass was over.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Whether spans wait for roots that haven't ended.
pub(crate) fn any_waits() -> bool {
    WAITING.load(Ordering::Relaxed) > 0
}

/// Sets how many spans a transaction may hold.
pub(crate) fn set_max_spans(spans: usize) {
    MAX_SPANS.store(spans.max(1), Ordering::Relaxed);
}

#[derive(Default)]
pub(super) struct Collector {
    /// The trace of the last record; its key is 0 where there is none.
    current: Current,
    traces: IdMap<Trace>,
    /// Keys of `traces` in the order in which their first record came; some are delivered.
    order: VecDeque<u64>,
    /// Spans in `traces`.
    waiting: usize,
    /// Roots that this pass read. Another thread's record of the same trace may be in a chunk
    /// that was read before: they are delivered in the next pass.
    ended: Vec<EndedRoot>,
    /// Empty between passes, as are the parcels.
    ending: Vec<EndedRoot>,
    /// Traces that got a span in this pass although their root is delivered; for the next, too.
    late: Vec<u64>,
    /// Whether a chunk was left for the next pass.
    has_left: bool,
    /// Whether roots of the last pass are to be delivered before others.
    has_ending: bool,
    /// Taken once a pass, when it is first needed: all transactions of one are placed by it.
    clock: Option<WallClock>,
    delivered: Delivered,
    tail: Tail,
    counts: Counts,
    buffer: Vec<u8>,
    spare: Spare,
    maker: Maker,
    /// Empty between passes.
    parcels: Pieces<Parcel>,
    /// How much memory they took in this pass, at most.
    parcels_needed: usize,
}

/// A trace that isn't among the others, so that nothing is looked up for what follows of it. One that begins and
/// ends here never is.
#[derive(Default)]
struct Current {
    key: u64,
    trace: Trace,
    /// Its key is among those in order.
    is_known: bool,
}

struct EndedRoot {
    trace: u64,
    root: u64,
    facts: TraceFacts,
}

impl Collector {
    /// Reads what there is, and delivers what an earlier pass found to be complete.
    pub(super) fn pass(&mut self) {
        if let Some((hub, _closed)) = abandoned::taken() {
            return self.abandon(hub);
        }
        let mut ended = std::mem::take(&mut self.ending);
        std::mem::swap(&mut ended, &mut self.ended);
        let late = std::mem::take(&mut self.late);
        self.has_ending = !ended.is_empty();
        self.has_left = !pool::drain(|words| self.read(words));
        metrics::drain(take_in_metric);
        self.unpack_all();
        self.parcels.shrink(std::mem::take(&mut self.parcels_needed));
        self.park();
        for root in ended.drain(..) {
            self.deliver_root(&root);
        }
        self.ending = ended;
        for trace in late {
            self.deliver_late(trace);
        }
        self.clock = None;
        self.evict();
        let has_read = self.counts.publish();
        if self.spare.note_pass(has_read || !self.is_done()) {
            self.maker.rest();
        }
        WAITING.store(self.waiting, Ordering::Relaxed);
        watch::check();
    }

    /// Counts all that there is, and forgets it.
    fn abandon(&mut self, hub: &Hub) {
        self.park();
        let roots = self.ended.iter().filter(|root| !root.facts.sampling.tail);
        let mut left = Left { transactions: roots.count() as u64, ..Left::default() };
        let known = self.traces.iter().filter(|(key, _)| !tail::is_tail(**key));
        left.spans = known.map(|(_, trace)| trace.records.len() as u64 + trace.dropped).sum();
        *self = Self::default();
        WAITING.store(0, Ordering::Relaxed);
        left.count_unread();
        left.report(hub);
    }

    /// Whether another pass would deliver nothing more.
    pub(super) fn is_done(&self) -> bool {
        self.ended.is_empty() && self.late.is_empty() && !self.has_left
    }

    fn read(&mut self, mut words: &[AtomicU64]) {
        while let Some(first) = words.first() {
            let header = Header::from_word(first.load(Ordering::Relaxed));
            let Some((record, rest)) = words.split_at_checked(header.len().max(1)) else { return };
            words = match header.kind() {
                wire::SPAN => self.read_spans(words),
                wire::ROOT => {
                    self.read_root(header, record);
                    rest
                }
                wire::VALUE => {
                    self.read_value(header, record);
                    rest
                }
                wire::UNSAMPLED_ROOT => {
                    count_unsampled(record);
                    rest
                }
                wire::METRIC => {
                    read_metric(header, record);
                    rest
                }
                _ => rest,
            };
        }
    }

    /// Reads all spans of one trace that lie one behind the other; returns what follows.
    fn read_spans<'w>(&mut self, words: &'w [AtomicU64]) -> &'w [AtomicU64] {
        let key = wire::word(words, 1);
        if tail::is_tail(key) {
            return self.read_tail_span(key, words);
        }
        let max = MAX_SPANS.load(Ordering::Relaxed);
        if self.current.key != key {
            self.go_to(key);
        }
        let trace = &mut self.current.trace;
        // The root may come before or after its children: chunks are read in any order.
        let room = (max + usize::from(trace.has_root)).saturating_sub(trace.records.len());
        let (before, is_late) = (trace.records.len(), trace.is_late);
        let (rest, dropped) = trace.records.take_in(key, words, room, &mut self.counts);
        trace.dropped += dropped;
        self.waiting += trace.records.len() - before;
        self.note_late(key, is_late);
        // A record that ends nowhere, which nobody writes.
        if rest.len() == words.len() { &[] } else { rest }
    }

    fn note_late(&mut self, key: u64, is_late: bool) {
        if is_late && self.late.last() != Some(&key) {
            self.late.push(key);
        }
    }

    /// Of a trace that may have to make room.
    fn read_tail_span<'w>(&mut self, key: u64, words: &'w [AtomicU64]) -> &'w [AtomicU64] {
        let Some((raw, rest)) = wire::read_span(words, key) else { return &[] };
        let may_be_short = self.counts.add(raw.header.callsite(), 1);
        self.make_room_for_tail(key);
        let trace = self.trace(key);
        let is_late = trace.is_late;
        if trace.records.len() < MAX_SPANS.load(Ordering::Relaxed) + usize::from(trace.has_root) {
            trace.note_outcome(&raw);
            trace.records.push(raw, may_be_short);
            self.waiting += 1;
        } else {
            trace.dropped += 1;
        }
        self.note_late(key, is_late);
        rest
    }

    fn read_root(&mut self, header: Header, record: &[AtomicU64]) {
        let key = wire::word(record, 1);
        let Some(raw) = RawSpan::read(header, record) else { return };
        let may_be_short = self.counts.add(header.callsite(), 1);
        if tail::is_tail(key) {
            self.make_room_for_tail(key);
        }
        let trace = self.trace(key);
        trace.has_root = true;
        if tail::is_tail(key) {
            trace.note_outcome(&raw);
        }
        trace.records.push_root(raw, may_be_short);
        self.waiting += 1;
        let facts = facts_of(header, key, |at| wire::word(record, at));
        let ended = EndedRoot { trace: key, root: raw.id, facts };
        // What is delivered at once must not come before roots that ended earlier.
        let is_next = self.ended.is_empty() && !self.has_ending;
        let is_whole = header.is_whole_trace() && !tail::is_tail(key);
        if is_next && is_whole && !pool::is_behind() {
            // Its scope, and what went wrong before.
            if mailbox::any() {
                self.unpack_all();
            }
            self.deliver_whole(&ended);
        } else {
            self.ended.push(ended);
        }
    }

    /// Delivers the current trace, of which nothing comes any more: so nothing is kept of it.
    fn deliver_whole(&mut self, ended: &EndedRoot) {
        let trace = self.trace(ended.trace);
        let mut records = std::mem::take(&mut trace.records);
        self.waiting -= records.len();
        let trace = &mut self.current.trace;
        let clock = self.clock.get_or_insert_with(WallClock::now);
        hand_over(&mut self.maker, trace, ended.facts, ended.root, &mut records, clock);
        let (records, values) = Spare::emptied(records.spans, std::mem::take(&mut trace.values));
        self.current.key = 0;
        self.current.trace = Trace { records, values, ..Trace::default() };
    }

    fn read_value(&mut self, header: Header, record: &[AtomicU64]) {
        let word = |at: usize| wire::word(record, at);
        let mut buffer = std::mem::take(&mut self.buffer);
        let read = wire::read_value(record, &mut buffer);
        let values = &mut self.trace(word(1)).values;
        if values.len() <= MAX_SPANS.load(Ordering::Relaxed) {
            if let Some((name, value)) = read {
                values.entry(word(2)).or_default().set(header.callsite(), name, value);
            } else if let Some(usage) = wire::read_usage(record) {
                values.entry(word(2)).or_default().used(&usage);
            }
        }
        self.buffer = buffer;
    }

    /// Lets the spans of the oldest unsampled traces go, if too many wait.
    fn make_room_for_tail(&mut self, key: u64) {
        let oldest = self.tail.add(key, tail::max_spans());
        let Some(oldest) = oldest else { return };
        let is_current = self.current.key == oldest;
        let current = is_current.then_some(&mut self.current.trace);
        if let Some(trace) = current.or_else(|| self.traces.get_mut(&oldest)) {
            let spans = std::mem::take(&mut trace.records).len();
            trace.values.clear();
            trace.dropped += spans as u64;
            self.waiting -= spans;
        }
    }

    fn trace(&mut self, key: u64) -> &mut Trace {
        if self.current.key != key {
            self.go_to(key);
        }
        &mut self.current.trace
    }

    fn go_to(&mut self, key: u64) {
        self.park();
        let known = self.traces.remove(&key);
        self.current.is_known = known.is_some();
        match known {
            Some(trace) => self.current.trace = trace,
            // Else the memory of the one before is there.
            None if self.current.trace.records.spans.capacity() == 0 => {
                let (spans, values) = self.spare.take();
                (self.current.trace.records, self.current.trace.values) =
                    (Records::within(spans), values);
            }
            None => {}
        }
        if !self.current.is_known {
            self.current.trace.is_late = self.delivered.contains(key);
        }
        self.current.key = key;
    }

    /// Puts the current trace among the others.
    fn park(&mut self) {
        let Current { key, trace, is_known } = &mut self.current;
        let key = std::mem::take(key);
        if key == 0 {
            return;
        }
        if !*is_known {
            self.order.push_back(key);
        }
        self.traces.insert(key, std::mem::take(trace));
    }

    /// Delivers events, and hands scopes to their traces.
    fn unpack_all(&mut self) {
        let mut parcels = std::mem::take(&mut self.parcels);
        mailbox::exchange(&mut parcels);
        self.parcels_needed = self.parcels_needed.max(parcels.needed());
        parcels.drain(|parcel, text| self.unpack(parcel, text));
        self.parcels = parcels;
    }

    fn unpack(&mut self, parcel: Parcel, text: &str) {
        match parcel {
            Parcel::Event { hub, event } => {
                if let Some(hub) = Hub::by_number(hub) {
                    let mut event = *event;
                    groups::add_system(&mut event, hub);
                    deliver_event(hub, event);
                }
            }
            // Not made an event first.
            Parcel::Error(error) if error.hub().is_closed() => error.hub().losses().ended_events(1),
            Parcel::Error(error) => deliver_event(error.hub(), error.into_event(text)),
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
        let mut records = std::mem::take(&mut trace.records);
        let spans = &records.spans;
        self.waiting -= spans.len();
        let mut facts = ended.facts;
        if facts.sampling.tail {
            self.tail.ended(ended.trace);
            facts.kept = tail::is_kept(&trace, &facts, ended.root, spans);
        }
        self.delivered.note_root(ended.trace, facts, trace.scope.clone(), spans);
        let clock = self.clock.get_or_insert_with(WallClock::now);
        hand_over(&mut self.maker, &mut trace, facts, ended.root, &mut records, clock);
        self.spare.keep(records.spans, trace.values);
    }

    /// Delivers the spans whose parents are delivered already, with what hangs below them. The
    /// others wait for their parents.
    fn deliver_late(&mut self, key: u64) {
        let Some(trace) = self.traces.get_mut(&key) else { return };
        let Some((facts, scope)) = self.delivered.facts(key) else { return };
        trace.scope = trace.scope.take().or(scope);
        let clock = self.clock.get_or_insert_with(WallClock::now);
        let before = trace.records.len();
        let (heads, mut rest): (Vec<_>, Vec<_>) = std::mem::take(&mut trace.records)
            .spans
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
            hand_over(&mut self.maker, trace, facts, head.id, &mut Records::of(spans), clock);
        }
        self.waiting -= before - rest.len();
        if rest.is_empty() {
            self.tail.ended(key);
            self.traces.remove(&key);
        } else {
            trace.records = Records::of(rest);
        }
    }

    /// Gives up the oldest traces when too many wait for roots that never end.
    fn evict(&mut self) {
        // Behind one of those, the keys of traces that are delivered would pile up.
        if self.order.len() > 2 * self.traces.len() + KEYS {
            self.order.retain(|key| self.traces.contains_key(key));
        }
        // What this pass has read the roots of is delivered by the next one.
        let ended = self.ended.len();
        let ending = if self.waiting > MAX_WAITING_SPANS { self.ending() } else { 0 };
        let too_many = |collector: &Self| {
            collector.waiting - ending > MAX_WAITING_SPANS
                || collector.traces.len().saturating_sub(ended) > MAX_WAITING_TRACES
        };
        while too_many(self)
            && let Some(oldest) = self.order.pop_front()
        {
            let waits = self.traces.get(&oldest).is_some_and(|trace| !trace.has_root);
            if waits && let Some(trace) = self.traces.remove(&oldest) {
                self.waiting -= trace.records.len();
                if let Some(hub) = Hub::global() {
                    hub.losses().unfinished(trace.records.len() as u64 + trace.dropped);
                }
            }
        }
    }

    /// Spans that don't wait for their roots any more.
    fn ending(&self) -> usize {
        let spans = |root: &EndedRoot| Some(self.traces.get(&root.trace)?.records.len());
        self.ended.iter().filter_map(spans).sum()
    }
}

fn deliver_event(hub: &'static Hub, mut event: Event) {
    if hub.is_closed() {
        return hub.losses().ended_events(1);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    fn read(collector: &mut Collector, record: &[u64]) {
        let words: Vec<_> = record.iter().map(|word| AtomicU64::new(*word)).collect();
        collector.read(&words);
    }

    fn span(key: u64) -> [u64; wire::SPAN_WORDS] {
        [Header::new(wire::SPAN, Status::Ok, wire::SPAN_WORDS, 1).word(), key, 2, 3, 4, 5]
    }

    fn root(key: u64) -> [u64; wire::ROOT_WORDS] {
        let header = Header::new(wire::ROOT, Status::Ok, wire::ROOT_WORDS, 1).word();
        [header, key, 1, 0, 4, 5, 1, 0, 0]
    }

    #[test]
    #[cfg_attr(miri, ignore = "a hundred thousand traces take long")]
    fn many_roots_in_one_pass_are_not_given_up() {
        let mut collector = Collector::default();
        let traces = MAX_WAITING_TRACES as u64 + 10;
        for key in 1..=traces {
            read(&mut collector, &root(key));
        }
        collector.park();
        collector.evict();
        assert_eq!(collector.traces.len() as u64, traces);
        // The same without roots: the oldest go.
        let mut collector = Collector::default();
        for key in 1..=traces {
            read(&mut collector, &span(key));
        }
        collector.park();
        collector.evict();
        assert_eq!(collector.traces.len(), MAX_WAITING_TRACES);
        assert!(!collector.traces.contains_key(&10) && collector.traces.contains_key(&11));
    }

    #[test]
    #[cfg_attr(miri, ignore = "ten thousand traces take long")]
    fn nothing_piles_up_behind_a_root_that_never_ends() {
        let mut collector = Collector::default();
        read(&mut collector, &span(1));
        for key in 2..10_000 {
            read(&mut collector, &root(key));
            collector.park();
            for ended in std::mem::take(&mut collector.ended) {
                collector.deliver_root(&ended);
            }
            collector.evict();
        }
        assert!(collector.traces.contains_key(&1) && collector.waiting == 1);
        assert!(collector.order.len() <= KEYS + 4, "{}", collector.order.len());
    }

    #[test]
    fn spans_of_several_traces_are_told_apart() {
        let mut collector = Collector::default();
        read(&mut collector, &[span(1), span(1), span(2), span(1)].concat());
        read(&mut collector, &[&root(2)[..], &span(2)].concat());
        collector.park();
        let spans = |key: u64| collector.traces.get(&key).map_or(0, |trace| trace.records.len());
        assert_eq!((spans(1), spans(2), collector.waiting), (3, 3, 6));
        assert_eq!(collector.ended.len(), 1);
    }

    #[test]
    fn a_whole_trace_leaves_nothing_behind() {
        let mut collector = Collector::default();
        let whole = |key| {
            let mut record = root(key);
            record[0] = Header::of_whole_trace(record[0], true);
            record
        };
        read(&mut collector, &[&span(1)[..], &span(1), &whole(1)].concat());
        collector.park();
        assert!(collector.is_done() && collector.traces.is_empty() && collector.order.is_empty());
        assert_eq!((collector.waiting, collector.delivered.contains(1)), (0, false));
        // Behind a root that waits for the next pass it waits, too; and so does one that isn't sampled.
        read(&mut collector, &whole(context::local::TAIL | 1));
        read(&mut collector, &whole(2));
        assert_eq!(collector.ended.len(), 2);
    }

    #[test]
    fn a_record_that_is_cut_off_ends_the_reading() {
        let mut collector = Collector::default();
        read(&mut collector, &[&span(1)[..], &span(1)[..3]].concat());
        assert_eq!(collector.waiting, 1);
        read(&mut collector, &[0, 0, 0]);
        read(&mut collector, &[Header::new(wire::SPAN, Status::Ok, 0, 1).word(), 1, 2, 3]);
        assert_eq!(collector.waiting, 1);
    }
}
