use std::sync::{Mutex, PoisonError};

use sentry_core::protocol::client_report::{Category, LossSource, Reason};

use super::why;
use crate::backend::Delivery;

/// Counts what arrived and what didn't.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Mutex<Delivery>,
}

impl Tally {
    /// `outcome` is one of those in [`Delivery`].
    pub(super) fn add(&self, category: &'static str, outcome: &'static str, quantity: u64) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).add(category, outcome, quantity);
        if quantity > 0 {
            why::explain(category, outcome);
        }
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
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
