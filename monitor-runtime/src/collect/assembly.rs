//! Spans made of records, and a transaction made of spans.

use std::sync::{Arc, LazyLock};

use super::order::Order;
use super::parents::{Known, Parents};
use super::records::Records;
use super::short_spans;
use super::sites::Sites;
use super::spare::SPARE_MADE;
use super::trace::{RawSpan, Trace, TraceFacts};
use crate::clock::WallClock;
use crate::context::Scope;
use crate::record::{Sampling, Span, SpanId, SpanRole, Times, TraceId, Transaction};

/// Of a trace whose scope says nothing.
static EMPTY: LazyLock<Arc<Scope>> = LazyLock::new(Arc::default);

/// Makes transactions, each in the memory of the one before if no backend keeps that.
#[derive(Default)]
pub(super) struct Maker {
    spare: Option<Arc<Transaction>>,
    order: Order,
    around: Vec<Known>,
}

impl Maker {
    /// Makes a transaction of these records, with what was set on them. Also whether all that its spans
    /// say stands in the text of the program, where no secrets are.
    pub(super) fn make(
        &mut self,
        trace: &mut Trace,
        facts: TraceFacts,
        root: u64,
        records: &mut Records,
        clock: &WallClock,
    ) -> Option<(Arc<Transaction>, bool)> {
        if records.survey.has_short {
            short_spans::leave_out(&mut records.spans, root);
        }
        let Records { spans, survey } = records;
        // The root ended last, or nearly.
        let at = spans.iter().rposition(|raw| raw.id == root)?;
        let is_last = at + 1 == spans.len();
        let root = spans.swap_remove(at);
        let id = SpanId::new(root.id)?;
        let mut transaction = self.take_blank();
        let is_sorted = !survey.is_mixed && is_last;
        let places = if is_sorted { &[] } else { self.order.of(spans) };
        let t = Arc::get_mut(&mut transaction)?;
        let parents = Parents::new(&root, spans, &mut self.around);
        let mut making = Making { root: id, clock: *clock, sites: Sites::default(), parents };
        t.spans.reserve(spans.len() + 1);
        t.spans.push(making.root(&root));
        if is_sorted {
            t.spans.extend(spans.iter().map(|raw| making.child(raw)));
        } else {
            t.spans.extend(places.iter().map(|place| making.child(&spans[*place as usize])));
        }
        let sites = making.sites;
        // Behind the others: what is plain is made in its place, without a copy.
        let says_more = sites.has_ai || !trace.values.is_empty();
        if says_more {
            for span in &mut t.spans {
                let values = trace.values.remove(&span.id.get());
                if values.is_some() || span.callsite.details.ai.is_some() {
                    values.unwrap_or_default().set_on(span);
                }
            }
        }
        t.trace_id = facts.trace_id;
        if let Some(scope) = &trace.scope {
            t.scope = Arc::clone(scope);
        }
        t.sampling = facts.sampling;
        t.dropped_spans = std::mem::take(&mut trace.dropped);
        Some((transaction, !says_more && !sites.has_description))
    }

    /// Takes the memory of a transaction that was delivered.
    pub(super) fn take_back(&mut self, mut transaction: Arc<Transaction>) {
        if empty(&mut transaction) {
            self.spare = Some(transaction);
        }
    }

    /// A transaction in memory that was used before.
    fn take_blank(&mut self) -> Arc<Transaction> {
        let spare = self.spare.take();
        #[cfg(feature = "mock")]
        let spare = spare.or_else(super::returned::take);
        spare.unwrap_or_else(|| Arc::new(blank()))
    }

    /// Keeps no memory any longer.
    pub(super) fn rest(&mut self) {
        *self = Self::default();
        #[cfg(feature = "mock")]
        super::returned::forget();
    }
}

/// Has a transaction say nothing any more; whether that is possible and its memory worth keeping.
pub(super) fn empty(transaction: &mut Arc<Transaction>) -> bool {
    let Some(t) = Arc::get_mut(transaction).filter(|t| t.spans.capacity() <= SPARE_MADE) else {
        return false;
    };
    t.spans.clear();
    if !Arc::ptr_eq(&t.scope, &EMPTY) {
        t.scope = Arc::clone(&EMPTY);
    }
    t.performance_tier = None;
    true
}

