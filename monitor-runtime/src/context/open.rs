//! A call that has begun and not ended, wherever it is kept.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::local::{Local, Words};
use super::root;
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::{
    BUSY_SPAN_WORDS, CONTINUED_ROOT_WORDS, Header, ROOT, ROOT_WORDS, SPAN, SPAN_WORDS,
};
use crate::groups::count_query;
use crate::hub::Hub;
use crate::propagation::Propagation;
use crate::record::{SpanId, Status};

/// A call that has begun and not ended.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    pub(crate) site: &'static Callsite,
    /// The key of the trace inside the call.
    pub(crate) trace: u64,
    /// The span that is current inside the call: its own, if it has one.
    pub(crate) span: u64,
    /// The enclosing span; 0 for a root.
    pub(crate) parent: u64,
    /// In ticks; 0 where nobody asks for the time.
    pub(crate) start: u64,
    /// The depth of the path around the call.
    pub(crate) depth: u32,
    pub(crate) mode: Mode,
    /// Whether a panic was on its way when the call began, in a destructor.
    pub(crate) panicking: bool,
    /// Whether it began a trace, sampled or not.
    pub(crate) starts_trace: bool,
}

/// What becomes of an annotated call. Of a length with which a call's marks fill a word: they are written at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Mode {
    /// Nothing: no backend.
    Off,
    /// No span: unsampled, or the attributes ask for none. Errors and slow calls are reported.
    Silent,
    /// A span inside a transaction.
    Child,
    /// A transaction.
    Root,
}

impl Open {
    /// A call that nobody looks at.
    #[inline]
    pub(crate) const fn off(site: &'static Callsite) -> Self {
        let mode = Mode::Off;
        Self {
            site,
            trace: 0,
            span: 0,
            parent: 0,
            start: 0,
            depth: 0,
            mode,
            panicking: false,
            starts_trace: false,
        }
    }

    /// A plain span inside a recorded trace.
    pub(crate) fn child(local: &Local, site: &'static Callsite) -> Self {
        Self {
            site,
            trace: local.trace.get(),
            span: local.next_id(),
            parent: local.span.get(),
            start: clock::now(),
            depth: local.depth.get(),
            mode: Mode::Child,
            panicking: std::thread::panicking(),
            starts_trace: false,
        }
    }

    /// A call without a span of its own.
    #[inline]
    pub(crate) fn silent(local: &Local, site: &'static Callsite) -> Self {
        let span = local.span.get();
        let timed = site.has(flag::SLOW | flag::WATCHDOG) || site.is_metered();
        Self {
            site,
            trace: local.trace.get(),
            span,
            parent: span,
            start: if timed { clock::now() } else { 0 },
            depth: local.depth.get(),
            mode: Mode::Silent,
            panicking: std::thread::panicking(),
            starts_trace: false,
        }
    }

    /// The same outside of everything, for a callsite that asks for no time.
    #[inline]
    pub(super) const fn silent_anywhere(site: &'static Callsite) -> Self {
        Self { mode: Mode::Silent, ..Self::off(site) }
    }

    /// A call of any kind. Changes nothing on the thread; what is left in `begun` belongs into the
    /// call's scope.
    pub(crate) fn any(
        local: &Local,
        site: &'static Callsite,
        begun: &mut Option<Arc<Propagation>>,
    ) -> Self {
        let Some(hub) = Hub::current(local) else { return Self::off(site) };
        let open = Self::of_any_kind(local, site, hub, begun);
        if site.has(flag::QUERY) && open.mode != Mode::Off {
            count_query(local, open.trace);
        }
        open
    }

    fn of_any_kind(
        local: &Local,
        site: &'static Callsite,
        hub: &Hub,
        begun: &mut Option<Arc<Propagation>>,
    ) -> Self {
        let in_trace = local.trace.get() != 0;
        let unwanted = site.has(flag::NO_SPAN) || (site.has(flag::CHILD_ONLY) && !in_trace);
        if !unwanted && (site.has(flag::ROOT) || !in_trace) {
            Self::root(local, site, hub, begun)
        } else if !unwanted && local.is_recorded() {
            Self::child(local, site)
        } else {
            Self::silent(local, site)
        }
    }

    fn root(
        local: &Local,
        site: &'static Callsite,
        hub: &Hub,
        begun: &mut Option<Arc<Propagation>>,
    ) -> Self {
        let Some(trace) = root::begin(local, site, hub, begun) else { return Self::off(site) };
        hub.active_roots().begin(local);
        Self {
            site,
            trace,
            span: local.next_id(),
            parent: 0,
            start: clock::now(),
            depth: local.depth.get(),
            mode: if trace.cast_signed() > 0 { Mode::Root } else { Mode::Silent },
            panicking: std::thread::panicking(),
            starts_trace: true,
        }
    }

