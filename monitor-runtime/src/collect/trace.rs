//! The records of one trace, until its root ends.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, UNIX_EPOCH};

use super::wire::{Header, Key, Plain, SPAN_WORDS, word};
use crate::ai;
use crate::callsite::{Ai, AiKind, Callsite};
use crate::clock::WallClock;
use crate::context::{STORE_ID, Scope};
use crate::policy::baseline::Ended;
use crate::record::{
    Attributes, Sampling, Span, SpanId, SpanRole, Status, Text, TraceId, Transaction, Usage, Value,
};

/// A map whose keys are random numbers already.
pub(super) type IdMap<V> = HashMap<u64, V, BuildHasherDefault<IdHasher>>;

#[derive(Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }
}

/// A span's record as it was written.
#[derive(Clone, Copy)]
pub(super) struct RawSpan {
    pub(super) header: Header,
    pub(super) id: u64,
    pub(super) parent: u64,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) busy: u64,
}

impl RawSpan {
    pub(super) const fn ended(&self) -> Ended {
        let (id, start, end) = (self.id, self.start, self.end);
        Ended { callsite: self.header.callsite(), id, start, end }
    }

    /// From a record of a span or a root.
    #[inline]
    pub(super) fn read(header: Header, record: &[AtomicU64]) -> Option<Self> {
        let [id, parent, start, end] = [2, 3, 4, 5].map(|at| word(record, at));
        let busy = if record.len() > SPAN_WORDS {
            word(record, SPAN_WORDS)
        } else {
            end.saturating_sub(start)
        };
        (record.len() >= SPAN_WORDS).then_some(Self { header, id, parent, start, end, busy })
    }

