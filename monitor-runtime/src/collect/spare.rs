use std::collections::VecDeque;

use super::records::Records;
use super::trace::{IdMap, RawSpan, Values};

/// Spans of new traces, and spans of a transaction, for which memory is kept while there is work: 3
/// and 1 MB.
const SPARE_RAW: usize = 64 * 1024;
pub(super) const SPARE_MADE: usize = 16 * 1024;
/// Maps of values for which memory is kept, and how many spans one may be for: 2 MB.
const SPARE_MAPS: usize = 128;
const SPARE_VALUES: usize = 512;
/// Passes without a span after which there is no work: 2 s, or some flushes.
const IDLE_PASSES: u32 = 20;

/// Memory that is used again.
#[derive(Default)]
pub(super) struct Spare {
    /// For the spans of new traces.
    raw: VecDeque<Vec<RawSpan>>,
    raw_spans: usize,
    /// For what is said of them.
    values: Vec<IdMap<Values>>,
    /// Passes since it was used.
    idle: u32,
}

impl Spare {
    /// Whether there is no work any more: then no memory is kept.
    pub(super) fn note_pass(&mut self, has_work: bool) -> bool {
        self.idle = if has_work { 0 } else { self.idle + 1 };
        let rests = self.idle >= IDLE_PASSES;
        if rests {
            *self = Self::default();
        }
        rests
    }

    pub(super) fn take(&mut self) -> (Vec<RawSpan>, IdMap<Values>) {
        let spans = self.raw.pop_back().unwrap_or_default();
        self.raw_spans -= spans.capacity();
        (spans, self.values.pop().unwrap_or_default())
    }

    /// The memory of spans that are delivered, for those of the trace that follows.
    pub(super) fn emptied(
        mut spans: Vec<RawSpan>,
        mut values: IdMap<Values>,
    ) -> (Records, IdMap<Values>) {
        if spans.capacity() > SPARE_RAW {
            spans = Vec::new();
        }
        if values.capacity() > SPARE_VALUES {
            values = IdMap::default();
        }
        spans.clear();
        values.clear();
        (Records::within(spans), values)
    }

    /// Keeps the memory of spans that are delivered for those of another trace.
    pub(super) fn keep(&mut self, mut spans: Vec<RawSpan>, mut values: IdMap<Values>) {
        if spans.capacity() <= SPARE_RAW {
            spans.clear();
            self.raw_spans += spans.capacity();
            self.raw.push_back(spans);
        }
        // Of other traces than there are now: those of many small ones would leave no room for a large one.
        while self.raw_spans > SPARE_RAW
            && let Some(oldest) = self.raw.pop_front()
        {
            self.raw_spans -= oldest.capacity();
        }
        if (1..=SPARE_VALUES).contains(&values.capacity()) && self.values.len() < SPARE_MAPS {
            values.clear();
            self.values.push(values);
        }
    }
}
