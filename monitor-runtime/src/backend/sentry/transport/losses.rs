use std::sync::Arc;

use sentry_core::client_report::{Reason, Recorder};
use sentry_core::protocol::client_report::{Category, Item, LossSource};
use sentry_core::protocol::{self, ClientReport};

use crate::backend::DELIVERED;
use crate::backend::sentry::tally::{Tally, category_word};
use crate::backend::sentry::written::Written;

/// Counts what becomes of envelopes, for Sentry and for the program.
#[derive(Clone)]
pub(super) struct Losses {
    recorder: Recorder,
    tally: Arc<Tally>,
}

impl Losses {
    pub(super) fn new(recorder: Recorder, tally: Arc<Tally>) -> Self {
        Self { recorder, tally }
    }

    /// Counts a loss that Sentry is told of with the next envelope.
    pub(super) fn lose(&self, data: &impl LossSource, reason: Reason) {
        self.recorder.record_lost_data(data, reason);
        self.tally.note_report();
        self.note(data, word(reason));
    }

    /// Tells Sentry of losses with the next envelope; they are noted elsewhere.
    pub(super) fn lose_report(&self, report: &ClientReport, reason: Reason) {
        self.recorder.record_lost_data(report, reason);
        self.tally.note_report();
    }

    pub(super) fn note_lost(&self, category: &'static str, reason: Reason, quantity: u64) {
        self.note_of(category, word(reason), quantity);
    }

    /// The same for spans that the server wants none of, and that are taken out of what is sent.
    pub(super) fn lose_limited_spans(&self, spans: usize) {
        if spans > 0 {
            let reason = Reason::RatelimitBackoff;
            let item = Item::new(Category::Span, reason_of(reason), spans as u64);
            self.lose_report(&ClientReport::new([item]), reason);
            self.note_of(category_word(Category::Span), word(reason), spans as u64);
        }
    }

    /// Counts an envelope that arrived.
    pub(super) fn arrived(&self, written: &Written) {
        self.tally.arrived(written);
    }

    /// Why an attempt to deliver failed.
    pub(super) fn failed(&self, why: &str) {
        self.tally.failed(why);
    }

    pub(super) fn delivered_of(&self, category: &'static str, quantity: u64) {
        self.note_of(category, DELIVERED, quantity);
    }

    pub(super) fn note_of(&self, category: &'static str, outcome: &'static str, quantity: u64) {
        self.tally.add(category, outcome, quantity);
    }

    /// Counts what became of something, and doesn't tell Sentry.
    pub(super) fn note(&self, data: &impl LossSource, outcome: &'static str) {
        self.tally.note(data, outcome);
    }
}

/// The reason as reports name it.
pub(super) const fn reason_of(reason: Reason) -> protocol::client_report::Reason {
    use protocol::client_report::Reason as Reported;
    match reason {
        Reason::SendError => Reported::SendError,
        Reason::NetworkError => Reported::NetworkError,
        Reason::RatelimitBackoff => Reported::RatelimitBackoff,
        Reason::QueueOverflow => Reported::QueueOverflow,
        _ => Reported::InternalSdkError,
    }
}

const fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::SendError => "send_error",
        Reason::NetworkError => "network_error",
        Reason::RatelimitBackoff => "ratelimit_backoff",
        Reason::QueueOverflow => "queue_overflow",
        _ => "internal_sdk_error",
    }
}
