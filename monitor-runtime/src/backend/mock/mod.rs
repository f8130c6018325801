//! Keeps what it receives, for tests.

mod ai;
mod guard;
mod metrics;
mod snapshot;

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{Backend, Loss};
use crate::collect;
use crate::config::Config;
use crate::hub::Hub;
use crate::record::{
    CheckIn, Event, EventKind, ExpectedErrors, Metric, SessionAggregate, SessionUpdate, Span,
    Transaction,
};

pub use guard::MockGuard;

/// How long reading waits for the collector; it answers within milliseconds.
const COLLECT: Duration = Duration::from_secs(10);

/// A backend that keeps typed records, for tests.
///
/// [`MockBackend::install`] gives the calling thread a mock of its own, so tests may run in
/// parallel. Everything that reads waits first until the records made so far have arrived.
///
/// ```
/// use monitor_runtime::{MockBackend, traced};
///
/// #[traced(op = "math")]
/// fn double(n: u64) -> u64 {
///     n * 2
/// }
///
/// let mock = MockBackend::install();
/// double(21);
/// assert_eq!(mock.span("double").op(), "math");
/// ```
#[derive(Clone, Default)]
pub struct MockBackend {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Whose records these are; unset for one that was given to a config.
    hub: OnceLock<&'static Hub>,
    records: Mutex<Records>,
    changed: Condvar,
}

#[derive(Default)]
struct Records {
    transactions: Vec<Arc<Transaction>>,
    events: Vec<Arc<Event>>,
    check_ins: Vec<Arc<CheckIn>>,
    sessions: Vec<SessionUpdate>,
    session_aggregates: Vec<SessionAggregate>,
    loss: Loss,
    expected: Vec<ExpectedErrors>,
    metrics: Vec<Metric>,
}

impl Records {
    fn add_expected(&mut self, error: &ExpectedErrors) {
        let is_same = |known: &&mut ExpectedErrors| {
            (&known.type_name, known.variant, &known.category)
                == (&error.type_name, error.variant, &error.category)
        };
        match self.expected.iter_mut().find(is_same) {
            Some(known) => known.count += error.count,
            None => self.expected.push(error.clone()),
        }
    }

    fn len(&self) -> usize {
        self.transactions.len() + self.events.len()
    }
}

/// Installing.
impl MockBackend {
    /// A mock for [`Config::with_backend`], where a whole process is tested.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mock for what this thread does until the guard is dropped, and for what is spawned from
    /// there through this crate. All traces are sampled, and events have no limit a minute.
    ///
    /// Tasks of a plain `tokio::spawn` on other threads don't see it: there
    /// [`MockGuard::context`] helps, in the runtime's `on_thread_start`.
    pub fn install() -> MockGuard {
        let config = Config::new()
            .with_traces_sample_rate(1.0)
            .with_max_events_per_callsite(u32::MAX)
            .with_max_events_per_fingerprint(u32::MAX);
        Self::install_with(config)
    }

    /// As [`install`](Self::install), with other settings; backends and DSN of the config are
    /// left out.
    pub fn install_with(config: Config) -> MockGuard {
        MockGuard::new(Self::default(), config)
    }
}

/// Reading.
impl MockBackend {
    /// The transactions, in the order in which they were delivered.
    pub fn transactions(&self) -> Vec<Arc<Transaction>> {
        self.read(|records| records.transactions.clone())
    }

    /// The spans of all transactions, roots first.
    pub fn spans(&self) -> Vec<Span> {
        self.transactions().iter().flat_map(|transaction| transaction.spans.clone()).collect()
    }

    /// The events, in the order in which they were captured.
    pub fn events(&self) -> Vec<Arc<Event>> {
        self.read(|records| records.events.clone())
    }

    /// The events that are errors or panics.
    pub fn errors(&self) -> Vec<Arc<Event>> {
        let mut events = self.events();
        events.retain(|event| matches!(event.kind, EventKind::Error | EventKind::Panic));
        events
    }

