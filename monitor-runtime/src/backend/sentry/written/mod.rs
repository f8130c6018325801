//! Envelopes as bytes, written straight from the records: what the types would make of them, field
//! by field, at a fraction of the cost. A test compares the two.
//!
//! What is rare is left to the types: calls of models, spans with measurements, values under our own
//! names, payloads that are too large.

mod event;
mod fields;
mod groups;
mod head;
mod json;
mod kept;
mod names;
mod root;
mod sites;
mod span;
mod spare;
#[cfg(test)]
mod tests;
mod transaction;
mod values;

use std::borrow::Cow;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use sentry_core::ClientOptions;
use sentry_core::protocol::client_report::{Category, Item, Reason};
use sentry_core::protocol::{ClientReport, DynamicSamplingContext};
use sentry_core::types::Uuid;

use self::head::{Heads, SentAt, Trace, span_fields};
use self::json::Json;
use self::kept::Kept;
use self::sites::Sites;
use self::spare::Spare;
use super::event::PLATFORM;
use super::fit;
use super::gen_ai::is_gen_ai;
use super::headers::{self, Decided};
use super::sdk::sdk;
use super::split::{self, Part};
use super::transaction::Head;
use super::transport::Form;
use crate::context::Scope;
use crate::record::{Event, Span, TraceId, Transaction};

/// Bytes of an envelope beside its spans, about.
const HEAD: usize = 2048;
/// Bytes of an event, about.
const EVENT: usize = 4096;
/// Room for an item's length, in digits.
const LENGTH: usize = 8;

/// Writes records as envelopes of one client.
pub(super) struct Writer {
    heads: Heads,
    /// Fields of each payload.
    common: Box<[u8]>,
    sites: Mutex<Sites>,
    kept: Mutex<Kept>,
    spare: Arc<Spare>,
}

/// An envelope with one item, as bytes.
#[derive(Clone, Debug)]
pub(super) struct Written {
    id: Uuid,
    kind: Kind,
    sent_at: SentAt,
    bytes: Vec<u8>,
    /// Where the memory goes in the end.
    spare: Arc<Spare>,
}

/// What the item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Event,
    Transaction {
        /// The root among them.
        spans: u64,
    },
}

impl Writer {
    pub(super) fn new(options: &ClientOptions) -> Self {
        let mut common = Json::default();
        for (name, value) in [
            ("release", &options.release),
            ("environment", &options.environment),
            ("server_name", &options.server_name),
            ("platform", &Some(PLATFORM.into())),
        ] {
            if let Some(value) = value {
                // Never the first field.
                common.raw(",");
                common.plain(name);
                common.raw(":");
                common.text(value);
            }
        }
        common.name("sdk");
        common.typed(&sdk());
        let (sites, kept, spare) = (Mutex::default(), Mutex::default(), Arc::default());
        Self { heads: Heads::new(options), common: common.0.into(), sites, kept, spare }
    }

    /// The parts of the transaction, each written when it is asked for; `None` if it has what is
    /// left to the types.
    pub(super) fn transaction<'t>(
        &'t self,
        transaction: &'t Transaction,
        form: Form,
    ) -> Option<impl Iterator<Item = Written> + 't> {
        if form == Form::Spans || has_ai(&transaction.spans) {
            return None;
        }
        let digits = json::id_digits(transaction.trace_id.to_bytes());
        let correlation_id = transaction.scope.own_correlation_id();
        let fields = match transaction.children() {
            [] => Vec::new(),
            _ => span_fields(text(&digits), correlation_id.unwrap_or(text(&digits))),
        };
        let parts = split::split(transaction.children()).enumerate();
        Some(parts.map(move |(number, part)| {
            let (id, hex) = (transaction.trace_id, text(&digits));
            let correlation_id = correlation_id.unwrap_or(hex);
            let trace = Trace { id, hex, correlation_id, span_fields: &fields };
            self.part(transaction, &trace, number, part)
        }))
    }

    fn part(
        &self,
        transaction: &Transaction,
        trace: &Trace<'_>,
        number: usize,
        part: Part,
    ) -> Written {
        let spans = &transaction.children()[part.range];
        let head = Head::of_part(transaction, number, spans);
        let id = head.event_id;
        let mut json = Json(self.spare.take(HEAD + part.bytes));
        let by = Decided::of_transaction(transaction);
        let frozen = frozen(&transaction.scope, trace.id, by);
        // In a forked child the lock may be held for ever.
        let (mut known, mut new) = (self.sites.try_lock().ok(), None);
        let sites = match &mut known {
            Some(sites) => &mut **sites,
            None => new.get_or_insert_default(),
        };
        let name = &sites.root(transaction.root(), &self.common).name;
        let name = |json: &mut Json| json.raw(name);
        let sent_at = self.heads.write(&mut json, id, trace.hex, Some(name), (by, frozen));
        item(&mut json, "transaction", |json| {
            let common = (&*self.common, sites);
            transaction::write(json, transaction, (&head, spans), trace, common);
        });
        let kind = Kind::Transaction { spans: spans.len() as u64 + 1 };
        Written { id, kind, sent_at, bytes: json.0, spare: Arc::clone(&self.spare) }
    }

    /// The event; `None` if it is larger than Sentry takes: then something must be left out.
    pub(super) fn event(&self, event: &Event) -> Option<Written> {
        let id = Uuid::from_bytes(event.id.to_bytes());
        let digits = json::id_digits(event.trace_id.to_bytes());
        let trace = text(&digits);
        let mut json = Json(self.spare.take(EVENT));
        let by = Decided::of_event(event);
        let frozen = frozen(&event.scope, event.trace_id, by);
        // In a forked child the lock may be held for ever.
        let (mut known, mut new) = (self.kept.try_lock().ok(), None);
        let kept = match &mut known {
            Some(kept) => &mut **kept,
            None => new.get_or_insert_default(),
        };
        let name = event.transaction.as_ref();
        let name = name.map(|name| |json: &mut Json| kept.names.write(json, name, fit::NAME));
        let sent_at = self.heads.write(&mut json, id, trace, name, (by, frozen));
        let bytes = item(&mut json, "event", |json| {
            event::write(json, event, trace, (&self.common, kept));
        });
        let (kind, spare) = (Kind::Event, Arc::clone(&self.spare));
        let written = Written { id, kind, sent_at, bytes: json.0, spare };
        (bytes <= fit::EVENT_BYTES).then_some(written)
    }
}

