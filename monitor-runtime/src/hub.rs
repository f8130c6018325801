//! What records belong to: the settings and the backends of the process, or of one test.

mod breadcrumbs;
mod clock;
mod flushes;
mod periodic;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(feature = "alerts")]
use crate::alerts::HubAlerts;
use crate::append_only::AppendOnly;
use crate::backend::{Backend, Delivery, Loss, Losses};
use crate::callsite::Callsite;
use crate::context::ExpectedCounts;
use crate::context::local::Local;
#[cfg(feature = "stream")]
use crate::context::{OpenStreams, Overdue};
use crate::ended::{self, End};
use crate::groups::ActiveRoots;
use crate::metrics::{HubMetrics, Report};
use crate::policy::{Pipeline, Rules, baseline};
use crate::record::{Breadcrumb, Event};
use crate::resources;
use crate::sessions::{ReportSessions, Sessions};
use crate::settings::Settings;

use breadcrumbs::Breadcrumbs;
pub(crate) use clock::HubClock;
use flushes::Flushes;
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
    baselines: Option<baseline::Table>,
    /// Empty once the hub is closed.
    backends: Mutex<Option<Backends>>,
    losses: Losses,
    expected: ExpectedCounts,
    active_roots: ActiveRoots,
    breadcrumbs: Breadcrumbs,
    clock: HubClock,
    metrics: Option<HubMetrics>,
    sessions: Sessions,
    #[cfg(feature = "alerts")]
    alerts: Option<HubAlerts>,
    periodic: periodic::List,
    flushes: Flushes,
    #[cfg(feature = "stream")]
    open_streams: OpenStreams,
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
        #[cfg_attr(
            not(feature = "alerts"),
            expect(unused_mut, reason = "only alerts are taken out")
        )]
        mut rules: Rules,
        backends: Vec<Box<dyn Backend>>,
    ) -> Option<&'static Self> {
        crate::clock::start();
        crate::groups::start();
        crate::collect::start();
        let _opening = crate::collect::opening();
        #[cfg(feature = "alerts")]
        let alerts = rules.alerts.take().map(|alerts| HubAlerts::new(alerts, &settings));
        let policy = Pipeline::new(rules, &settings);
        let baselines = settings.baselines.map(baseline::Table::new);
        let clock = HubClock::here();
        let number = HUBS.push_with(|number| {
            let sessions = Sessions::new(settings.sessions);
            let metrics = HubMetrics::new(number, &settings.metrics, &clock);
            Some(Box::leak(Box::new(Self {
                number,
                settings,
                policy,
                baselines,
                backends: Mutex::new(Some(backends.into())),
                losses: Losses::default(),
                expected: ExpectedCounts::default(),
                active_roots: ActiveRoots::default(),
                breadcrumbs: Breadcrumbs::default(),
                clock,
                metrics,
                sessions,
                #[cfg(feature = "alerts")]
                alerts,
                periodic: periodic::List::default(),
                flushes: Flushes::default(),
                #[cfg(feature = "stream")]
                open_streams: OpenStreams::default(),
                state: AtomicU8::new(state::OPEN),
            })))
        })?;
        ANY.store(true, Ordering::Release);
        let hub = Self::by_number(number)?;
        if hub.metrics.is_some() {
            hub.add_periodic(Report);
        }
        if hub.sessions.mode().is_some() {
            hub.add_periodic(ReportSessions::new(hub));
        }
        #[cfg(feature = "alerts")]
        if hub.alerts.is_some() {
            hub.add_periodic(crate::alerts::Evaluate);
        }
        #[cfg(feature = "stream")]
        hub.add_periodic(Overdue);
        // The readings are among the metrics, and in the eyes of the rules.
        baseline::watch(hub);
        resources::watch(hub);
        Some(hub)
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

    /// How long the calls of its functions take, if that is watched.
    pub(crate) const fn baselines(&self) -> Option<&baseline::Table> {
        self.baselines.as_ref()
    }

    /// Adds a breadcrumb that all later events of the process carry, with the time of the hub's clock.
    pub(crate) fn add_breadcrumb(&self, mut breadcrumb: Breadcrumb) {
        breadcrumb.timestamp = self.clock.wall_time();
        if let Some(breadcrumb) = self.policy.breadcrumb(&self.losses, breadcrumb) {
            self.breadcrumbs.add(breadcrumb);
        }
    }

    /// Puts what happened to the process among an event's breadcrumbs.
    pub(crate) fn add_breadcrumbs_to(&self, event: &mut Event) {
        self.breadcrumbs.add_to(event, self.settings.max_breadcrumbs);
    }

    /// Notes that no event was made of an error, because its callsite has had its share; `true`.
    pub(crate) fn leaves_out_error(&self, site: &'static Callsite) -> bool {
        self.policy.errors().leave_out(site);
        self.losses.limited_events(1);
        self.sessions.left_out();
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

    /// How many processes or requests end well.
    pub(crate) const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Streams of models' answers.
    #[cfg(feature = "stream")]
    pub(crate) const fn open_streams(&self) -> &OpenStreams {
        &self.open_streams
    }

    /// The rules that are evaluated here.
    #[cfg(feature = "alerts")]
    pub(crate) const fn alerts(&self) -> Option<&HubAlerts> {
        self.alerts.as_ref()
    }

    /// Adds work that is done regularly from now on: before all that was added earlier.
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
        let flush = self.flushes.are_among(answered);
        if state != state::CLOSED {
            let closing = flush && state == state::CLOSING;
            let tick = Tick { hub: self, now: self.clock.now(), flush, closing };
            self.periodic.tick(&tick);
        }
    }

    /// Notes that this flush is one of this hub's.
    pub(crate) fn note_flush(&self, ticket: u64) {
        self.flushes.note(ticket);
    }

    fn backends(&self) -> Option<Backends> {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls each backend; one that panics loses only this call. `false` after the end.
    pub(crate) fn each_backend(&self, mut call: impl FnMut(&dyn Backend)) -> bool {
        let Some(backends) = self.backends() else { return false };
        for backend in backends.iter() {
            let outcome = catch_unwind(AssertUnwindSafe(|| call(backend.as_ref())));
            if outcome.is_err() {
                self.losses.backend_panics(1);
            }
        }
        true
    }

    /// Tells the backends what was lost, and which expected errors there were, since the last time.
    pub(crate) fn report_losses(&self) {
        let loss = self.losses.take();
        if !loss.says_nothing() {
            self.each_backend(|backend| backend.lost(&loss));
        }
        let mut expected = self.expected.take();
        if !expected.is_empty() {
            self.policy().expected_errors(&mut expected);
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

    /// Flushes, shuts the backends down, takes no more records, and counts those that are left.
    pub(crate) fn close(&'static self, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        let _ = GLOBAL.compare_exchange(self.number, 0, Ordering::AcqRel, Ordering::Relaxed);
        if std::thread::panicking() {
            self.sessions.crash();
        }
        self.state.store(state::CLOSING, Ordering::Release);
        let for_backends = until - timeout / 10;
        // That thread begins while the collector is busy, and goes on when this is dropped.
        let (collecting, collected) = std::sync::mpsc::sync_channel::<()>(1);
        let shut_down = move || {
            let _ = collected.recv();
            self.report_losses();
            let mut complete = true;
            self.each_backend(|backend| complete &= backend.shutdown(left(for_backends)));
            complete
        };
        // Dropped on that thread: a backend may wait for its server even now.
        let (last, rest) = std::sync::mpsc::sync_channel::<Option<Backends>>(1);
        let shut_down = Elsewhere::begin(shut_down, move || drop(rest.recv()));
        let collected = crate::collect::flush(Some(self), timeout * 8 / 10);
        drop(collecting);
        let delivered = shut_down.done_by(until);
        let backends = self.take_backends();
        // Below a root that was forgotten, or ends later, spans are left in any case.
        let all = collected && !crate::collect::any_waits();
        let counted = all || self.count_what_is_left(left(until));
        let mut delivery = known_delivery(backends.as_ref());
        if let Err(unheard) = last.send(backends) {
            let dropped = move || drop(unheard);
            let _ = std::thread::Builder::new().name("monitor-flush".into()).spawn(dropped);
        }
        let left = self.losses.take();
        if let Some(delivery) = &mut delivery {
            add_losses(&left, delivery);
        }
        ended::note(delivery, &left, End { delivered: collected && delivered, counted });
        collected && delivered
    }

    /// Without backends the collector is soon through with what it couldn't hand over. Whether it is in
    /// time.
    fn count_what_is_left(&self, timeout: Duration) -> bool {
        crate::collect::abandon(self);
        crate::collect::flush(None, timeout)
    }

    /// Whether what still comes is for nobody.
    pub(crate) fn all_are_closed() -> bool {
        let mut numbers = 1..=u32::try_from(HUBS.len()).unwrap_or(u32::MAX);
        numbers.all(|number| Self::by_number(number).is_none_or(Self::is_closed))
    }

    /// What became of what was recorded, if a backend knows it.
    pub(crate) fn delivery(&self) -> Option<Delivery> {
        let mut delivery = known_delivery(self.backends().as_ref())?;
        // The collector may be waiting for a slow server, with losses that it hasn't told.
        add_losses(&self.losses.peek(), &mut delivery);
        Some(delivery)
    }

    /// Takes no more records, at once.
    #[cfg(feature = "mock")]
    pub(crate) fn retire(&self) {
        #[cfg(feature = "alerts")]
        if let Some(alerts) = &self.alerts {
            alerts.close();
        }
        drop(self.take_backends());
    }

    fn take_backends(&self) -> Option<Backends> {
        self.state.store(state::CLOSED, Ordering::Release);
        self.backends.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether what still comes is lost.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.load(Ordering::Acquire) == state::CLOSED
    }

    /// Calls `f` for each hub that has lost or counted something and not said so yet.
    pub(crate) fn each_with_losses(mut f: impl FnMut(&'static Self)) {
        for number in 1..=u32::try_from(HUBS.len()).unwrap_or(u32::MAX) {
            if let Some(hub) = Self::by_number(number).filter(|hub| hub.has_losses()) {
                f(hub);
            }
        }
    }

    /// After the end there is nobody to tell.
    fn has_losses(&self) -> bool {
        !self.is_closed() && (!self.losses.is_empty() || !self.expected.is_empty())
    }
}

fn known_delivery(backends: Option<&Backends>) -> Option<Delivery> {
    // Backends are the program's, too: one that panics knows nothing.
    let ask = |backend: &dyn Backend| {
        catch_unwind(AssertUnwindSafe(|| backend.delivery())).ok().flatten()
    };
    backends?.iter().filter_map(|backend| ask(backend.as_ref())).reduce(|mut all, of_one| {
        all.merge(of_one);
        all
    })
}

fn add_losses(loss: &Loss, delivery: &mut Delivery) {
    #[cfg(feature = "sentry")]
    crate::backend::sentry::add_losses(loss, delivery);
    #[cfg(not(feature = "sentry"))]
    let _ = (loss, delivery);
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Runs `f` on a thread of its own and doesn't wait for longer than `until`, whatever a backend
/// does. `false` if it isn't done by then.
fn within(until: Instant, f: impl FnOnce() -> bool + Send + 'static) -> bool {
    Elsewhere::begin(f, || ()).done_by(until)
}

/// A function that runs on a thread of its own.
struct Elsewhere(Option<Receiver<bool>>);

impl Elsewhere {
    /// With something to do for that thread afterwards, which isn't waited for.
    fn begin(
        f: impl FnOnce() -> bool + Send + 'static,
        then: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        let thread = std::thread::Builder::new().name("monitor-flush".into()).spawn(move || {
            let _ = send.send(f());
            then();
        });
        Self(thread.is_ok().then_some(receive))
    }

    /// Whether it has returned `true` in time.
    fn done_by(self, until: Instant) -> bool {
        self.0.is_some_and(|result| result.recv_timeout(left(until)).unwrap_or(false))
    }
}