/// A transaction that says nothing yet.
pub(crate) fn blank() -> Transaction {
    Transaction {
        trace_id: TraceId::new(1).unwrap_or_else(|| unreachable!("isn't 0")),
        spans: Vec::new(),
        scope: Arc::clone(&EMPTY),
        sampling: Sampling { rate: 1.0, rand: 0.0, tail: false },
        performance_tier: None,
        dropped_spans: 0,
    }
}

/// What is needed for each span.
struct Making<'a> {
    root: SpanId,
    clock: WallClock,
    sites: Sites,
    parents: Parents<'a>,
}

impl Making<'_> {
    #[inline(never)]
    fn root(&mut self, raw: &RawSpan) -> Span {
        let mut span = self.plain(raw);
        span.role = SpanRole::Root;
        span
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "made in its place, it is written once")]
    fn child(&mut self, raw: &RawSpan) -> Span {
        let mut span = self.plain(raw);
        span.parent_site = self.parents.site_of_parent(raw);
        span
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "made in its place, it is written once")]
    fn plain(&mut self, raw: &RawSpan) -> Span {
        let (callsite, slow_ticks) = self.sites.with_limit(raw.header.callsite());
        // Both ends through the same clock: a child's end is never after its parent's.
        let (start, end) = (self.clock.at(raw.start), self.clock.at(raw.end));
        let duration = end.saturating_sub(start);
        let ticks = raw.ticks();
        let busy = match raw.busy == ticks {
            true => duration,
            false => self.clock.nanos_of(raw.busy).min(duration),
        };
        let id = SpanId::new(raw.id).unwrap_or(self.root);
        let mut span = Span::plain(id, callsite, Times { start, duration, busy });
        span.parent = SpanId::new(raw.parent);
        span.status = raw.header.status();
        span.slow = ticks >= slow_ticks;
        span
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::trace::tests::raw;

    fn transaction(spans: Vec<RawSpan>) -> Arc<Transaction> {
        let sampling = Sampling { rate: 1.0, rand: 0.0, tail: false };
        let trace_id = crate::context::trace_id(7);
        let facts = TraceFacts { hub: 1, sampling, trace_id, kept: true };
        let mut maker = Maker::default();
        let mut records = Records::of(spans);
        let made = maker.make(&mut Trace::default(), facts, 1, &mut records, &WallClock::now());
        made.unwrap().0
    }

    #[test]
    fn spans_come_in_the_order_in_which_they_began() {
        // As they end: the inner ones first. Two of them began at the same tick.
        let spans = vec![raw(4, 3, 20, 25), raw(3, 2, 20, 30), raw(2, 1, 10, 40), raw(1, 0, 5, 50)];
        let made = transaction(spans);
        let ids: Vec<u64> = made.spans.iter().map(|span| span.id.get()).collect();
        assert_eq!(ids, [1, 2, 3, 4]);
        assert!(made.children().iter().all(|span| span.parent_operation() == Some("op")));
    }

    #[test]
    fn parents_of_handed_on_work_are_found() {
        // The parent had ended when its child began; and forty run at once.
        let mut spans = vec![raw(2, 1, 10, 11), raw(3, 2, 20, 30)];
        spans.extend((10..50).map(|id| raw(id, 1, id, 1000)));
        spans.extend([raw(60, 10, 60, 61), raw(1, 0, 5, 2000)]);
        let made = transaction(spans);
        assert!(made.children().iter().all(|span| span.parent_operation() == Some("op")));
    }

    #[test]
    fn a_clock_that_steps_back_makes_no_long_span() {
        let made = transaction(vec![raw(2, 1, 500, 400), raw(1, 0, 1000, 10)]);
        assert_eq!(made.spans.len(), 2);
        assert!(made.spans.iter().all(|span| span.duration().is_zero() && span.busy().is_zero()));
        assert!(made.spans.iter().all(|span| !span.slow));
    }
}