/// Whether one is a call of a model. Mostly each has the callsite of the last.
fn has_ai(spans: &[Span]) -> bool {
    let mut last = None;
    spans.iter().any(|span| {
        let site = Some(std::ptr::from_ref(span.callsite)).filter(|_| span.is_plain());
        let is_known = site.is_some() && site == last;
        last = site;
        !is_known && is_gen_ai(span.op())
    })
}

impl Drop for Written {
    fn drop(&mut self) {
        self.spare.give_back(&mut self.bytes);
    }
}

/// Digits as a text.
fn text(digits: &[u8]) -> &str {
    str::from_utf8(digits).unwrap_or_default()
}

/// The sampling context that another service has made, if one has.
fn frozen(scope: &Scope, trace: TraceId, by: Decided) -> Option<Option<DynamicSamplingContext>> {
    scope.frozen(trace).map(|frozen| headers::given(&frozen, by))
}

/// Writes an item with its headers, where its length stands; returns that.
fn item(json: &mut Json, kind: &'static str, write: impl FnOnce(&mut Json)) -> usize {
    json.raw(r#"{"type":""#);
    json.raw(kind);
    json.raw(concat!(r#"","length":"#, "        }\n"));
    let start = json.0.len();
    let at = start - LENGTH - 2;
    write(json);
    let length = json.0.len() - start;
    json.raw("\n");
    // Spaces before a number mean nothing. No item has more than 100 MB.
    if length < 100_000_000
        && let Some(room) = json.0.get_mut(at..at + LENGTH)
    {
        json::put_whole(room, length as u64);
    }
    length
}

impl Written {
    pub(super) const fn id(&self) -> Uuid {
        self.id
    }

    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// When it was to leave, in seconds since 1970.
    pub(super) const fn second(&self) -> u64 {
        self.sent_at.second()
    }

    pub(super) fn is_event(&self) -> bool {
        self.kind == Kind::Event
    }

    /// What a server calls the item's kind.
    pub(super) const fn category(&self) -> &'static str {
        match self.kind {
            Kind::Event => "error",
            Kind::Transaction { .. } => "transaction",
        }
    }

    /// The envelope as it leaves now.
    pub(super) fn bytes(&self, now: SystemTime) -> Cow<'_, [u8]> {
        match self.sent_at.corrected(now) {
            None => Cow::Borrowed(&self.bytes),
            Some((at, time)) => {
                let mut bytes = self.bytes.clone();
                bytes[at..at + time.len()].copy_from_slice(time.as_bytes());
                Cow::Owned(bytes)
            }
        }
    }

    /// What is lost with it: of which category how many.
    pub(super) fn contents(&self) -> impl Iterator<Item = (Category, u64)> {
        let (first, spans) = match self.kind {
            Kind::Event => (Category::Error, None),
            Kind::Transaction { spans } => (Category::Transaction, Some(spans)),
        };
        let spans = spans.map(|spans| (Category::Span, spans));
        std::iter::once((first, 1)).chain(spans)
    }

    /// The same as a report of losses.
    pub(super) fn report(&self, reason: Reason) -> ClientReport {
        let items = self.contents();
        ClientReport::new(items.map(|(category, quantity)| Item::new(category, reason, quantity)))
    }
}
