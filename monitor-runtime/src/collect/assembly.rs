//! Spans made of records, and a transaction made of spans.

use std::cmp::Reverse;
use std::sync::{Arc, LazyLock};

use super::records::Records;
use super::trace::{IdMap, RawSpan, Trace, TraceFacts};
use crate::callsite::Callsite;
use crate::clock::WallClock;
use crate::context::Scope;
use crate::record::{Span, SpanId, SpanRole, Times, Transaction};

/// Of a trace whose scope says nothing.
static EMPTY: LazyLock<Arc<Scope>> = LazyLock::new(Arc::default);

impl Trace {
    /// Makes a transaction of these records, with what was set on them, in the memory of others.
    pub(super) fn transaction(
        &mut self,
        facts: TraceFacts,
        root: u64,
        records: &mut Records,
        mut made: Vec<Span>,
        clock: &WallClock,
    ) -> Option<Transaction> {
        if records.survey.has_short {
            leave_out(&mut records.spans, root);
        }
        let Records { spans, survey } = records;
        // The root ended last, or nearly.
        let at = spans.iter().rposition(|raw| raw.id == root)?;
        let is_last = at + 1 == spans.len();
        let root = spans.swap_remove(at);
        if survey.is_mixed || !is_last {
            sort(spans);
        }
        let id = SpanId::new(root.id)?;
        let (mut sites, mut parents) = (Sites::default(), Parents::new(&root, spans));
        let mut has_ai = sites.of(&root).details.ai.is_some();
        made.clear();
        made.reserve(spans.len() + 1);
        made.push(root_span(&root, id, sites.of(&root), clock));
        if !spans.is_empty() {
            parents.open(&root);
        }
        // One place that makes them all: it is compiled into the loop.
        made.extend(spans.iter().map(|raw| {
            let callsite = sites.of(raw);
            has_ai |= callsite.details.ai.is_some();
            let mut span = plain_span(raw, id, callsite, clock);
            span.parent_site = parents.site_of_parent(raw);
            span
        }));
        // Behind the others: what is plain is made in its place, without a copy.
        if has_ai || !self.values.is_empty() {
            for span in &mut made {
                let values = self.values.remove(&span.id.get());
                if values.is_some() || span.callsite.details.ai.is_some() {
                    values.unwrap_or_default().set_on(span);
                }
            }
        }
        Some(Transaction {
            trace_id: facts.trace_id,
            spans: made,
            scope: self.scope.clone().unwrap_or_else(|| Arc::clone(&EMPTY)),
            sampling: facts.sampling,
            performance_tier: None,
            dropped_spans: std::mem::take(&mut self.dropped),
        })
    }
}

#[inline(never)]
fn root_span(raw: &RawSpan, id: SpanId, callsite: &'static Callsite, clock: &WallClock) -> Span {
    let mut span = plain_span(raw, id, callsite, clock);
    span.role = SpanRole::Root;
    span
}

/// Records that are moved to sort, for each that there is, before that is left to a sort for any order.
const MOVES: usize = 16;

/// Sorts in the order in which spans began; of two at the same moment the outer one ended later.
///
/// They lie in the order in which they ended. Then what began after a span, and lies in front of it, are
/// mostly the few calls inside of it: it is put there, in front of them.
fn sort(spans: &mut [RawSpan]) {
    let mut moves = MOVES * spans.len();
    for at in 1..spans.len() {
        let raw = spans[at];
        let inside = spans[..at].iter().rev().take(moves + 1);
        let is_inside = |other: &&RawSpan| {
            other.start > raw.start || other.start == raw.start && other.end < raw.end
        };
        let inside = inside.take_while(is_inside).count();
        if inside > moves {
            return spans.sort_by_key(|raw| (raw.start, Reverse(raw.end)));
        }
        moves -= inside;
        spans.copy_within(at - inside..at, at - inside + 1);
        spans[at - inside] = raw;
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "made in its place, it is written once")]
fn plain_span(raw: &RawSpan, root: SpanId, callsite: &'static Callsite, clock: &WallClock) -> Span {
    // Both ends through the same clock: a child's end is never after its parent's.
    let (start, end) = (clock.at(raw.start), clock.at(raw.end));
    let duration = end.saturating_sub(start);
    let ticks = raw.ticks();
    let busy = match raw.busy == ticks {
        true => duration,
        false => clock.nanos_of(raw.busy).min(duration),
    };
    let id = SpanId::new(raw.id).unwrap_or(root);
    let mut span = Span::plain(id, callsite, Times { start, duration, busy });
    span.parent = SpanId::new(raw.parent);
    span.status = raw.header.status();
    span.slow = crate::policy::slow::is_over(callsite, ticks);
    span
}

