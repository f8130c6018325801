//! Which spans are delivered: work that goes on after its root finds its place by them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::trace::{IdMap, RawSpan, TraceFacts};
use crate::context::Scope;

/// Ids that are kept: 4 MB. Past it the oldest traces are forgotten; their late spans then count
/// as spans without a root.
const MAX_IDS: usize = 500_000;

#[derive(Default)]
pub(super) struct Delivered {
    traces: IdMap<Past>,
    order: VecDeque<u64>,
    ids: usize,
}

struct Past {
    /// Sorted when it is first asked for: few traces go on after their root.
    spans: Vec<u64>,
    is_sorted: bool,
    facts: TraceFacts,
    scope: Option<Arc<Scope>>,
}

impl Delivered {
    pub(super) fn contains(&self, trace: u64) -> bool {
        self.traces.contains_key(&trace)
    }

    pub(super) fn has_span(&mut self, trace: u64, span: u64) -> bool {
        self.traces.get_mut(&trace).is_some_and(|past| past.has(span))
    }

    pub(super) fn facts(&self, trace: u64) -> Option<(TraceFacts, Option<Arc<Scope>>)> {
        self.traces.get(&trace).map(|past| (past.facts, past.scope.clone()))
    }

    pub(super) fn note_root(
        &mut self,
        trace: u64,
        facts: TraceFacts,
        scope: Option<Arc<Scope>>,
        spans: &[RawSpan],
    ) {
        let ids = Vec::with_capacity(spans.len());
        self.traces.insert(trace, Past { spans: ids, is_sorted: true, facts, scope });
        self.order.push_back(trace);
        self.note_spans(trace, spans);
    }

    pub(super) fn note_spans(&mut self, trace: u64, spans: &[RawSpan]) {
        if let Some(past) = self.traces.get_mut(&trace) {
            past.spans.extend(spans.iter().map(|span| span.id));
            past.is_sorted = false;
            self.ids += spans.len();
        }
        while self.ids > MAX_IDS
            && let Some(oldest) = self.order.pop_front()
        {
            let forgotten = self.traces.remove(&oldest);
            self.ids -= forgotten.map_or(0, |past| past.spans.len());
        }
    }
}

impl Past {
    fn has(&mut self, span: u64) -> bool {
        if !self.is_sorted {
            self.spans.sort_unstable();
            self.is_sorted = true;
        }
        self.spans.binary_search(&span).is_ok()
    }
}
