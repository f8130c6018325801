//! What records belong to: the settings and the backends of the process, or of one test.

mod clock;
mod periodic;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::append_only::AppendOnly;
use crate::backend::{Backend, Losses};
use crate::callsite::Callsite;
use crate::context::ExpectedCounts;
use crate::context::local::Local;
use crate::diagnostics;
use crate::groups::ActiveRoots;
use crate::metrics::HubMetrics;
use crate::policy::{Pipeline, Rules};
use crate::settings::Settings;

pub(crate) use clock::HubClock;
pub(crate) use periodic::{Periodic, Tick};

/// Hubs are never freed: records on their way may name them. A process has one, a test one each.
static HUBS: AppendOnly<&'static Hub> = AppendOnly::new();
/// The number of the process's hub; 0 while there is none.
static GLOBAL: AtomicU32 = AtomicU32::new(0);
/// Whether there ever was a hub of any kind.
static ANY: AtomicBool = AtomicBool::new(false);

type Backends = Arc<[Box<dyn Backend>]>;

pub(crate) struct Hub {
    number: u32,
    settings: Settings,
    policy: Pipeline,
    /// Empty once the hub is closed.
    backends: Mutex<Option<Backends>>,
    losses: Losses,
    expected: ExpectedCounts,
    active_roots: ActiveRoots,
    clock: HubClock,
    metrics: Option<HubMetrics>,
    periodic: periodic::List,
    /// The last flush that was asked of this hub.
    flush: AtomicU64,
    state: AtomicU8,
}

/// The states of a hub.
mod state {
    pub(super) const OPEN: u8 = 0;
    /// The flush that is on its way is the last one.
    pub(super) const CLOSING: u8 = 1;
    pub(super) const CLOSED: u8 = 2;
}

