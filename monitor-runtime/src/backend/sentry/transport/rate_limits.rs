//! What the server asked not to be sent for a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use sentry_core::Envelope;
use sentry_core::client_report::Reason;
use sentry_core::protocol::{EnvelopeFilterCallbacks, EnvelopeItem};

use super::losses::Losses;
use super::parcel::{Parcel, lose_written};
use super::payload::Form;
use crate::backend::sentry::gen_ai::is_ai_span;
use crate::backend::sentry::written::Written;

/// How long to wait when the server doesn't say, or says it in a form that isn't understood.
const DEFAULT: Duration = Duration::from_secs(60);

/// No server is believed that asks for more.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

const CATEGORIES: [&str; 9] = [
    "default",
    "error",
    "transaction",
    "span",
    "session",
    "attachment",
    "monitor",
    "log_item",
    "trace_metric",
];

/// Until when which categories are limited.
#[derive(Debug)]
pub(super) struct RateLimits {
    form: Form,
    everything: Option<Instant>,
    categories: HashMap<&'static str, Instant>,
}

impl RateLimits {
    pub(super) fn new(form: Form) -> Self {
        Self { form, everything: None, categories: HashMap::new() }
    }

    /// Learns from a response: `X-Sentry-Rate-Limits`, else `Retry-After`, else the status.
    pub(super) fn update(
        &mut self,
        status: u16,
        rate_limits: Option<&str>,
        retry_after: Option<&str>,
        now: Instant,
    ) {
        match (rate_limits, retry_after) {
            (Some(limits), _) => {
                limits.split(',').for_each(|limit| self.read_limit(limit.trim(), now));
            }
            (None, Some(after)) if status >= 400 => {
                self.everything = Some(now + seconds(after).unwrap_or(DEFAULT));
            }
            (None, _) if status == 429 => self.everything = Some(now + DEFAULT),
            _ => {}
        }
    }

    /// Reads `<seconds>:<category>;<category>:<scope>..`; no category means all.
    fn read_limit(&mut self, limit: &str, now: Instant) {
        let mut parts = limit.split(':');
        let Some(time) = parts.next().and_then(seconds) else { return };
        let until = now + time;
        match parts.next() {
            None | Some("") => self.everything = Some(until),
            Some(categories) => {
                let known =
                    |category: &str| CATEGORIES.into_iter().find(|known| *known == category);
                self.categories.extend(categories.split(';').filter_map(known).map(|c| (c, until)));
            }
        }
    }

    fn is_limited(&self, category: Option<&str>, now: Instant) -> bool {
        let category = category.and_then(|category| self.categories.get(category));
        self.everything.iter().chain(category).any(|until| now < *until)
    }

    /// Whether something is limited, or was.
    pub(super) fn are_any(&self) -> bool {
        self.everything.is_some() || !self.categories.is_empty()
    }

    /// Whether something is limited now.
    pub(super) fn is_active(&self, now: Instant) -> bool {
        self.everything.iter().chain(self.categories.values()).any(|until| now < *until)
    }

    /// What is left without what is limited now, which is counted; `None` if nothing is.
    pub(super) fn filter(&self, parcel: Parcel, losses: &Losses, now: Instant) -> Option<Parcel> {
        let Parcel { envelope, mut written } = parcel;
        let is_limited = |written: &mut Written| self.is_limited(Some(written.category()), now);
        if let Some(limited) = written.take_if(is_limited) {
            lose_written(&limited, losses, Reason::RatelimitBackoff);
        }
        match envelope.and_then(|envelope| self.filter_envelope(*envelope, losses, now)) {
            Some(envelope) => Some(Parcel::new(envelope, written)),
            None => written.map(Parcel::of),
        }
    }

    fn filter_envelope(
        &self,
        envelope: Envelope,
        losses: &Losses,
        now: Instant,
    ) -> Option<Envelope> {
        let envelope = self.without_ai_spans(envelope, losses, now);
        // The filter makes an envelope without headers.
        let headers = envelope.headers().clone();
        let filtered = envelope.filter(EnvelopeFilterCallbacks::new(
            |item: &EnvelopeItem| !self.is_limited(category(item, self.form), now),
            |item: EnvelopeItem| losses.lose(&item, Reason::RatelimitBackoff),
        ))?;
        Some(filtered.with_headers(headers))
    }

