//! Traces that weren't sampled, recorded in case that they go wrong.

use std::collections::VecDeque;

use super::trace::{IdMap, RawSpan, Trace, TraceFacts};
use crate::callsite::Callsite;
use crate::clock;
use crate::context::local::TAIL;
use crate::hub::Hub;
use crate::policy::slow;
use crate::record::Status;
use crate::sampling::TailSampling;

/// Whether the trace with this key waits for how it ends.
pub(super) const fn is_tail(key: u64) -> bool {
    key & TAIL != 0
}

/// Keys of traces that have ended that may stay among those of the others.
const KEYS: usize = 1024;

/// How many spans of such traces wait for their roots.
#[derive(Default)]
pub(super) struct Tail {
    spans: usize,
    traces: IdMap<usize>,
    /// Keys in the order in which their first record came; some have ended.
    order: VecDeque<u64>,
}

impl Tail {
    /// Counts a span. The trace whose spans must go for it, if there are too many.
    pub(super) fn add(&mut self, key: u64, max: usize) -> Option<u64> {
        self.spans += 1;
        let known = self.traces.entry(key).or_insert_with(|| {
            self.order.push_back(key);
            0
        });
        *known += 1;
        if self.spans <= max {
            return None;
        }
        loop {
            let oldest = self.order.pop_front()?;
            if let Some(spans) = self.traces.remove(&oldest) {
                self.spans -= spans;
                return Some(oldest);
            }
        }
    }

    /// Forgets a trace whose root has ended.
    pub(super) fn ended(&mut self, key: u64) {
        self.spans -= self.traces.remove(&key).unwrap_or_default();
        while self.order.front().is_some_and(|key| !self.traces.contains_key(key)) {
            self.order.pop_front();
        }
        // Behind a root that never ends, the keys of others would pile up.
        if self.order.len() > 2 * self.traces.len() + KEYS {
            self.order.retain(|key| self.traces.contains_key(key));
        }
    }
}

/// The bound is one for the process, as the memory is.
pub(super) fn max_spans() -> usize {
    Hub::global().map_or_else(|| TailSampling::new().max_spans, tail_spans)
}

fn tail_spans(hub: &'static Hub) -> usize {
    hub.settings().tracing.tail.map_or(TailSampling::new().max_spans, |tail| tail.max_spans)
}

impl Trace {
    /// Notes what may keep the trace.
    pub(super) fn note_outcome(&mut self, raw: &RawSpan) {
        self.failed |= matches!(raw.header.status(), Status::Error | Status::Panicked);
        let site = Callsite::by_number(raw.header.callsite());
        self.slow |=
            site.is_some_and(|site| slow::is_over(site, raw.end.saturating_sub(raw.start)));
    }
}

/// Whether a trace went wrong.
pub(super) fn is_kept(trace: &Trace, facts: &TraceFacts, root: u64, spans: &[RawSpan]) -> bool {
    let Some(hub) = Hub::by_number(facts.hub) else { return false };
    let Some(tail) = hub.settings().tracing.tail else { return false };
    let root = spans.iter().find(|raw| raw.id == root);
    let nanos = root.map_or(0, |raw| clock::to_nanos(raw.end.saturating_sub(raw.start)));
    let too_long = tail.slower_than.is_some_and(|limit| u128::from(nanos) >= limit.as_nanos());
    let kept = (tail.failed && trace.failed) || (tail.slow && trace.slow) || too_long;
    if !kept {
        hub.losses().unsampled(1);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_trace_goes_when_there_are_too_many_spans() {
        let mut tail = Tail::default();
        let added: Vec<_> = [1, 1, 2, 3, 2].iter().map(|key| tail.add(*key, 3)).collect();
        assert_eq!(added, [None, None, None, Some(1), None]);
        tail.ended(2);
        assert_eq!(tail.add(3, 3), None);
        assert_eq!((tail.add(4, 3), tail.add(4, 3)), (None, Some(3)));
    }
}
