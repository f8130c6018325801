//! The short ways through a call: a span, or no more than a look at the time. What they need is done in one
//! piece, because a call of another function costs.

use super::local::Local;
use super::open::{Mode, Open};
use crate::callsite::{Callsite, flag, way};
use crate::clock;
use crate::groups::count_query;

/// What a thread that may take a short way to a span has: an id, and a counter of time. The bit is that of the
/// shortest, which is looked at most.
pub(super) const ALL_WAYS: u64 = way::SPAN;

impl Open {
    /// A call that can begin one of the two shortest ways. It is in the path then, and its span is the current
    /// one. `None` where that isn't possible: nothing is changed.
    #[inline]
    pub(super) fn at_once(local: &Local, site: &'static Callsite) -> Option<Self> {
        let word = site.word();
        if word & way::silent(local.trace.get()) != 0 {
            let depth = local.push(way::number(word));
            return Some(Self::silent_at(local, site, depth));
        }
        if std::thread::panicking() {
            return None;
        }
        Self::span_at_once(local, site, local.trace.get())
    }

    /// A span, below a recorded root. Where the guard's drop has to know whether a panic was on its way before
    /// there is none, here and below: the caller has looked.
    #[inline]
    pub(super) fn span_at_once(local: &Local, site: &'static Callsite, trace: u64) -> Option<Self> {
        let word = site.word();
        let may = word & local.ways.get() != 0 && trace.cast_signed() > 0;
        may.then(|| Self::span(local, site, word, trace))
    }

    /// The thread and the callsite may take this way.
    #[inline]
    fn span(local: &Local, site: &'static Callsite, word: u64, trace: u64) -> Self {
        let open = Self {
            site,
            trace,
            span: local.take_id(),
            parent: local.span.get(),
            start: clock::from_counter(),
            depth: local.push(way::number(word)),
            mode: Mode::Child,
            panicking: false,
            starts_trace: false,
        };
        local.span.set(open.span);
        open
    }

    /// The same of a call whose end looks at the time, or that is counted.
    #[inline]
    pub(super) fn timed_span_at_once(
        local: &Local,
        site: &'static Callsite,
        trace: u64,
    ) -> Option<Self> {
        let word = site.word();
        if word & way::TIMED_SPAN == 0 || local.ways.get() == 0 || trace.cast_signed() <= 0 {
            return None;
        }
        let open = Self::span(local, site, word, trace);
        if site.has(flag::QUERY) {
            count_query(local, trace);
        }
        Some(open)
    }

    /// A call without a span, whose end looks at the time, or that is counted.
    #[inline(never)]
    pub(super) fn timed_at_once(local: &Local, site: &'static Callsite) -> Option<Self> {
        let (word, trace) = (site.word(), local.trace.get());
        let makes_none = trace.cast_signed() < 0 || (trace != 0 && site.has(flag::NO_SPAN));
        let may = word & way::TIMED != 0 && flag::may_be_silent(site.flags);
        if !makes_none || !may || !clock::has_counter() {
            return None;
        }
        let silent = Self::silent(local, site);
        let open = Self { depth: local.push(way::number(word)), ..silent };
        if site.has(flag::QUERY) {
            count_query(local, trace);
        }
        Some(open)
    }

    /// A call that has run at this depth and does no more than stand in the call path.
    #[inline]
    pub(super) fn silent_at(local: &Local, site: &'static Callsite, depth: u32) -> Self {
        let span = local.span.get();
        Self { trace: local.trace.get(), span, parent: span, depth, ..Self::silent_anywhere(site) }
    }

    /// Ends a span with a return, if its record is all that there is to make; whether it is.
    #[inline]
    pub(super) fn end_plain(&self, local: &Local) -> bool {
        // A guard around this one may be gone already, or one inside be left.
        if local.span.get() != self.span {
            return false;
        }
        let Some(room) = local.room() else { return false };
        local.span.set(self.parent);
        local.depth.set(self.depth);
        let words = [self.site.word(), self.trace, self.span, self.parent, self.start];
        room.write(words, clock::from_counter);
        true
    }

    /// The same for a call whose time is looked at.
    #[inline]
    pub(super) fn end_timed(&self, local: &Local) -> bool {
        if !self.is_innermost(local) {
            return false;
        }
        let Self { trace, span, parent, start, depth, .. } = *self;
        let ended = if self.mode == Mode::Child {
            let (Some(room), Some(end)) = (local.room(), self.plain_end()) else { return false };
            local.write_to(&room, [self.site.word(), trace, span, parent, start, end]);
            true
        } else {
            self.ends_plainly()
        };
        if ended {
            local.span.set(parent);
            local.depth.set(depth);
        }
        ended
    }

    /// Whether a call without a span that ends now has nothing to say: nobody asks for the time, or it isn't slow.
    #[inline]
    pub(super) fn ends_plainly(&self) -> bool {
        self.start == 0 || (clock::has_counter() && self.plain_end().is_some())
    }
}
