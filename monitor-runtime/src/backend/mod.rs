//! Where finished records go.

#[cfg(feature = "console")]
mod console;
mod delivery;
#[cfg(feature = "jsonl")]
mod jsonl;
mod loss;
#[cfg(feature = "mock")]
pub(crate) mod mock;
#[cfg(feature = "sentry")]
pub(crate) mod sentry;

use std::sync::Arc;
use std::time::Duration;

use crate::propagation::Identity;
use crate::record::{
    CheckIn, Event, ExpectedErrors, Metric, SessionAggregate, SessionUpdate, Transaction,
};

#[cfg(feature = "console")]
pub use console::Console;
#[cfg(feature = "sentry")]
pub(crate) use delivery::DELIVERED;
pub use delivery::Delivery;
#[cfg(feature = "jsonl")]
pub use jsonl::JsonLines;
pub use loss::Loss;
pub(crate) use loss::Losses;
#[cfg(feature = "mock")]
pub use mock::{MockBackend, MockGuard};
#[cfg(feature = "sentry")]
pub use sentry::{SentryBackend, SentryIntegration, SentryOptions};

/// A receiver of finished records.
///
/// All calls come from the collector's thread, never from the thread that recorded, so a backend
/// may take its time; while it does, records wait in bounded memory. A backend that panics loses
/// that one record, which is counted.
///
/// ```
/// use std::sync::Arc;
/// use monitor_runtime::{Backend, Config, record::Transaction};
///
/// struct Names;
///
/// impl Backend for Names {
///     fn name(&self) -> &'static str {
///         "names"
///     }
///
///     fn transaction(&self, transaction: &Arc<Transaction>) {
///         println!("{}", transaction.root().name());
///     }
/// }
///
/// let guard = monitor_runtime::init(Config::new().with_backend(Names))?;
/// # drop(guard);
/// # Ok::<(), monitor_runtime::ConfigError>(())
/// ```
pub trait Backend: Send + Sync + 'static {
    /// A short name for messages: `sentry`, `console`.
    fn name(&self) -> &'static str;

    /// Receives a finished transaction.
    fn transaction(&self, transaction: &Arc<Transaction>) {
        let _ = transaction;
    }

    /// Receives an event: an error, a slow call, a message.
    fn event(&self, event: &Arc<Event>) {
        let _ = event;
    }

    /// Receives word of a scheduled job: that a run begins, or how one ended.
    fn check_in(&self, check_in: &Arc<CheckIn>) {
        let _ = check_in;
    }

    /// Receives how often errors happened that are no events, since the last report.
    fn expected_errors(&self, errors: &[ExpectedErrors]) {
        let _ = errors;
    }

    /// Receives what was counted and measured since the last report: once a minute, at each flush and
    /// at the end, in the order of their names. Called only when something was.
    fn metrics(&self, metrics: &[Metric]) {
        let _ = metrics;
    }

    /// Receives what is known of the process's session: that it begins, has an error, has ended.
    fn session(&self, session: &SessionUpdate) {
        let _ = session;
    }

    /// Receives how many requests ended how, since the last report: once a minute, at each flush and at
    /// the end. Called only when some did.
    fn session_aggregates(&self, aggregates: &[SessionAggregate]) {
        let _ = aggregates;
    }

    /// Receives what was lost since the last report. Called only when something was.
    fn lost(&self, loss: &Loss) {
        let _ = loss;
    }

    /// What became of what was received. Default: `None`, for a backend that can't know.
    fn delivery(&self) -> Option<Delivery> {
        None
    }

    /// How the process is named in the headers of its requests, if this backend knows better.
    #[doc(hidden)]
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Hands everything received so far to its destination; whether that was done in time.
    fn flush(&self, timeout: Duration) -> bool {
        let _ = timeout;
        true
    }

    /// The last call; whether everything was handed over in time.
    fn shutdown(&self, timeout: Duration) -> bool {
        self.flush(timeout)
    }
}
