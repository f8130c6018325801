//! Sentry: events and transactions as envelopes.
//!
//! Records become the types of the `sentry-types` crate and go to a [`Client`] in typed
//! envelopes. So whatever carries them can count what it loses and limit rates by kind, and the
//! client attaches its reports of losses; raw bytes would take all of that away. What the types
//! can't say (`origin`, `transaction_info`, one form of timestamp) stands among the data, from
//! where this crate's own transport writes it out. See `transport/payload.rs`.

mod bounded;
mod convert;
mod event;
#[cfg(test)]
mod fixture;
mod headers;
mod options;
mod pacer;
mod sdk;
mod split;
mod transaction;
#[cfg(feature = "sentry-ureq")]
mod transport;

#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sentry_core::protocol::client_report::{Category, Item, Reason};
use sentry_core::protocol::{ClientReport, Envelope, EnvelopeItem};
use sentry_core::{Client, ClientOptions, TransportFactory};

use self::bounded::within;
use self::pacer::{Pace, Pacer};
use super::{Backend, Loss};
use crate::config::Config;
use crate::config_error::ConfigError;
use crate::record::{Event, Transaction};
use crate::settings::Settings;

pub use self::options::SentryOptions;

/// Sends events and transactions to Sentry.
///
/// [`Config::with_dsn`] makes one with a client of its own. A program that has a Sentry client
/// already hands it over instead:
///
/// ```
/// use monitor_runtime::{Config, SentryBackend};
/// # use sentry_core as sentry;
///
/// let client = sentry::Client::from(sentry::ClientOptions::default());
/// let config = Config::new().with_backend(SentryBackend::from_client(client));
/// # drop(config);
/// ```
pub struct SentryBackend {
    client: Arc<Client>,
    ownership: Ownership,
    pace: Arc<dyn Pace>,
}

/// The backend that a config with a DSN asks for.
pub(crate) fn from_config(
    config: &Config,
    settings: &Settings,
) -> Result<SentryBackend, ConfigError> {
    SentryBackend::new(SentryOptions::of(config, settings))
}

/// Who made the client, and with that the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ownership {
    /// This crate, both: the client is closed at the end.
    Own,
    /// This crate the client, the program the transport.
    OwnClient,
    /// The program: the client is flushed at the end, and stays open if the program still has it.
    Foreign,
}

impl SentryBackend {
    /// A backend with a client of its own.
    ///
    /// # Errors
    /// When the DSN can't be used, or nothing can carry envelopes: neither is there a transport
    /// among the options, nor is the feature `sentry-ureq` on.
    pub fn new(mut options: SentryOptions) -> Result<Self, ConfigError> {
        let given = options.transport.take();
        let (ownership, (transport, pace)) = match given {
            Some(transport) => (Ownership::OwnClient, (transport, flushed())),
            None => (Ownership::Own, own_transport(options.debug)?),
        };
        let client = Arc::new(Client::with_options(options.into_client_options(transport)?));
        Ok(Self { client, ownership, pace })
    }

    /// A backend that sends through the program's own client, with its release, environment,
    /// hooks and transport.
    ///
    /// Its `before_send`, event processors and `sample_rate` apply to events. They never see
    /// transactions, and its `traces_sample_rate` isn't used: what arrives here is sampled. At the
    /// end the client is flushed, and closed only if the program doesn't hold it any more.
    pub fn from_client(client: impl Into<Arc<Client>>) -> Self {
        Self { client: client.into(), ownership: Ownership::Foreign, pace: flushed() }
    }

    /// The client, to bind it to a hub for messages that the program sends through Sentry's own
    /// functions.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    fn options(&self) -> &ClientOptions {
        self.client.options()
    }

    /// Hands over an envelope that takes `cost` places in a transport's queue.
    fn send(&self, envelope: Envelope, cost: usize) {
        self.pace.pace(cost, &|timeout| self.flush_client(timeout));
        // A transport is the program's choice; it may panic.
        let _ = guarded(|| self.client.send_envelope(envelope));
    }

    fn flush_client(&self, timeout: Duration) -> bool {
        let client = Arc::clone(&self.client);
        within(timeout, move || client.flush(Some(timeout)))
    }

    fn close_client(&self, timeout: Duration) -> bool {
        let client = Arc::clone(&self.client);
        within(timeout, move || client.close(Some(timeout)))
    }

    /// Reports losses that no envelope can stand for.
    fn report(&self, losses: impl IntoIterator<Item = Item>) {
        let losses: Vec<_> = losses.into_iter().collect();
        if !losses.is_empty() {
            self.send(envelope_of(ClientReport::new(losses)), 1);
        }
    }

    /// The client counts losses by itself and attaches the counts to the next envelope. After the
    /// last one there is none: an empty one takes them along, and only this crate's transport
    /// knows to send nothing when there are no counts either.
    fn send_pending_reports(&self) {
        if self.ownership == Ownership::Own {
            let _ = guarded(|| self.client.send_envelope(Envelope::new()));
        }
    }
}