impl Hub {
    /// Makes a hub; `None` only when over four billion exist.
    pub(crate) fn open(
        settings: Settings,
        rules: Rules,
        backends: Vec<Box<dyn Backend>>,
    ) -> Option<&'static Self> {
        crate::clock::start();
        crate::groups::start();
        crate::collect::start();
        let policy = Pipeline::new(rules, &settings);
        let clock = HubClock::here();
        let number = HUBS.push_with(|number| {
            let metrics = HubMetrics::new(number, &settings.metrics, &clock);
            Some(Box::leak(Box::new(Self {
                number,
                settings,
                policy,
                backends: Mutex::new(Some(backends.into())),
                losses: Losses::default(),
                expected: ExpectedCounts::default(),
                active_roots: ActiveRoots::default(),
                clock,
                metrics,
                periodic: periodic::List::default(),
                flush: AtomicU64::new(0),
                state: AtomicU8::new(state::OPEN),
            })))
        })?;
        ANY.store(true, Ordering::Release);
        Self::by_number(number)
    }

    pub(crate) fn by_number(number: u32) -> Option<&'static Self> {
        HUBS.get(number).copied()
    }

    /// Makes this the process's hub; returns the one before.
    pub(crate) fn make_global(&self) -> Option<&'static Self> {
        #[cfg(feature = "prices")]
        crate::ai::warm_prices();
        Self::by_number(GLOBAL.swap(self.number, Ordering::AcqRel))
    }

    /// The process's hub.
    pub(crate) fn global() -> Option<&'static Self> {
        Self::by_number(GLOBAL.load(Ordering::Acquire))
    }

    /// Whether the process has a hub.
    #[inline]
    pub(crate) fn has_global() -> bool {
        GLOBAL.load(Ordering::Relaxed) != 0
    }

    /// Whether there ever was a hub: false means that nothing can be recorded.
    #[inline]
    pub(crate) fn any() -> bool {
        ANY.load(Ordering::Relaxed)
    }

    /// The hub of what the calling thread does: a test's, else the process's.
    #[inline]
    pub(crate) fn current(local: &Local) -> Option<&'static Self> {
        match local.hub.get() {
            0 => Self::global(),
            number => Self::by_number(number),
        }
    }

    /// The number of that hub; 0 where there is none.
    #[inline]
    pub(crate) fn current_number(local: &Local) -> u32 {
        match local.hub.get() {
            0 => GLOBAL.load(Ordering::Acquire),
            number => number,
        }
    }

    pub(crate) fn with_current<T>(local: &Local, f: impl FnOnce(&'static Self) -> T) -> Option<T> {
        Self::current(local).map(f)
    }

    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What happens to records before a backend sees them.
    pub(crate) const fn policy(&self) -> &Pipeline {
        &self.policy
    }

    /// Notes that no event was made of an error, because its callsite has had its share; `true`.
    pub(crate) fn leaves_out_error(&self, site: &'static Callsite) -> bool {
        self.policy.errors().leave_out(site);
        self.losses.limited_events(1);
        true
    }

    pub(crate) const fn losses(&self) -> &Losses {
        &self.losses
    }

    /// Errors that are no events.
    pub(crate) const fn expected(&self) -> &ExpectedCounts {
        &self.expected
    }

    pub(crate) const fn active_roots(&self) -> &ActiveRoots {
        &self.active_roots
    }

    /// The time by which everything goes that is done for this hub on the collector's thread.
    pub(crate) const fn clock(&self) -> &HubClock {
        &self.clock
    }

    /// The metrics; `None` where they are off.
    pub(crate) const fn metrics(&self) -> Option<&HubMetrics> {
        self.metrics.as_ref()
    }

    /// Adds work that is done regularly from now on.
    pub(crate) fn add_periodic(&self, work: impl Periodic) {
        self.periodic.add(Box::new(work));
    }

    /// Does the work of each open hub that is due by its clock. `answered` are the numbers of the
    /// flushes that this is for.
    pub(crate) fn tick_all(answered: &Range<u64>) {
        for number in 1..=u32::try_from(HUBS.len()).unwrap_or(u32::MAX) {
            if let Some(hub) = Self::by_number(number) {
                hub.tick(answered);
            }
        }
    }

    fn tick(&'static self, answered: &Range<u64>) {
        let state = self.state.load(Ordering::Acquire);
        // A later one of this hub may hide one of these.
        let flush = !answered.is_empty() && self.flush.load(Ordering::Acquire) >= answered.start;
        if state != state::CLOSED {
            let closing = flush && state == state::CLOSING;
            let tick = Tick { hub: self, now: self.clock.now(), flush, closing };
            self.periodic.tick(&tick);
            // Last: what was measured just now is among it.
            if let Some(metrics) = &self.metrics {
                metrics.tick(&tick);
            }
        }
    }

    /// Notes that this flush is one of this hub's.
    pub(crate) fn note_flush(&self, ticket: u64) {
        self.flush.store(ticket, Ordering::Release);
    }

    fn backends(&self) -> Option<Backends> {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls each backend; one that panics loses only this call.
    pub(crate) fn each_backend(&self, mut call: impl FnMut(&dyn Backend)) {
        for backend in self.backends().iter().flat_map(|backends| backends.iter()) {
            let outcome = catch_unwind(AssertUnwindSafe(|| call(backend.as_ref())));
            if outcome.is_err() {
                self.losses.backend_panics(1);
            }
        }
    }

    /// Tells the backends what was lost, and which expected errors there were, since the last time.
    pub(crate) fn report_losses(&self) {
        let loss = self.losses.take();
        if !loss.says_nothing() {
            self.each_backend(|backend| backend.lost(&loss));
        }
        let expected = self.expected.take();
        if !expected.is_empty() {
            self.each_backend(|backend| backend.expected_errors(&expected));
        }
    }

    /// Brings everything recorded so far to its destination; whether that was done in time.
    pub(crate) fn flush(&'static self, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        crate::collect::flush(Some(self), timeout)
            && within(until, move || {
                let mut complete = true;
                self.each_backend(|backend| complete &= backend.flush(left(until)));
                complete
            })
    }

    /// Flushes, shuts the backends down, and takes no more records.
    pub(crate) fn close(&'static self, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        let _ = GLOBAL.compare_exchange(self.number, 0, Ordering::AcqRel, Ordering::Relaxed);
        self.state.store(state::CLOSING, Ordering::Release);
        let collected = crate::collect::flush(Some(self), timeout);
        self.state.store(state::CLOSED, Ordering::Release);
        let delivered = within(until, move || {
            self.report_losses();
            let mut complete = true;
            self.each_backend(|backend| {
                complete &= backend.shutdown(left(until));
                if let Some(delivery) = backend.delivery() {
                    diagnostics::info(&format!("{}: {delivery}", backend.name()));
                }
            });
            // Dropped here: a backend may wait for its server even then.
            drop(self.backends.lock().unwrap_or_else(PoisonError::into_inner).take());
            complete
        });
        collected && delivered
    }

    /// Takes no more records, at once.
    #[cfg(feature = "mock")]
    pub(crate) fn retire(&self) {
        self.state.store(state::CLOSED, Ordering::Release);
        drop(self.backends.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Calls `f` for each hub that has lost or counted something and not said so yet.
    pub(crate) fn each_with_losses(mut f: impl FnMut(&'static Self)) {
        for number in 1..=u32::try_from(HUBS.len()).unwrap_or(u32::MAX) {
            if let Some(hub) = Self::by_number(number).filter(|hub| hub.has_losses()) {
                f(hub);
            }
        }
    }

    fn has_losses(&self) -> bool {
        !self.losses.is_empty() || !self.expected.is_empty()
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Runs `f` on a thread of its own and doesn't wait for longer than `until`, whatever a backend
/// does. `false` if it isn't done by then.
fn within(until: Instant, f: impl FnOnce() -> bool + Send + 'static) -> bool {
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("monitor-flush".into()).spawn(move || {
        let _ = send.send(f());
    });
    thread.is_ok() && receive.recv_timeout(left(until)).unwrap_or(false)
}
