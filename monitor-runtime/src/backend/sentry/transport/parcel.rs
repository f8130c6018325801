use std::borrow::Cow;
use std::io;
use std::time::SystemTime;

use sentry_core::Envelope;
use sentry_core::client_report::Reason;
use sentry_core::protocol::EnvelopeItem;

use super::losses::{Losses, reason_of};
use super::payload::{self, Form};
use super::spool::Importance;
use crate::backend::DELIVERED;
use crate::backend::sentry::tally::category_word;
use crate::backend::sentry::written::Written;

/// What waits in the queue: an envelope of Sentry's types, or one that is written already, with what
/// the client adds to it.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    /// Apart: most of what waits is written, and has none.
    pub(super) envelope: Option<Box<Envelope>>,
    pub(super) written: Option<Written>,
}

impl Parcel {
    pub(super) fn new(envelope: Envelope, written: Option<Written>) -> Self {
        Self { envelope: Some(Box::new(envelope)), written }
    }

    pub(super) const fn of(written: Written) -> Self {
        Self { envelope: None, written: Some(written) }
    }

    fn items(&self) -> impl Iterator<Item = &EnvelopeItem> {
        self.envelope.iter().flat_map(|envelope| envelope.items())
    }

    /// The bytes of what leaves now.
    pub(super) fn bytes(&self, form: Form, now: SystemTime) -> io::Result<Cow<'_, [u8]>> {
        let mut bytes = match (&self.written, &self.envelope) {
            (Some(written), _) => written.bytes(now),
            (None, Some(envelope)) => {
                return payload::write(envelope, form, now).map(Cow::Owned);
            }
            (None, None) => Cow::default(),
        };
        for item in self.items() {
            payload::write_as_sentry_does(bytes.to_mut(), item)?;
        }
        Ok(bytes)
    }

    pub(super) fn importance(&self) -> Importance {
        let is_event = |item| matches!(item, &EnvelopeItem::Event(_));
        if self.written.as_ref().is_some_and(Written::is_event) || self.items().any(is_event) {
            Importance::Error
        } else {
            Importance::Other
        }
    }

    /// Whether it holds nothing but reports of losses.
    pub(super) fn is_report(&self) -> bool {
        let is_report = |item| matches!(item, &EnvelopeItem::ClientReport(_));
        self.written.is_none() && self.items().all(is_report)
    }

    /// Counts that it arrived.
    pub(super) fn arrived(&self, losses: &Losses) {
        if let Some(envelope) = &self.envelope {
            losses.note(&**envelope, DELIVERED);
        }
        if let Some(written) = &self.written {
            losses.arrived(written);
        }
    }

    /// Counts what else became of it.
    pub(super) fn note(&self, losses: &Losses, outcome: &'static str) {
        if let Some(envelope) = &self.envelope {
            losses.note(&**envelope, outcome);
        }
        for (category, quantity) in self.written.iter().flat_map(Written::contents) {
            losses.note_of(category_word(category), outcome, quantity);
        }
    }

    /// Counts it as lost, of which Sentry is told with the next envelope.
    pub(super) fn lose(&self, losses: &Losses, reason: Reason) {
        if let Some(envelope) = &self.envelope {
            losses.lose(&**envelope, reason);
        }
        if let Some(written) = &self.written {
            lose_written(written, losses, reason);
        }
    }
}

pub(super) fn lose_written(written: &Written, losses: &Losses, reason: Reason) {
    losses.lose_report(&written.report(reason_of(reason)), reason);
    for (category, quantity) in written.contents() {
        losses.note_lost(category_word(category), reason, quantity);
    }
}

#[cfg(test)]
mod tests {
    use sentry_core::ClientOptions;
    use sentry_core::protocol::ClientReport;
    use sentry_core::protocol::client_report::{Category, Item, Reason as Reported};
    use serde_json::Value;

    use super::*;
    use crate::backend::sentry::fixture;
    use crate::backend::sentry::written::Writer;

    fn types(parcel: &Parcel) -> Vec<String> {
        let bytes = parcel.bytes(Form::Transactions, SystemTime::now()).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).skip(1);
        let headers: Vec<Value> =
            lines.step_by(2).map(|line| serde_json::from_slice(line).unwrap()).collect();
        headers.iter().map(|header| header["type"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_the_client_adds_goes_along_with_what_is_written() {
        let mut envelope = Envelope::new();
        envelope.add_item(ClientReport::new([Item::new(Category::Span, Reported::BeforeSend, 1)]));
        let report = Parcel::new(envelope.clone(), None);
        assert_eq!(types(&report), ["client_report"]);
        assert!(report.is_report());
        let written = Writer::new(&ClientOptions::new()).event(&fixture::event());
        let both = Parcel::new(envelope, written);
        assert_eq!(types(&both), ["event", "client_report"]);
        assert!(!both.is_report() && both.importance() == Importance::Error);
    }
}