    /// The spans of AI calls are an item of another kind than their transaction.
    fn without_ai_spans(&self, envelope: Envelope, losses: &Losses, now: Instant) -> Envelope {
        let is_limited = self.categories.get("span").is_some_and(|until| now < *until);
        // Raw bytes have no items.
        if self.form != Form::AiSpans || !is_limited || envelope.items().next().is_none() {
            return envelope;
        }
        let mut kept = Envelope::new().with_headers(envelope.headers().clone());
        for item in envelope.into_items() {
            match item {
                EnvelopeItem::Transaction(mut transaction) => {
                    let spans = transaction.spans.len();
                    transaction.spans.retain(|span| !is_ai_span(span));
                    losses.lose_limited_spans(spans - transaction.spans.len());
                    kept.add_item(*transaction);
                }
                item => kept.add_item(item),
            }
        }
        kept
    }
}

/// What the server calls the item's kind; `None` for what only a limit of everything stops.
fn category(item: &EnvelopeItem, form: Form) -> Option<&'static str> {
    Some(match item {
        EnvelopeItem::Event(_) => "error",
        EnvelopeItem::Transaction(_) if form == Form::Spans => "span",
        EnvelopeItem::Transaction(_) => "transaction",
        EnvelopeItem::SessionUpdate(_) | EnvelopeItem::SessionAggregates(_) => "session",
        EnvelopeItem::Attachment(_) => "attachment",
        EnvelopeItem::MonitorCheckIn(_) => "monitor",
        EnvelopeItem::ItemContainer(container) if container.ty() == "log" => "log_item",
        EnvelopeItem::ItemContainer(container) if container.ty() == "trace_metric" => {
            "trace_metric"
        }
        EnvelopeItem::ClientReport(_) => return None,
        _ => "default",
    })
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds.ceil()).ok().map(|time| time.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use sentry_core::protocol::{Event, Transaction};

    use super::*;

    /// Whether errors and transactions are limited after so many seconds.
    fn limited(limits: &RateLimits, start: Instant, after: u64) -> (bool, bool) {
        let now = start + Duration::from_secs(after);
        let is_limited = |item| limits.is_limited(category(&item, limits.form), now);
        (is_limited(Event::new().into()), is_limited(Transaction::new().into()))
    }

    #[test]
    fn limits_the_categories_that_are_named() {
        let (mut limits, now) = (RateLimits::new(Form::Transactions), Instant::now());
        limits.update(200, Some("60:transaction;span:organization:quota, 10:error:key"), None, now);
        assert_eq!(limited(&limits, now, 5), (true, true));
        assert_eq!(limited(&limits, now, 15), (false, true));
        assert_eq!(limited(&limits, now, 65), (false, false));
    }

    #[test]
    fn limits_everything_without_a_category() {
        for (header, retry_after) in
            [(Some("30::key"), Some("5")), (None, Some("30")), (None, None)]
        {
            let (mut limits, now) = (RateLimits::new(Form::Transactions), Instant::now());
            limits.update(429, header, retry_after, now);
            assert_eq!(limited(&limits, now, 29), (true, true), "{header:?}");
            assert_eq!(limited(&limits, now, 61), (false, false), "{header:?}");
        }
    }

    #[test]
    fn hostile_headers_do_nothing_or_little() {
        let (mut limits, now) = (RateLimits::new(Form::Transactions), Instant::now());
        limits.update(
            200,
            Some("x:error:key,,-1:error:key,NaN::key,inf::key, 5:nonsense:key"),
            None,
            now,
        );
        assert_eq!(limited(&limits, now, 0), (false, false));
        limits.update(200, Some("1e300:error:key"), None, now);
        limits.update(200, Some("1e18:error:key"), None, now);
        assert_eq!(limited(&limits, now, 24 * 60 * 60 + 1), (false, false));
    }
}