    /// The share of errors and panics, from 0 to 1, that have at least this many of the eight groups
    /// of [`Event::context_groups`]. 1 where there was no error.
    ///
    /// ```
    /// # use monitor_runtime::{MockBackend, capture_error};
    /// let mock = MockBackend::install();
    /// capture_error(&std::fmt::Error);
    /// // `error`, `system` and `performance` are there without a word.
    /// assert!(mock.coverage(3) >= 0.9);
    /// ```
    pub fn coverage(&self, groups: usize) -> f64 {
        let errors = self.errors();
        let covered = errors.iter().filter(|error| error.context_groups().len() >= groups).count();
        if errors.is_empty() {
            return 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a mock holds no 2^53 errors")]
        let share = covered as f64 / errors.len() as f64;
        share
    }

    /// What scheduled jobs said, in the order in which they said it.
    pub fn check_ins(&self) -> Vec<Arc<CheckIn>> {
        self.read(|records| records.check_ins.clone())
    }

    /// What was said of the process's session.
    pub fn sessions(&self) -> Vec<SessionUpdate> {
        self.read(|records| records.sessions.clone())
    }

    /// How many requests ended how, as it was reported. Asking for it is a report, too.
    pub fn session_aggregates(&self) -> Vec<SessionAggregate> {
        self.read(|records| records.session_aggregates.clone())
    }

    /// How often errors happened that are no events: see [`MonitorError`](crate::MonitorError).
    pub fn expected_errors(&self) -> Vec<ExpectedErrors> {
        self.read(|records| records.expected.clone())
    }

    /// What was lost.
    pub fn loss(&self) -> Loss {
        self.read(|records| records.loss)
    }

    /// Forgets what was received so far.
    pub fn clear(&self) {
        self.flush_records(COLLECT);
        let forgotten = std::mem::take(&mut *self.lock());
        collect::give_back(forgotten.transactions);
    }

    /// What was received, as text for people and for snapshot tests: the trees of spans and the
    /// events, without times and ids.
    pub fn snapshot(&self) -> String {
        self.read(|records| snapshot::text(&records.transactions, &records.events))
    }

    /// Waits until at least `count` transactions and events have arrived, for at most `timeout`.
    /// Whether they have.
    pub fn wait_for(&self, count: usize, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        self.flush_records(timeout);
        let mut records = self.lock();
        while records.len() < count {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.shared.changed.wait_timeout(records, left);
            records = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// Asserting. Each of these panics with all that was received when it doesn't hold.
impl MockBackend {
    /// The one span of this name.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn span(&self, name: &str) -> Span {
        self.one(&format!("span named `{name}`"), self.spans(), |span| span.name() == name)
    }

    /// The one span of this op.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn span_with_op(&self, op: &str) -> Span {
        self.one(&format!("span with op `{op}`"), self.spans(), |span| span.op() == op)
    }

    /// The one transaction of this name.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn transaction(&self, name: &str) -> Arc<Transaction> {
        let what = format!("transaction named `{name}`");
        self.one(&what, self.transactions(), |transaction| transaction.root().name() == name)
    }

    /// The one event whose title contains this text; see [`Event::title`].
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn event(&self, title: &str) -> Arc<Event> {
        let what = format!("event with `{title}` in its title");
        self.one(&what, self.events(), |event| event.title().contains(title))
    }

    /// Checks that no event was captured.
    ///
    /// # Panics
    /// When one was.
    #[track_caller]
    pub fn assert_no_events(&self) {
        let events = self.events();
        assert!(events.is_empty(), "expected no event; received:\n{}", self.snapshot());
    }

    /// Checks that nothing was lost.
    ///
    /// # Panics
    /// When something was.
    #[track_caller]
    pub fn assert_no_loss(&self) {
        let loss = self.loss();
        assert!(loss.is_empty(), "expected no loss: {loss}");
    }

    #[track_caller]
    fn one<T>(&self, what: &str, all: Vec<T>, is_it: impl Fn(&T) -> bool) -> T {
        let mut found: Vec<T> = all.into_iter().filter(is_it).collect();
        let count = found.len();
        match found.pop() {
            Some(only) if count == 1 => only,
            _ => panic!("expected one {what}, found {count}; received:\n{}", self.snapshot()),
        }
    }
}

impl MockBackend {
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.shared.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flush_records(&self, timeout: Duration) -> bool {
        collect::flush(self.shared.hub.get().copied().or_else(Hub::global), timeout)
    }

    pub(super) fn belongs_to(&self, hub: &'static Hub) {
        let _ = self.shared.hub.set(hub);
    }

    fn read<T>(&self, f: impl FnOnce(&Records) -> T) -> T {
        assert!(self.flush_records(COLLECT), "the collector did not answer within {COLLECT:?}");
        f(&self.lock())
    }

    fn change(&self, f: impl FnOnce(&mut Records)) {
        f(&mut self.lock());
        self.shared.changed.notify_all();
    }
}

impl Backend for MockBackend {
    fn name(&self) -> &'static str {
        "mock"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        self.change(|records| records.transactions.push(Arc::clone(transaction)));
    }

    fn event(&self, event: &Arc<Event>) {
        self.change(|records| records.events.push(Arc::clone(event)));
    }

    fn check_in(&self, check_in: &Arc<CheckIn>) {
        self.change(|records| records.check_ins.push(Arc::clone(check_in)));
    }

    fn expected_errors(&self, errors: &[ExpectedErrors]) {
        self.change(|records| errors.iter().for_each(|error| records.add_expected(error)));
    }

    fn session(&self, session: &SessionUpdate) {
        self.change(|records| records.sessions.push(session.clone()));
    }

    fn session_aggregates(&self, aggregates: &[SessionAggregate]) {
        self.change(|records| records.session_aggregates.extend_from_slice(aggregates));
    }

    fn metrics(&self, metrics: &[Metric]) {
        self.change(|records| records.metrics.extend_from_slice(metrics));
    }

    fn lost(&self, loss: &Loss) {
        self.change(|records| records.loss.add(loss));
    }
}

impl fmt::Debug for MockBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.snapshot())
    }
}
