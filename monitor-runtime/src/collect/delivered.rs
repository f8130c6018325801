//! Which spans are delivered: work that goes on after its root finds its place by them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::trace::{IdMap, RawSpan, TraceFacts};
use crate::context::Scope;

/// Ids that are kept: 2 MB. Past it the oldest traces are forgotten; their late spans then count
/// as spans without a root.
const MAX_IDS: usize = 500_000;
/// Ids that a trace counts for beside its own: with traces of one span 30,000 are kept, in 5 MB.
const IDS_A_TRACE: usize = 16;

/// Traces lie in the order in which they came, and their ids as well, so that nothing is allocated
/// for each: most are never asked for.
#[derive(Default)]
pub(super) struct Delivered {
    /// Which of all traces so far the last one of a key was.
    numbers: IdMap<u64>,
    traces: VecDeque<Past>,
    /// Traces that are forgotten: the number of the first that isn't.
    forgotten: u64,
    /// Of the spans that were delivered with their roots.
    ids: VecDeque<ShortId>,
    /// Ids that are forgotten.
    forgotten_ids: u64,
    /// Ids in the lists of traces that go on.
    listed: usize,
}

struct Past {
    key: u64,
    facts: TraceFacts,
    scope: Option<Arc<Scope>>,
    /// Where its ids begin, among all so far, and how many they are.
    first: u64,
    count: usize,
    /// All that it has by now; made when somebody first asks, as few traces go on after their root.
    list: Vec<ShortId>,
    is_sorted: bool,
}

/// Half of an id. That a span is taken for another one of its trace, of 10,000, is one case in 400,000;
/// it is delivered before its parent then.
type ShortId = u32;

/// The upper half of a product, in which all bits of the id are.
const fn short(id: u64) -> ShortId {
    (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as ShortId
}

impl Delivered {
    pub(super) fn contains(&self, trace: u64) -> bool {
        self.numbers.contains_key(&trace)
    }

    pub(super) fn has_span(&mut self, trace: u64, span: u64) -> bool {
        let Some(past) = self.listed(trace) else { return false };
        if !past.is_sorted {
            past.list.sort_unstable();
            past.is_sorted = true;
        }
        past.list.binary_search(&short(span)).is_ok()
    }

    pub(super) fn facts(&self, trace: u64) -> Option<(TraceFacts, Option<Arc<Scope>>)> {
        self.past(trace).map(|past| (past.facts, past.scope.clone()))
    }

    pub(super) fn note_root(
        &mut self,
        trace: u64,
        facts: TraceFacts,
        scope: Option<Arc<Scope>>,
        spans: &[RawSpan],
    ) {
        let number = self.forgotten + self.traces.len() as u64;
        self.numbers.insert(trace, number);
        let first = self.forgotten_ids + self.ids.len() as u64;
        let (key, count, list) = (trace, spans.len(), Vec::new());
        self.traces.push_back(Past { key, facts, scope, first, count, list, is_sorted: false });
        self.ids.extend(spans.iter().map(|span| short(span.id)));
        self.forget();
    }

    /// Adds spans to a trace that is known.
    pub(super) fn note_spans(&mut self, trace: u64, spans: &[RawSpan]) {
        let Some(past) = self.listed(trace) else { return };
        past.list.extend(spans.iter().map(|span| short(span.id)));
        past.is_sorted = false;
        self.listed += spans.len();
        self.forget();
    }

    /// A trace with a list of its ids.
    fn listed(&mut self, trace: u64) -> Option<&mut Past> {
        let at = self.place(trace)?;
        let past = self.traces.get_mut(at)?;
        if past.list.is_empty() {
            let first = usize::try_from(past.first - self.forgotten_ids).ok()?;
            past.list.extend(self.ids.iter().skip(first).take(past.count));
            self.listed += past.count;
        }
        Some(past)
    }

    fn forget(&mut self) {
        while self.ids.len() + self.listed + IDS_A_TRACE * self.traces.len() > MAX_IDS
            && let Some(oldest) = self.traces.pop_front()
        {
            // The key may have come again since.
            if self.numbers.get(&oldest.key) == Some(&self.forgotten) {
                self.numbers.remove(&oldest.key);
            }
            self.forgotten += 1;
            self.ids.drain(..oldest.count);
            self.forgotten_ids += oldest.count as u64;
            self.listed -= oldest.list.len();
        }
    }

    fn past(&self, trace: u64) -> Option<&Past> {
        self.traces.get(self.place(trace)?)
    }

    fn place(&self, trace: u64) -> Option<usize> {
        let number = self.numbers.get(&trace)?;
        usize::try_from(number.checked_sub(self.forgotten)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::wire::Header;
    use crate::collect::{SPAN, SPAN_WORDS};
    use crate::record::{Sampling, Status};

    fn note(delivered: &mut Delivered, trace: u64, ids: std::ops::Range<u64>) {
        let sampling = Sampling { rate: 1.0, rand: 0.0, tail: false };
        let trace_id = crate::context::trace_id(trace);
        let facts = TraceFacts { hub: 1, sampling, trace_id, kept: true };
        delivered.note_root(trace, facts, None, &spans(ids));
    }

    fn spans(ids: std::ops::Range<u64>) -> Vec<RawSpan> {
        let header = Header::new(SPAN, Status::Ok, SPAN_WORDS, 1);
        let span = |id| RawSpan { header, id, parent: 0, start: 0, end: 0, busy: 0 };
        ids.map(span).collect()
    }

    #[test]
    fn traces_are_told_apart_and_the_oldest_is_forgotten() {
        let mut delivered = Delivered::default();
        note(&mut delivered, 7, 1..4);
        note(&mut delivered, 8, 4..6);
        delivered.note_spans(7, &spans(10..12));
        delivered.note_spans(9, &spans(12..14));
        let has = |delivered: &mut Delivered, trace: u64| -> Vec<u64> {
            (0..20).filter(|id| delivered.has_span(trace, *id)).collect()
        };
        assert_eq!(has(&mut delivered, 7), [1, 2, 3, 10, 11]);
        assert_eq!(has(&mut delivered, 8), [4, 5]);
        assert!(!delivered.contains(9));
        // A key that comes again stands for the last; the first is forgotten without it.
        note(&mut delivered, 7, 6..7);
        let large = MAX_IDS as u64 - 60;
        note(&mut delivered, 9, 100..100 + large);
        assert_eq!((has(&mut delivered, 7), has(&mut delivered, 8)), (vec![6], vec![4, 5]));
        note(&mut delivered, 10, 13..19);
        assert_eq!(has(&mut delivered, 7), [6]);
        assert!(!delivered.contains(8) && delivered.contains(9));
        note(&mut delivered, 11, 0..MAX_IDS as u64);
        assert!(!delivered.contains(9) && !delivered.contains(11));
        assert!(delivered.ids.is_empty() && delivered.listed == 0 && delivered.numbers.is_empty());
    }

    #[test]
    fn many_small_traces_are_bounded_too() {
        let mut delivered = Delivered::default();
        for key in 1..=100_000 {
            note(&mut delivered, key, key..key + 1);
        }
        assert_eq!(delivered.traces.len(), MAX_IDS / (IDS_A_TRACE + 1));
        assert!(delivered.has_span(100_000, 100_000) && !delivered.contains(1));
    }
}