/// Stands in for a callsite that nobody knows, of which no span is made.
static UNKNOWN: Callsite = Callsite::new("function", "unknown", "");

/// Finds callsites by their numbers; remembers the last one, which comes again mostly.
struct Sites {
    number: u32,
    site: &'static Callsite,
}

impl Default for Sites {
    fn default() -> Self {
        Self { number: 0, site: &UNKNOWN }
    }
}

impl Sites {
    #[inline]
    fn of(&mut self, raw: &RawSpan) -> &'static Callsite {
        let number = raw.header.callsite();
        if number != self.number {
            let site = Callsite::by_number(number).unwrap_or(&UNKNOWN);
            *self = Self { number, site };
        }
        self.site
    }
}

/// Open spans that are looked through one by one.
const SEARCHED: usize = 32;

/// Finds the callsite of a span's parent. Spans come in the order in which they began, so the parent
/// is mostly the last one that had not ended.
struct Parents<'a> {
    root: &'a RawSpan,
    spans: &'a [RawSpan],
    open: Vec<Open>,
    /// Callsites by the ids of all spans; made when it is first needed, for children that were
    /// handed on, or where much runs at once.
    all: Option<IdMap<u32>>,
}

/// A span that had not ended when the last one began, as far as is known.
#[derive(Clone, Copy)]
struct Open {
    id: u64,
    end: u64,
    site: u32,
}

impl Open {
    const fn of(raw: &RawSpan) -> Self {
        Self { id: raw.id, end: raw.end, site: raw.header.callsite() }
    }
}

impl<'a> Parents<'a> {
    fn new(root: &'a RawSpan, spans: &'a [RawSpan]) -> Self {
        Self { root, spans, open: Vec::new(), all: None }
    }

    fn open(&mut self, raw: &RawSpan) {
        self.open.push(Open::of(raw));
    }

    /// The number of the callsite; 0 for one that isn't in this transaction.
    #[inline]
    fn site_of_parent(&mut self, raw: &RawSpan) -> u32 {
        while let Some(last) = self.open.last() {
            if last.id == raw.parent {
                let site = last.site;
                self.open(raw);
                return site;
            }
            if last.end > raw.start {
                break;
            }
            self.open.pop();
        }
        self.site_of_other(raw)
    }

    fn site_of_other(&mut self, raw: &RawSpan) -> u32 {
        let among = self.open.iter().rev().take(SEARCHED).find(|open| open.id == raw.parent);
        let site = among.map(|open| open.site).or_else(|| self.site_of(raw.parent));
        self.open(raw);
        site.unwrap_or(0)
    }

    fn site_of(&mut self, id: u64) -> Option<u32> {
        // What is above the root is in no transaction, or in another.
        if id == 0 || id == self.root.parent {
            return None;
        }
        let (root, spans) = (self.root, self.spans);
        let all = self.all.get_or_insert_with(|| {
            let all = spans.iter().chain([root]);
            all.map(|raw| (raw.id, raw.header.callsite())).collect()
        });
        all.get(&id).copied()
    }
}

/// Leaves out the spans that are shorter than their `min_duration`, and any that nothing is known of;
/// what hangs below one of them hangs below its parent then. With the root all of them are left out.
fn leave_out(spans: &mut Vec<RawSpan>, root: u64) {
    let mut sites = Sites::default();
    let mut is_out = |raw: &RawSpan| {
        let site = sites.of(raw);
        let min = site.details.min_duration_nanos;
        raw.id == 0
            || std::ptr::eq(site, &raw const UNKNOWN)
            || min > 0 && crate::clock::to_nanos(raw.ticks()) < min
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
    use crate::collect::wire::Header;
    use crate::collect::{SPAN, SPAN_WORDS};
    use crate::record::{Sampling, Status};

    static SITE: Callsite = Callsite::new("op", "outer", "tests");

    fn raw(id: u64, parent: u64, start: u64, end: u64) -> RawSpan {
        let header = Header::new(SPAN, Status::Ok, SPAN_WORDS, SITE.number());
        RawSpan { header, id, parent, start, end, busy: end.saturating_sub(start) }
    }

    fn transaction(spans: Vec<RawSpan>) -> Transaction {
        let sampling = Sampling { rate: 1.0, rand: 0.0, tail: false };
        let trace_id = crate::context::trace_id(7);
        let facts = TraceFacts { hub: 1, sampling, trace_id, kept: true };
        Trace::default()
            .transaction(facts, 1, &mut Records::of(spans), Vec::new(), &WallClock::now())
            .unwrap()
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
