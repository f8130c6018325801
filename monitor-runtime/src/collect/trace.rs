//! The records of one trace, until its root ends.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::wire::{Header, Key, Plain};
use crate::callsite::{Ai, Callsite};
use crate::clock::WallClock;
use crate::context::Scope;
use crate::policy::baseline::Ended;
use crate::record::{
    Attributes, Sampling, Span, SpanId, SpanRole, Status, Text, TraceId, Transaction, Value,
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
    let literals = [
        ("gen_ai.operation.name", Some(ai.operation)),
        ("gen_ai.provider.name", Some(ai.provider).filter(|provider| !provider.is_empty())),
        ("gen_ai.request.model", ai.model),
    ];
    let literals = literals.into_iter().filter_map(|(key, value)| {
        Some((Text::Borrowed(key), Value::Text(Text::Borrowed(value?))))
    });
    literals.chain(said).collect()
}

fn as_text(value: Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

impl Trace {
    /// Makes a transaction of these spans, with what was set on them.
    pub(super) fn transaction(
        &mut self,
        facts: TraceFacts,
        root: u64,
        spans: Vec<RawSpan>,
    ) -> Option<Transaction> {
        let mut spans = without_short(spans, root);
        spans.sort_unstable_by_key(|raw| (raw.id != root, raw.start, raw.id));
        if spans.first().is_none_or(|raw| raw.id != root) {
            return None;
        }
        let clock = WallClock::now();
        let mut parents = Parents::default();
        let mut finished = Vec::with_capacity(spans.len());
        for raw in &spans {
            let Some(callsite) = Callsite::by_number(raw.header.callsite()) else { continue };
            let parent_op = parents.op_of_parent(raw, callsite);
            finished.push(self.span(raw, root, callsite, &clock, parent_op)?);
        }
        Some(Transaction {
            trace_id: facts.trace_id,
            spans: finished,
            scope: self.scope.clone().unwrap_or_default(),
            sampling: facts.sampling,
            performance_tier: None,
            dropped_spans: std::mem::take(&mut self.dropped),
        })
    }

    fn span(
        &mut self,
        raw: &RawSpan,
        root: u64,
        callsite: &'static Callsite,
        clock: &WallClock,
        parent_op: Option<&'static str>,
    ) -> Option<Span> {
        let values = match self.values.is_empty() {
            true => Values::default(),
            false => self.values.remove(&raw.id).unwrap_or_default(),
        };
        // Both ends through the same clock: a child's end is never after its parent's.
        let (start, end) = (clock.at(raw.start), clock.at(raw.end));
        let duration = Duration::from_nanos(end.saturating_sub(start));
        let busy = Duration::from_nanos(crate::clock::to_nanos(raw.busy)).min(duration);
        let ticks = raw.end.saturating_sub(raw.start);
        let attributes = match callsite.details.ai.filter(|_| values.op.is_none()) {
            Some(ai) => with_literals(ai, values.attributes),
            None => values.attributes,
        };
        Some(Span {
            id: SpanId::new(raw.id)?,
            parent: SpanId::new(raw.parent),
            op: values.op.unwrap_or_else(|| callsite.op().into()),
            name: values.name.unwrap_or_else(|| callsite.name().into()),
            description: values
                .description
                .or_else(|| callsite.details.description.map(Text::Borrowed)),
            start: UNIX_EPOCH + Duration::from_nanos(start),
            duration,
            busy,
            status: values.status.unwrap_or_else(|| raw.header.status()),
            slow: crate::policy::slow::is_over(callsite, ticks),
            attributes,
            parent_operation: parent_op.map(Text::Borrowed),
            role: if raw.id == root { SpanRole::Root } else { SpanRole::Child },
            callsite,
        })
    }
}

/// Spans of which half are looked through one by one.
const SEARCHED: usize = 16;

/// Finds the op of a span's parent. Spans come in the order in which they began, so the parent is
/// mostly the last one that had not ended.
#[derive(Default)]
struct Parents {
    ops: IdMap<&'static str>,
    open: Vec<(u64, u64, &'static str)>,
}

impl Parents {
    fn op_of_parent(&mut self, raw: &RawSpan, callsite: &Callsite) -> Option<&'static str> {
        while let Some((id, end, op)) = self.open.last().copied()
            && id != raw.parent
            && end <= raw.start
        {
            // Its own children may still come, if they were handed on.
            self.ops.insert(id, op);
            self.open.pop();
        }
        let nested = self.open.iter().rev().find(|(id, ..)| *id == raw.parent).map(|open| open.2);
        let op = nested.or_else(|| self.ops.get(&raw.parent).copied());
        self.open.push((raw.id, raw.end, callsite.op()));
        // Where much runs at once, most parents are in the map.
        if self.open.len() > 2 * SEARCHED {
            self.ops.extend(self.open.drain(..SEARCHED).map(|(id, _, op)| (id, op)));
        }
        op
    }
}

/// Leaves out the spans that are shorter than their `min_duration`; what hangs below one of them
/// hangs below its parent then.
fn without_short(mut spans: Vec<RawSpan>, root: u64) -> Vec<RawSpan> {
    let is_short = |raw: &RawSpan| {
        let min =
            Callsite::by_number(raw.header.callsite()).map_or(0, |s| s.details.min_duration_nanos);
        min > 0 && crate::clock::to_nanos(raw.end.saturating_sub(raw.start)) < min
    };
    let short: IdMap<u64> =
        spans.iter().filter(|raw| is_short(raw)).map(|raw| (raw.id, raw.parent)).collect();
    if short.is_empty() {
        return spans;
    }
    if short.contains_key(&root) {
        return Vec::new();
    }
    spans.retain(|raw| !short.contains_key(&raw.id));
    for raw in &mut spans {
        while let Some(parent) = short.get(&raw.parent) {
            raw.parent = *parent;
        }
    }
    spans
}