    fn ticks(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

/// What was set on a span while it was open.
#[derive(Default)]
pub(super) struct Values {
    attributes: Attributes,
    name: Option<Text>,
    description: Option<Text>,
    status: Option<Status>,
    op: Option<Text>,
}

/// What is known of a trace beside its spans.
#[derive(Clone, Copy)]
pub(super) struct TraceFacts {
    pub(super) hub: u32,
    pub(super) sampling: Sampling,
    pub(super) trace_id: TraceId,
    /// Whether the trace is delivered, and not only remembered.
    pub(super) kept: bool,
}

/// The records of one trace that aren't delivered yet.
#[derive(Default)]
pub(super) struct Trace {
    pub(super) spans: Vec<RawSpan>,
    pub(super) values: IdMap<Values>,
    pub(super) scope: Option<Arc<Scope>>,
    /// Spans over the bound.
    pub(super) dropped: u64,
    pub(super) has_root: bool,
    /// A call failed, or was over its `#[slow_threshold]`.
    pub(super) failed: bool,
    pub(super) slow: bool,
    /// The root is delivered already.
    pub(super) is_late: bool,
}

impl Values {
    pub(super) fn set(&mut self, site: u32, key: Key<'_>, value: Plain<'_>) {
        let text = || value.to_value(usize::MAX);
        match key {
            Key::Field(number) => {
                let name =
                    Callsite::by_number(site).and_then(|site| site.details.fields.get(number));
                self.attribute(Text::Borrowed(name.copied().unwrap_or("field")), text());
            }
            Key::Named(name) => self.attribute(name.to_owned().into(), text()),
            Key::Name => self.name = as_text(text()),
            Key::Description => self.description = as_text(text()),
            Key::Op => self.op = as_text(text()),
            Key::Status => {
                if let Plain::U64(byte) = value {
                    self.status = u8::try_from(byte).ok().map(Status::from_byte);
                }
            }
        }
    }

    /// Sets the tokens that an AI call used.
    pub(super) fn used(&mut self, usage: &Usage) {
        for (key, count) in ai::usage_attributes(usage) {
            self.attribute(Text::Borrowed(key), Value::U64(count));
        }
    }

    fn set_on(self, span: &mut Span) {
        let ai = span.callsite.details.ai;
        let subject = ai.and_then(|ai| name_with_subject(span.callsite, ai, &self.attributes));
        if let Some(name) = self.name.or(subject) {
            span.name = name;
        }
        span.attributes = match ai.filter(|_| self.op.is_none()) {
            Some(ai) => with_literals(ai, self.attributes),
            None => self.attributes,
        };
        if let Some(op) = self.op {
            span.op = op;
        }
        span.description = self.description.or(span.description.take());
        span.status = self.status.unwrap_or(span.status);
    }

    fn attribute(&mut self, key: Text, value: Value) {
        match self.attributes.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = value,
            None => self.attributes.push((key, value)),
        }
    }
}

/// What the attribute of an AI call says with literals, before what the call said: so no call has to
/// write it. One that turned out to be something else says nothing of it.
fn with_literals(ai: Ai, said: Attributes) -> Attributes {
    let model = "gen_ai.request.model";
    // The body may have asked another one.
    let is_said = said.iter().any(|(key, _)| key == model);
    let literals = [
        ("gen_ai.operation.name", Some(ai.operation)),
        ("gen_ai.provider.name", Some(ai.provider).filter(|provider| !provider.is_empty())),
        (model, ai.model.filter(|_| !is_said)),
    ];
    let literals = literals.into_iter().filter_map(|(key, value)| {
        Some((Text::Borrowed(key), Value::Text(Text::Borrowed(value?))))
    });
    literals.chain(said).collect()
}

/// A span that is named by its operation gets the name of the model, agent or tool beside it, where the
/// call said it.
fn name_with_subject(callsite: &Callsite, ai: Ai, said: &Attributes) -> Option<Text> {
    let key = match ai.kind() {
        AiKind::Model => "gen_ai.request.model",
        AiKind::Agent => "gen_ai.agent.name",
        AiKind::Tool => "gen_ai.tool.name",
        AiKind::Memory => STORE_ID,
    };
    let (_, subject) = said.iter().find(|(said, _)| said == key)?;
    ai.gives_name(callsite.name())
        .then(|| format!("{} {}", ai.operation, subject.as_str().unwrap_or_default()).into())
}

fn as_text(value: Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

impl Trace {
    /// Makes a transaction of these spans, with what was set on them, in the memory of others.
    pub(super) fn transaction(
        &mut self,
        facts: TraceFacts,
        root: u64,
        spans: &mut Vec<RawSpan>,
        mut made: Vec<Span>,
    ) -> Option<Transaction> {
        leave_out(spans, root);
        // The root ended last, or nearly.
        let at = spans.iter().rposition(|raw| raw.id == root)?;
        spans[..=at].rotate_right(1);
        // In the order in which they began; of two at the same moment the outer one ended later.
        // Mostly that is the order in which they are there, or made of few runs of it.
        if !spans[1..].is_sorted_by(|one, next| one.start < next.start) {
            spans[1..].sort_by_key(|raw| (raw.start, Reverse(raw.end)));
        }
        let (root, clock) = (SpanId::new(root)?, WallClock::now());
        let mut parents = Parents::new(spans);
        let mut sites = Sites::default();
        let mut any_ai = false;
        made.clear();
        made.extend(spans.iter().map(|raw| {
            let callsite = sites.of(raw).unwrap_or(&UNKNOWN);
            any_ai |= callsite.details.ai.is_some();
            let parent_op = parents.op_of_parent(raw, callsite);
            plain_span(raw, root, callsite, &clock, parent_op)
        }));
        // Behind the others: what is plain is made in its place, without a copy.
        if any_ai || !self.values.is_empty() {
            for span in &mut made {
                let values = self.values.remove(&span.id.get()).unwrap_or_default();
                values.set_on(span);
            }
        }
        Some(Transaction {
            trace_id: facts.trace_id,
            spans: made,
            scope: self.scope.clone().unwrap_or_default(),
            sampling: facts.sampling,
            performance_tier: None,
            dropped_spans: std::mem::take(&mut self.dropped),
        })
    }
}

/// A span of which nothing was said while it was open.
#[inline]
fn plain_span(
    raw: &RawSpan,
    root: SpanId,
    callsite: &'static Callsite,
    clock: &WallClock,
    parent_op: Option<&'static str>,
) -> Span {
    // Both ends through the same clock: a child's end is never after its parent's.
    let (start, end) = (clock.at(raw.start), clock.at(raw.end));
    let duration = Duration::from_nanos(end.saturating_sub(start));
    let ticks = raw.ticks();
    let busy = match raw.busy == ticks {
        true => duration,
        false => Duration::from_nanos(crate::clock::to_nanos(raw.busy)).min(duration),
    };
    let id = SpanId::new(raw.id).unwrap_or(root);
    Span {
        id,
        parent: SpanId::new(raw.parent),
        op: Text::Borrowed(callsite.op()),
        name: Text::Borrowed(callsite.name()),
        description: callsite.details.description.map(Text::Borrowed),
        start: UNIX_EPOCH + Duration::from_nanos(start),
        duration,
        busy,
        status: raw.header.status(),
        slow: crate::policy::slow::is_over(callsite, ticks),
        attributes: Attributes::new(),
        parent_operation: parent_op.map(Text::Borrowed),
        role: if id == root { SpanRole::Root } else { SpanRole::Child },
        callsite,
    }
}

/// Stands in for a callsite that nobody knows, of which no span is made.
static UNKNOWN: Callsite = Callsite::new("function", "unknown", "");

/// Finds callsites by their numbers; remembers the last one, which comes again mostly.
#[derive(Default)]
struct Sites(Option<(u32, &'static Callsite)>);

impl Sites {
    #[inline]
    fn of(&mut self, raw: &RawSpan) -> Option<&'static Callsite> {
        let number = raw.header.callsite();
        match self.0 {
            Some((last, site)) if last == number => Some(site),
            _ => {
                self.0 = Some((number, Callsite::by_number(number)?));
                self.0.map(|(_, site)| site)
            }
        }
    }
}

/// Open spans that are looked through one by one.
const SEARCHED: usize = 32;

/// Finds the op of a span's parent. Spans come in the order in which they began, so the parent is
/// mostly the last one that had not ended.
struct Parents<'a> {
    spans: &'a [RawSpan],
    open: Vec<(u64, u64, &'static str)>,
    /// Callsites by the ids of all spans; made when it is first needed, for children that were
    /// handed on, or where much runs at once.
    all: Option<IdMap<u32>>,
}

impl<'a> Parents<'a> {
    fn new(spans: &'a [RawSpan]) -> Self {
        Self { spans, open: Vec::new(), all: None }
    }

    fn op_of_parent(&mut self, raw: &RawSpan, callsite: &Callsite) -> Option<&'static str> {
        while let Some((id, end, _)) = self.open.last()
            && *id != raw.parent
            && *end <= raw.start
        {
            self.open.pop();
        }
        let nested = self.open.iter().rev().take(SEARCHED).find(|(id, ..)| *id == raw.parent);
        let op = nested.map(|open| open.2).or_else(|| self.op_of(raw.parent));
        self.open.push((raw.id, raw.end, callsite.op()));
        op
    }

    fn op_of(&mut self, id: u64) -> Option<&'static str> {
        if id == 0 {
            return None;
        }
        let spans = self.spans;
        let all = self.all.get_or_insert_with(|| {
            spans.iter().map(|raw| (raw.id, raw.header.callsite())).collect()
        });
        Callsite::by_number(*all.get(&id)?).map(Callsite::op)
    }
}

/// Leaves out the spans that are shorter than their `min_duration`, and any that nothing is known of;
/// what hangs below one of them hangs below its parent then. With the root all of them are left out.
fn leave_out(spans: &mut Vec<RawSpan>, root: u64) {
    let mut sites = Sites::default();
    let mut is_out = |raw: &RawSpan| {
        let Some(site) = sites.of(raw).filter(|_| raw.id != 0) else { return true };
        let min = site.details.min_duration_nanos;
        min > 0 && crate::clock::to_nanos(raw.ticks()) < min
    };
    if !spans.iter().any(&mut is_out) {
        return;
    }
    let short: IdMap<u64> =
        spans.iter().filter(|raw| is_out(raw)).map(|raw| (raw.id, raw.parent)).collect();
    if short.contains_key(&root) {
        return spans.clear();
    }
    spans.retain(|raw| !short.contains_key(&raw.id));
    for raw in spans {
        while let Some(parent) = short.get(&raw.parent).filter(|_| raw.parent != 0) {
            raw.parent = *parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::SPAN;

    static SITE: Callsite = Callsite::new("op", "outer", "tests");

    fn raw(id: u64, parent: u64, start: u64, end: u64) -> RawSpan {
        let header = Header::new(SPAN, Status::Ok, SPAN_WORDS, SITE.number());
        RawSpan { header, id, parent, start, end, busy: end.saturating_sub(start) }
    }

    fn transaction(mut spans: Vec<RawSpan>) -> Transaction {
        let sampling = Sampling { rate: 1.0, rand: 0.0, tail: false };
        let trace_id = crate::context::trace_id(7);
        let facts = TraceFacts { hub: 1, sampling, trace_id, kept: true };
        Trace::default().transaction(facts, 1, &mut spans, Vec::new()).unwrap()
    }

    #[test]
    fn spans_come_in_the_order_in_which_they_began() {
        // As they end: the inner ones first. Two of them began at the same tick.
        let spans = vec![raw(4, 3, 20, 25), raw(3, 2, 20, 30), raw(2, 1, 10, 40), raw(1, 0, 5, 50)];
        let made = transaction(spans);
        let ids: Vec<u64> = made.spans.iter().map(|span| span.id.get()).collect();
        assert_eq!(ids, [1, 2, 3, 4]);
        assert!(made.children().iter().all(|span| span.parent_operation.as_deref() == Some("op")));
    }

    #[test]
    fn parents_of_handed_on_work_are_found() {
        // The parent had ended when its child began; and forty run at once.
        let mut spans = vec![raw(2, 1, 10, 11), raw(3, 2, 20, 30)];
        spans.extend((10..50).map(|id| raw(id, 1, id, 1000)));
        spans.extend([raw(60, 10, 60, 61), raw(1, 0, 5, 2000)]);
        let made = transaction(spans);
        assert!(made.children().iter().all(|span| span.parent_operation.as_deref() == Some("op")));
    }

    #[test]
    fn a_clock_that_steps_back_makes_no_long_span() {
        let made = transaction(vec![raw(2, 1, 500, 400), raw(1, 0, 1000, 10)]);
        assert_eq!(made.spans.len(), 2);
        assert!(made.spans.iter().all(|span| span.duration.is_zero() && span.busy.is_zero()));
        assert!(made.spans.iter().all(|span| !span.slow));
    }
}
