//! Where finished records go.

#[cfg(feature = "console")]
mod console;
#[cfg(feature = "jsonl")]
mod jsonl;
#[cfg(feature = "mock")]
pub(crate) mod mock;
#[cfg(feature = "sentry")]
pub(crate) mod sentry;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::record::{Event, Transaction};

#[cfg(feature = "console")]
pub use console::Console;
#[cfg(feature = "jsonl")]
pub use jsonl::JsonLines;
#[cfg(feature = "mock")]
pub use mock::{MockBackend, MockGuard};
#[cfg(feature = "sentry")]
pub use sentry::{SentryBackend, SentryOptions};

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
///         println!("{}", transaction.root().name);
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

    /// Receives what was lost since the last report. Called only when something was.
    fn lost(&self, loss: &Loss) {
        let _ = loss;
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

/// Records that did not reach the backends, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Loss {
    /// Span records that found the buffers full.
    pub buffer_full: u64,
    /// Events that found the queue full.
    pub queue_full: u64,
    /// Spans over the bound of spans a transaction.
    pub over_span_limit: u64,
    /// Spans of traces whose root never ended before the bound of waiting spans was reached.
    pub unfinished: u64,
    /// Records on which a backend panicked.
    pub backend_panics: u64,
}

impl Loss {
    /// How many records were lost.
    pub const fn total(&self) -> u64 {
        self.buffer_full
            + self.queue_full
            + self.over_span_limit
            + self.unfinished
            + self.backend_panics
    }

    #[cfg(feature = "mock")]
    pub(crate) const fn add(&mut self, other: &Self) {
        self.buffer_full += other.buffer_full;
        self.queue_full += other.queue_full;
        self.over_span_limit += other.over_span_limit;
        self.unfinished += other.unfinished;
        self.backend_panics += other.backend_panics;
    }

    /// Whether nothing was lost.
    pub const fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = [
            (self.buffer_full, "spans: buffers full"),
            (self.queue_full, "events: queue full"),
            (self.over_span_limit, "spans: over the limit of a transaction"),
            (self.unfinished, "spans: root did not end"),
            (self.backend_panics, "records: backend panicked"),
        ];
        let mut separator = "";
        for (count, reason) in reasons.iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {reason}")?;
            separator = ", ";
        }
        Ok(())
    }
}