    /// What is current inside the call.
    pub(crate) fn inside(&self, outside: Words) -> Words {
        let starts_trace = self.trace != outside.trace;
        let root = if starts_trace { self.site.number() } else { outside.root };
        Words { trace: self.trace, span: self.span, root, ..outside }
    }

    /// Whether the call has a scope of its own.
    pub(crate) fn forks_scope(&self, outside: Words) -> bool {
        self.site.has(flag::SCOPED) || self.trace != outside.trace
    }

    /// Whether no call inside of this one is open, and none around it has ended.
    #[inline]
    pub(crate) const fn is_innermost(&self, local: &Local) -> bool {
        local.depth.get() == self.depth.wrapping_add(1)
    }

    /// How the call ends when nothing else says so: by a return, or by a panic.
    #[inline]
    pub(crate) fn status_on_drop(&self) -> Status {
        if !self.panicking && std::thread::panicking() { Status::Panicked } else { Status::Ok }
    }

    /// The call's time so far, in nanoseconds.
    pub(crate) fn elapsed_nanos(&self, now: u64) -> u64 {
        clock::to_nanos(now.saturating_sub(self.start))
    }

    /// Writes the span, if there is one. `busy` is given for futures.
    #[inline]
    pub(crate) fn write(&self, local: &Local, status: Status, end: u64, busy: Option<u64>) {
        match (self.mode, busy) {
            (Mode::Child, None) => {
                let header = Header::new(SPAN, status, SPAN_WORDS, self.site.number()).word();
                local.write([header, self.trace, self.span, self.parent, self.start, end]);
            }
            (Mode::Child, Some(busy)) => {
                let site = self.site.number();
                let header = Header::new(SPAN, status, BUSY_SPAN_WORDS, site).word();
                let [trace, id] = [self.trace, self.span];
                local.write([header, trace, id, self.parent, self.start, end, busy]);
            }
            (Mode::Root, _) => {
                self.write_root(local, status, end, busy);
                end_root(local);
            }
            (Mode::Silent, _) if self.starts_trace => end_root(local),
            (Mode::Off | Mode::Silent, _) => {}
        }
    }

    /// Writes the plain span of a future, with the ticks inside of its polls; whether that was possible.
    /// The words around the call are for the caller to put back.
    #[inline]
    pub(crate) fn write_future_at_once(
        &self,
        local: &Local,
        busy: impl FnOnce(u64) -> u64,
    ) -> bool {
        let (Some(room), Some(end)) = (local.room(), self.plain_end()) else { return false };
        let header = Header::longer(self.site.word(), BUSY_SPAN_WORDS - SPAN_WORDS);
        let Self { trace, span, parent, start, .. } = *self;
        local.write_to(&room, [header, trace, span, parent, start, end, busy(end)]);
        true
    }

    /// The moment, if no more is to be said of a call that ends now: it isn't slow, and isn't counted.
    #[inline]
    pub(super) fn plain_end(&self) -> Option<u64> {
        let end = clock::from_counter();
        // A limit of 0 isn't known yet. A clock that stepped back makes a large number.
        let limit = self.site.slow_ticks.load(Ordering::Relaxed);
        let is_plain = end.wrapping_sub(self.start) < limit && !self.site.is_metered();
        is_plain.then_some(end)
    }

    #[inline(never)]
    fn write_root(&self, local: &Local, status: Status, end: u64, busy: Option<u64>) {
        let Some(hub) = Hub::current(local) else { return };
        // One that says nothing stays here.
        let scope = if local.has_scope.get() { super::scope::current_for_event() } else { None };
        // A future's polls may have been on other threads.
        let is_whole = busy.is_none() && self.is_innermost(local) && local.has_all_of_trace();
        let propagation = scope.as_ref().and_then(|scope| root::propagation_of(scope, self.trace));
        if let Some(scope) = scope {
            // Before the root's record: the collector must not find that alone.
            crate::collect::send_scope(hub, self.trace, scope);
        }
        let header = |len| {
            let header = Header::new(ROOT, status, len, self.site.number());
            Header::of_whole_trace(header.word(), is_whole)
        };
        let [trace, id] = [self.trace, self.span];
        let busy = busy.unwrap_or_else(|| end.saturating_sub(self.start));
        let number = u64::from(hub.number());
        let Some(propagation) = propagation else {
            let rate = root::own_rate(hub, self.site).to_bits();
            let header = header(ROOT_WORDS);
            local.write([header, trace, id, 0, self.start, end, busy, number, rate]);
            return;
        };
        let parent = propagation.parent.map_or(0, SpanId::get);
        let rate = propagation.rate.unwrap_or_default().to_bits();
        let rand = propagation.rand.to_bits();
        let (high, low) = root::halves(propagation.trace_id);
        let header = header(CONTINUED_ROOT_WORDS);
        let start = self.start;
        local.write([header, trace, id, parent, start, end, busy, number, rate, rand, high, low]);
    }
}

fn end_root(local: &Local) {
    Hub::with_current(local, |hub| hub.active_roots().end(local));
}
