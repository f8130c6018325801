//! What was lost before it came here, in the words of Sentry's client reports.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sentry_core::protocol::client_report::{Category, Reason};

use crate::backend::Loss;

/// How long the count of unsampled traces may wait for another report to go with: as long as
/// sentry-python lets reports wait.
const WAIT: Duration = Duration::from_secs(30);

/// Traces that sampling left out and that aren't reported yet. There are some in each pass of the
/// collector, and they are no loss: they don't deserve a request of their own each time.
#[derive(Default)]
pub(super) struct Unsampled(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    count: u64,
    since: Option<Instant>,
}

impl Unsampled {
    /// Adds to the count. Returns what is to be reported: nothing, unless a report goes out anyway
    /// or they have waited for long enough.
    pub(super) fn add(&self, count: u64, report: bool) -> u64 {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.count += count;
        let since = *waiting.since.get_or_insert_with(Instant::now);
        if report || since.elapsed() >= WAIT { std::mem::take(&mut *waiting).count } else { 0 }
    }
}

/// The losses that there are, each with its reason.
///
/// `backend_panics` is not among them: another backend's loss isn't one of Sentry's. Nor are
/// breadcrumbs, tags and scopes, for which Sentry has no category.
pub(super) fn counts(loss: &Loss) -> impl Iterator<Item = (Category, Reason, u64)> {
    use Category::{Error, Monitor, Span, TraceMetric, Transaction};
    let overflown = loss.buffer_full + loss.over_span_limit + loss.unfinished;
    let counts = [
        (Span, Reason::BufferOverflow, overflown),
        (TraceMetric, Reason::BufferOverflow, loss.metrics),
        (Error, Reason::QueueOverflow, loss.queue_full),
        (Monitor, Reason::QueueOverflow, loss.check_ins),
        (Error, Reason::EventProcessor, loss.filtered_events),
        (Transaction, Reason::EventProcessor, loss.filtered_transactions),
        (Span, Reason::EventProcessor, loss.filtered_spans),
        (Error, Reason::BeforeSend, loss.before_send),
        (Transaction, Reason::BeforeSend, loss.before_send_transaction),
        (Span, Reason::BeforeSend, loss.before_send_span),
        (Error, Reason::RatelimitBackoff, loss.limited_events),
        (Transaction, Reason::RatelimitBackoff, loss.limited_transactions),
        (Span, Reason::RatelimitBackoff, loss.limited_spans),
        // Of an unsampled trace only the root is known.
        (Transaction, Reason::SampleRate, loss.unsampled),
        (Span, Reason::SampleRate, loss.unsampled),
    ];
    counts.into_iter().filter(|(.., count)| *count > 0)
}