impl Backend for SentryBackend {
    fn name(&self) -> &'static str {
        "sentry"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        for part in transaction::build(transaction, self.options()) {
            let headers = headers::for_transaction(&part, transaction.sampling, self.options());
            let cost = cost(part.spans.len());
            let mut envelope = Envelope::new().with_headers(headers);
            envelope.add_item(part);
            self.send(envelope, cost);
        }
    }

    /// `Client::capture_event` would leave out the dynamic sampling context. `prepare_event` runs
    /// the same processors, `before_send` and sampling, and counts what they drop; attachments and
    /// sessions, the rest of what `capture_event` does, belong to Sentry's scope, not to ours.
    fn event(&self, event: &Arc<Event>) {
        let built = event::build(event);
        match guarded(|| self.client.prepare_event(built, None)) {
            Some(Some(prepared)) => {
                let headers =
                    headers::for_event(&prepared, event.sampled, event.sampling, self.options());
                let mut envelope = Envelope::new().with_headers(headers);
                envelope.add_item(prepared);
                self.send(envelope, 1);
            }
            Some(None) => {}
            // A hook panicked. It may have been about to remove something: nothing is sent.
            None => self.report([Item::new(Category::Error, Reason::BeforeSend, 1)]),
        }
    }

    fn lost(&self, loss: &Loss) {
        // Not `backend_panics`: another backend's loss isn't one of Sentry's.
        let spans = loss.buffer_full + loss.over_span_limit + loss.unfinished;
        let losses = [
            Item::new(Category::Span, Reason::BufferOverflow, spans),
            Item::new(Category::Error, Reason::QueueOverflow, loss.queue_full),
        ];
        let counts = [spans, loss.queue_full];
        self.report(losses.into_iter().zip(counts).filter(|(_, n)| *n > 0).map(|(item, _)| item));
    }

    fn flush(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        self.send_pending_reports();
        let flushed = self.flush_client(timeout);
        // Delivering may have failed, which is a loss to report too.
        self.send_pending_reports();
        flushed && self.flush_client(deadline.saturating_duration_since(Instant::now()))
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let flushed = self.flush(timeout);
        // A client that only this backend holds is closed too: dropping it may take for ever.
        if self.ownership == Ownership::Foreign && Arc::strong_count(&self.client) > 1 {
            return flushed;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        self.close_client(left) && flushed
    }
}

impl fmt::Debug for SentryBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SentryBackend");
        shown.field("release", &self.options().release);
        shown.field("environment", &self.options().environment);
        shown.field("ownership", &self.ownership).finish_non_exhaustive()
    }
}

fn envelope_of(item: impl Into<EnvelopeItem>) -> Envelope {
    let mut envelope = Envelope::new();
    envelope.add_item(item);
    envelope
}

/// A transport, and how not to be too fast for it.
type Paced = (Arc<dyn TransportFactory>, Arc<dyn Pace>);

fn flushed() -> Arc<dyn Pace> {
    Arc::new(Pacer::default())
}

#[cfg(feature = "sentry-ureq")]
#[expect(clippy::unnecessary_wraps, reason = "fails without the feature")]
fn own_transport(debug: bool) -> Result<Paced, ConfigError> {
    let queue = Arc::new(transport::Queue::new(options::QUEUE.get()));
    Ok((Arc::new(transport::HttpTransportFactory { queue: Arc::clone(&queue), debug }), queue))
}

#[cfg(not(feature = "sentry-ureq"))]
fn own_transport(_debug: bool) -> Result<Paced, ConfigError> {
    Err(ConfigError::new(
        "nothing can carry envelopes to Sentry; switch on the feature `sentry-ureq` of \
         monitor-runtime, or give `SentryOptions` a transport",
    ))
}

/// How many places of a queue a transaction takes: memory goes with its spans.
const fn cost(spans: usize) -> usize {
    1 + spans / 50
}

/// Runs code that may call the program's hooks.
fn guarded<T>(f: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}
