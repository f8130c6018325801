use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use sentry_core::protocol::client_report::{Category, LossSource, Reason};

use super::why;
use super::written::Written;
use crate::backend::{DELIVERED, Delivery};

/// Counts what arrived and what didn't.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Mutex<Delivery>,
    arrived: Arrived,
    reports: Reports,
}

/// What arrived of the kinds that nearly all is of, which `counts` doesn't hold.
#[derive(Debug, Default)]
struct Arrived {
    errors: AtomicU64,
    transactions: AtomicU64,
    spans: AtomicU64,
}

/// Whether the client may have losses to report, which it adds to an envelope that goes by way of it.
#[derive(Debug, Default)]
struct Reports {
    /// It was told of one since.
    counted: AtomicBool,
    /// The second in which one went that way: the client counts some by itself.
    second: AtomicU64,
}

impl Tally {
    /// `outcome` is one of those in [`Delivery`].
    pub(super) fn add(&self, category: &'static str, outcome: &'static str, quantity: u64) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).add(category, outcome, quantity);
        if quantity > 0 {
            why::explain(category, outcome);
        }
    }

    /// Adds an envelope that arrived.
    pub(super) fn arrived(&self, written: &Written) {
        for (category, quantity) in written.contents() {
            let count = match category {
                Category::Error => &self.arrived.errors,
                Category::Transaction => &self.arrived.transactions,
                Category::Span => &self.arrived.spans,
                category => {
                    self.add(category_word(category), DELIVERED, quantity);
                    continue;
                }
            };
            count.fetch_add(quantity, Ordering::Relaxed);
        }
    }

    /// Notes that the client was told of a loss.
    pub(super) fn note_report(&self) {
        self.reports.counted.store(true, Ordering::Relaxed);
    }

    /// Whether an envelope of this second since 1970 should go by way of the client.
    pub(super) fn has_reports(&self, second: u64) -> bool {
        let Reports { counted, second: last } = &self.reports;
        let is_new = last.load(Ordering::Relaxed) != second;
        if is_new {
            last.store(second, Ordering::Relaxed);
        }
        counted.load(Ordering::Relaxed) && counted.swap(false, Ordering::Relaxed) || is_new
    }

    /// Adds what is in an envelope or an item. What a report of losses tells of was counted before.
    pub(super) fn note(&self, data: &impl LossSource, outcome: &'static str) {
        for loss in data.losses().filter(|loss| loss.reason.is_none()) {
            self.add(category_word(loss.category), outcome, loss.quantity);
        }
    }

    /// Why an attempt to deliver failed.
    pub(super) fn failed(&self, why: &str) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).set_last_failure(why);
    }

    pub(super) fn snapshot(&self) -> Delivery {
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Arrived { errors, transactions, spans } = &self.arrived;
        for (category, count) in [
            (Category::Error, errors),
            (Category::Transaction, transactions),
            (Category::Span, spans),
        ] {
            all.add(category_word(category), DELIVERED, count.load(Ordering::Relaxed));
        }
        all
    }
}

/// Sentry's word for the category.
pub(super) const fn category_word(category: Category) -> &'static str {
    match category {
        Category::Error => "error",
        Category::Session => "session",
        Category::Transaction => "transaction",
        Category::Span => "span",
        Category::Attachment => "attachment",
        Category::Monitor => "monitor",
        Category::LogItem => "log_item",
        Category::LogByte => "log_byte",
        Category::TraceMetric => "trace_metric",
        Category::TraceMetricByte => "trace_metric_byte",
        _ => "other",
    }
}

/// Sentry's word for the reason.
pub(super) const fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::SendError => "send_error",
        Reason::NetworkError => "network_error",
        Reason::RatelimitBackoff => "ratelimit_backoff",
        Reason::QueueOverflow => "queue_overflow",
        Reason::BufferOverflow => "buffer_overflow",
        Reason::EventProcessor => "event_processor",
        Reason::BeforeSend => "before_send",
        Reason::SampleRate => "sample_rate",
        _ => "internal_sdk_error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_looked_for_once_a_second_and_after_each_loss() {
        let tally = Tally::default();
        let mut asked = [7, 7, 8, 8].map(|second| tally.has_reports(second));
        assert_eq!(asked, [true, false, true, false]);
        tally.note_report();
        asked = [8, 8, 9, 9].map(|second| tally.has_reports(second));
        assert_eq!(asked, [true, false, true, false]);
    }
}
