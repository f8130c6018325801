//! The records of one trace, until its root ends.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::records::Records;
use super::wire::{Header, Key, Plain, SPAN_WORDS};
use crate::ai;
use crate::callsite::{Ai, AiKind, Callsite};
use crate::context::{STORE_ID, Scope};
use crate::policy::baseline::Ended;
use crate::record::{Attributes, Said, Sampling, Span, Status, Text, TraceId, Usage, Value};

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
        let (fixed, rest) = record.split_first_chunk::<SPAN_WORDS>()?;
        let raw = Self::of_sync(header, fixed);
        let busy = rest.first().map_or(raw.busy, |busy| busy.load(Ordering::Relaxed));
        Some(Self { busy, ..raw })
    }

    /// Of a call that was busy all the time.
    #[inline]
    pub(super) fn of_sync(header: Header, record: &[AtomicU64; SPAN_WORDS]) -> Self {
        let [_, _, id, parent, start, end] =
            record.each_ref().map(|word| word.load(Ordering::Relaxed));
        Self { header, id, parent, start, end, busy: end.saturating_sub(start) }
    }

    pub(super) fn ticks(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

/// What was set on a span while it was open.
#[derive(Default)]
pub(super) struct Values {
    /// As the span keeps it.
    said: Box<Said>,
    status: Option<Status>,
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
    pub(super) records: Records,
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
            Key::Name => self.said.name = as_text(text()),
            Key::Description => self.said.description = as_text(text()),
            Key::Op => self.said.op = as_text(text()),
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

    pub(super) fn set_on(self, span: &mut Span) {
        let Self { mut said, status } = self;
        if let Some(ai) = span.callsite.details.ai {
            if said.name.is_none() {
                said.name = name_with_subject(span.callsite, ai, &said.attributes);
            }
            if said.op.is_none() {
                said.attributes = with_literals(ai, std::mem::take(&mut said.attributes));
            }
        }
        span.set_said(said);
        span.status = status.unwrap_or(span.status);
    }

    fn attribute(&mut self, key: Text, value: Value) {
        match self.said.attributes.iter_mut().find(|(k, _)| is_same(k, &key)) {
            Some((_, old)) => *old = value,
            None => self.said.attributes.push((key, value)),
        }
    }
}

/// Most keys are texts of the program, which are the same where they lie in the same place.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && (std::ptr::eq(one, other) || one == other)
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::collect::SPAN;

    pub(in crate::collect) static SITE: Callsite = Callsite::new("op", "outer", "tests");

    /// The record of a call that was busy all the time.
    pub(in crate::collect) fn raw(id: u64, parent: u64, start: u64, end: u64) -> RawSpan {
        let header = Header::new(SPAN, Status::Ok, SPAN_WORDS, SITE.number());
        RawSpan { header, id, parent, start, end, busy: end.saturating_sub(start) }
    }
}
