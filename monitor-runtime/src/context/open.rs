//! A span that has begun and not ended, wherever it is kept.

use super::ids;
use super::local::{Local, UNSAMPLED, Words};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::{BUSY_SPAN_WORDS, Header, ROOT, ROOT_WORDS, SPAN, SPAN_WORDS};
use crate::hub::Hub;
use crate::record::Status;

/// A call that has begun and not ended.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    pub(crate) site: &'static Callsite,
    pub(crate) mode: Mode,
    /// Whether a panic was on its way when the call began, in a destructor.
    pub(crate) panicking: bool,
    /// What is current inside the call.
    pub(crate) words: Words,
    /// The enclosing span's id; 0 for a root.
    pub(crate) parent: u64,
    /// In ticks; 0 where nobody asks for the time.
    pub(crate) start: u64,
}

/// What becomes of an annotated call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        const NOTHING: Words = Words { trace: 0, span: 0, hub: 0, root: 0 };
        Self { site, mode: Mode::Off, panicking: false, words: NOTHING, parent: 0, start: 0 }
    }

    /// A plain span inside a recorded trace.
    #[inline]
    pub(crate) fn child(local: &Local, site: &'static Callsite) -> Self {
        let outer = local.words();
        let words = Words { span: local.next_id(), ..outer };
        let panicking = std::thread::panicking();
        Self { site, mode: Mode::Child, panicking, words, parent: outer.span, start: clock::now() }
    }

    /// A call of any kind. Changes nothing on the thread.
    pub(crate) fn any(local: &Local, site: &'static Callsite) -> Self {
        let Some(hub) = Hub::current(local) else { return Self::off(site) };
        let outer = local.words();
        let in_trace = outer.trace != 0;
        let unwanted = site.has(flag::NO_SPAN) || (site.has(flag::CHILD_ONLY) && !in_trace);
        if !unwanted && (site.has(flag::ROOT) || !in_trace) {
            return Self::root(local, site, hub);
        }
        if !unwanted && local.is_recorded() {
            return Self::child(local, site);
        }
        let panicking = std::thread::panicking();
        let start = if site.has(flag::SLOW | flag::WATCHDOG) { clock::now() } else { 0 };
        Self { site, mode: Mode::Silent, panicking, words: outer, parent: outer.span, start }
    }

    fn root(local: &Local, site: &'static Callsite, hub: &Hub) -> Self {
        let key = (local.next_id() & !UNSAMPLED).max(1);
        let sampled = ids::sample_rand(key) < hub.settings().traces_sample_rate;
        let trace = if sampled { key } else { key | UNSAMPLED };
        let words =
            Words { trace, span: local.next_id(), hub: local.hub.get(), root: site.number() };
        let mode = if sampled { Mode::Root } else { Mode::Silent };
        let panicking = std::thread::panicking();
        Self { site, mode, panicking, words, parent: 0, start: clock::now() }
    }

    /// Whether the call has a scope of its own.
    pub(crate) fn forks_scope(&self, outer: Words) -> bool {
        self.site.has(flag::SCOPED) || self.words.trace != outer.trace
    }

    /// How the call ends when nothing else says so: by a return, or by a panic.
    pub(crate) fn status_on_drop(&self) -> Status {
        if !self.panicking && std::thread::panicking() { Status::Panicked } else { Status::Ok }
    }

    /// The call's time so far, in nanoseconds.
    pub(crate) fn elapsed_nanos(&self, now: u64) -> u64 {
        clock::to_nanos(now.saturating_sub(self.start))
    }

    /// Writes the span. `busy` is given for futures.
    #[inline]
    pub(crate) fn write(&self, local: &Local, status: Status, end: u64, busy: Option<u64>) {
        let site = self.site.number();
        let [trace, id] = [self.words.trace, self.words.span];
        match (self.mode, busy) {
            (Mode::Child, None) => {
                let header = Header::new(SPAN, status, SPAN_WORDS, site).word();
                local.write([header, trace, id, self.parent, self.start, end]);
            }
            (Mode::Child, Some(busy)) => {
                let header = Header::new(SPAN, status, BUSY_SPAN_WORDS, site).word();
                local.write([header, trace, id, self.parent, self.start, end, busy]);
            }
            (Mode::Root, _) => self.write_root(local, status, end, busy),
            (Mode::Off | Mode::Silent, _) => {}
        }
    }

    #[inline(never)]
    fn write_root(&self, local: &Local, status: Status, end: u64, busy: Option<u64>) {
        let Some(hub) = Hub::current(local) else { return };
        if local.has_scope.get()
            && let Some(scope) = super::scope::current()
        {
            // Before the root's record: the collector must not find that alone.
            crate::collect::send_scope(hub, self.words.trace, scope);
        }
        let header = Header::new(ROOT, status, ROOT_WORDS, self.site.number()).word();
        let [trace, id] = [self.words.trace, self.words.span];
        let busy = busy.unwrap_or_else(|| end.saturating_sub(self.start));
        let rate = hub.settings().traces_sample_rate.to_bits();
        let number = u64::from(hub.number());
        local.write([header, trace, id, self.parent, self.start, end, busy, number, rate]);
    }
}
