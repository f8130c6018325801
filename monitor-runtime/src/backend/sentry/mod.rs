//! Sentry: events and transactions as envelopes.
//!
//! For a client or a transport of the program's, records become the types of the `sentry-types`
//! crate. So whatever carries them can count what it loses and limit rates by kind, and the client
//! attaches its reports of losses; raw bytes would take all of that away. What the types can't say
//! (`origin`, `transaction_info`, one form of timestamp) stands among the data, from where this
//! crate's own transport writes it out. See `transport/payload.rs`.
//!
//! For that transport, which has a queue of its own, events and transactions are written straight
//! from the records, which takes a tenth of the time. See `written/`.

mod bounded;
mod check_in;
mod convert;
mod event;
mod fit;
#[cfg(test)]
mod fixture;
mod gen_ai;
mod headers;
mod host;
mod host_name;
mod integration;
mod join;
mod losses;
mod metric;
mod options;
mod pacer;
mod scrubbed;
mod sdk;
mod session;
mod split;
mod tally;
mod transaction;
mod transport;
mod why;
mod written;

#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sentry_core::protocol::client_report::{Category, Item, Reason};
use sentry_core::protocol::{ClientReport, Envelope, EnvelopeHeaders, EnvelopeItem};
use sentry_core::{Client, ClientOptions, TransportFactory};

use self::bounded::within;
use self::losses::Unsampled;
use self::pacer::{Announced, Pace, Pacer};
use self::tally::{Tally, category_word, reason_word};
use self::transport::Form;
use self::written::{Writer, Written};
use super::{Backend, Delivery, Loss};
use crate::config::Config;
use crate::config_error::ConfigError;
use crate::propagation::Identity;
use crate::record::{CheckIn, Event, Metric, SessionAggregate, SessionUpdate, Transaction};
use crate::settings::Settings;

pub use self::integration::SentryIntegration;
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
    tally: Arc<Tally>,
    unsampled: Unsampled,
    name: &'static str,
    /// Whether closing needs time, to write down what isn't sent.
    keeps: bool,
    /// Whether older names of the keys of AI calls are sent, too.
    ai_older_keys: bool,
    /// Where the transport is ours.
    writer: Option<(Writer, Form)>,
}

/// The backend that a config with a DSN asks for.
///
/// A program that has called `sentry::init` keeps its client. Any other gets ours, also for what
/// it sends through Sentry's own functions.
pub(crate) fn from_config(
    config: &Config,
    settings: &Settings,
) -> Result<SentryBackend, ConfigError> {
    if let Some(client) = host::client(config.dsn.as_deref()) {
        return Ok(SentryBackend::from_client(client));
    }
    let backend = SentryBackend::new(SentryOptions::of(config, settings))?;
    host::bind(&backend.client);
    Ok(backend)
}

/// The backend for a program that has set up nothing but Sentry.
pub(crate) fn of_program() -> Option<SentryBackend> {
    host::client(None).map(SentryBackend::from_client)
}

/// Adds losses in Sentry's words.
pub(crate) fn add_losses(loss: &Loss, delivery: &mut Delivery) {
    for (category, reason, quantity) in losses::counts(loss) {
        delivery.add(category_word(category), reason_word(reason), quantity);
    }
    delivery.add("error", "shutdown", loss.ended_events);
    delivery.add("transaction", "shutdown", loss.ended_transactions);
    delivery.add("span", "shutdown", loss.ended_spans);
}

/// The backend that sends to Spotlight, as a developer sees it on the own machine.
#[cfg(feature = "sentry-ureq")]
pub(crate) fn spotlight(
    config: &Config,
    settings: &Settings,
) -> Result<SentryBackend, ConfigError> {
    // A client wants a DSN; Spotlight doesn't look at it.
    let dsn = "http://spotlight@localhost/0".to_owned();
    let options = SentryOptions {
        dsn,
        // It knows no others.
        ai_older_keys: true,
        spotlight: config.spotlight.clone(),
        offline_spool: None,
        ..SentryOptions::of(config, settings)
    };
    Ok(SentryBackend { name: "spotlight", ..SentryBackend::new(options)? })
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
    /// When the DSN can't be used, or nothing can carry envelopes: neither is there a transport or a
    /// sink among the options, nor is the feature `sentry-ureq` on.
    pub fn new(mut options: SentryOptions) -> Result<Self, ConfigError> {
        let given = options.transport.take();
        let keeps = options.offline_spool.is_some();
        let ai_older_keys = options.ai_older_keys;
        let form = options.form();
        let tally = Arc::default();
        let (ownership, (transport, pace)) = match given {
            Some(transport) => (Ownership::OwnClient, (transport, flushed())),
            None => (Ownership::Own, own_transport(&options, &tally)?),
        };
        let client = Arc::new(Client::with_options(options.into_client_options(transport)?));
        let is_own = ownership == Ownership::Own;
        let writer = is_own.then(|| (Writer::new(client.options()), form));
        Ok(Self { keeps, ai_older_keys, writer, ..Self::of(client, (ownership, pace), tally) })
    }

    /// A backend that sends through the program's own client, with its release, environment,
    /// hooks and transport.
    ///
    /// Its `before_send`, event processors and `sample_rate` apply to events. They never see
    /// transactions, and its `traces_sample_rate` isn't used: what arrives here is sampled. At the
    /// end the client is flushed, and closed only if the program doesn't hold it any more.
    ///
    /// What the program sends through Sentry's own functions joins our trace and scope: events
    /// where the client is bound to a hub, logs and metrics where it has the
    /// [`SentryIntegration`]. Roots below a span of Sentry's own go on with its trace.
    pub fn from_client(client: impl Into<Arc<Client>>) -> Self {
        let client = client.into();
        host::join_client(&client);
        Self::of(client, (Ownership::Foreign, flushed()), Arc::default())
    }

    fn of(client: Arc<Client>, transport: (Ownership, Arc<dyn Pace>), tally: Arc<Tally>) -> Self {
        let (ownership, pace) = transport;
        let unsampled = Unsampled::default();
        let (name, keeps, ai_older_keys, writer) = ("sentry", false, false, None);
        Self { client, ownership, pace, tally, unsampled, name, keeps, ai_older_keys, writer }
    }

    /// The client, to bind it to a hub for messages that the program sends through Sentry's own
    /// functions.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    fn options(&self) -> &ClientOptions {
        self.client.options()
    }

    /// Hands over an envelope of about so many bytes.
    fn send(&self, envelope: Envelope, bytes: usize) {
        let id = envelope.uuid().copied();
        let announced = Announced { id, cost: cost(bytes), written: None };
        self.pace.pace(announced, &|timeout| self.flush_client(timeout));
        if self.ownership == Ownership::Own && !self.client.is_enabled() {
            // It came too late: a client that is closed drops it without a word.
            return self.tally.note(&envelope, "shutdown");
        }
        // A transport is the program's choice; it may panic.
        let _ = guarded(|| self.client.send_envelope(envelope));
    }

    /// The same for one that is written. It needs no client, but for the reports of losses that one adds:
    /// where there are any its id goes by way of it.
    fn send_written(&self, written: Written) {
        let cost = cost(written.len());
        let written = match self.tally.has_reports(written.second()) {
            true => written,
            false => match self.pace.put(written, cost) {
                Ok(()) => return,
                Err(written) => written,
            },
        };
        if !self.client.is_enabled() {
            for (category, quantity) in written.contents() {
                self.tally.add(category_word(category), "shutdown", quantity);
            }
            return;
        }
        let id = written.id();
        let announced = Announced { id: Some(id), cost, written: Some(written) };
        self.pace.pace(announced, &|timeout| self.flush_client(timeout));
        let headers = EnvelopeHeaders::new().with_event_id(id);
        let _ = guarded(|| self.client.send_envelope(Envelope::new().with_headers(headers)));
    }

    fn flush_client(&self, timeout: Duration) -> bool {
        let client = Arc::clone(&self.client);
        within(timeout, move || client.flush(Some(timeout)))
    }

    fn close_client(&self, timeout: Duration) -> bool {
        let client = Arc::clone(&self.client);
        within(timeout, move || client.close(Some(timeout)))
    }

    fn report_losses(&self, loss: &Loss) {
        for (category, reason, quantity) in losses::counts(loss) {
            self.tally.add(category_word(category), reason_word(reason), quantity);
        }
        let items = losses::counts(loss);
        self.report(items.map(|(category, reason, n)| Item::new(category, reason, n)));
    }

    /// Reports losses that no envelope can stand for.
    fn report(&self, losses: impl IntoIterator<Item = Item>) {
        let losses: Vec<_> = losses.into_iter().collect();
        if !losses.is_empty() {
            self.send(envelope_of(ClientReport::new(losses)), 0);
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
        self.name
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        let writer = self.writer.as_ref();
        if let Some(parts) =
            writer.and_then(|(writer, form)| writer.transaction(transaction, *form))
        {
            return parts.for_each(|part| self.send_written(part));
        }
        for (mut part, bytes) in transaction::build(transaction, self.options()) {
            if self.ai_older_keys {
                gen_ai::add_older_names(&mut part);
            }
            let headers = headers::for_transaction(&part, transaction, self.options());
            let mut envelope = Envelope::new().with_headers(headers);
            envelope.add_item(part);
            self.send(envelope, bytes);
        }
    }

    /// `Client::capture_event` would leave out the dynamic sampling context. `prepare_event` runs
    /// the same processors, `before_send` and sampling, and counts what they drop; attachments and
    /// sessions, the rest of what `capture_event` does, belong to Sentry's scope, not to ours.
    ///
    /// A client of ours has no processors and no hooks, and so sees no event.
    fn event(&self, event: &Arc<Event>) {
        let writer = self.writer.as_ref();
        if let Some(written) = writer.and_then(|(writer, _)| writer.event(event)) {
            return self.send_written(written);
        }
        let built = event::build(event);
        match guarded(|| self.client.prepare_event(built, None)) {
            Some(Some(mut prepared)) => {
                // After the hooks: they may add.
                let bytes = fit::event(&mut prepared);
                let headers = headers::for_event(&prepared, event, self.options());
                let mut envelope = Envelope::new().with_headers(headers);
                envelope.add_item(prepared);
                self.send(envelope, bytes);
            }
            // The client has counted it.
            Some(None) => self.tally.add("error", "event_processor", 1),
            // A hook panicked. It may have been about to remove something: nothing is sent.
            None => {
                self.tally.add("error", "before_send", 1);
                self.report([Item::new(Category::Error, Reason::BeforeSend, 1)]);
            }
        }
    }

    /// Relay takes one container of metrics from each envelope.
    fn metrics(&self, metrics: &[Metric]) {
        let items = metric::build(metrics, self.options());
        for batch in items.chunks(metric::BATCH) {
            let headers = headers::for_metrics();
            let mut envelope = Envelope::new().with_headers(headers);
            envelope.add_item(batch.to_vec());
            self.send(envelope, cost(batch.len()));
        }
    }

    fn check_in(&self, check_in: &Arc<CheckIn>) {
        let headers = headers::for_check_in(check_in, self.options());
        let mut envelope = Envelope::new().with_headers(headers);
        envelope.add_item(check_in::build(check_in, self.options()));
        self.send(envelope, 1);
    }

    fn session(&self, session: &SessionUpdate) {
        if let Some(update) = session::update(session, self.options()) {
            self.send(envelope_of(update), 1);
        }
    }

    fn session_aggregates(&self, counted: &[SessionAggregate]) {
        for part in session::aggregates(counted, self.options()) {
            self.send(envelope_of(part), 1);
        }
    }

    fn lost(&self, loss: &Loss) {
        let unsampled = self.unsampled.add(loss.unsampled, !loss.is_empty());
        self.report_losses(&Loss { unsampled, ..*loss });
    }

    /// Only this crate's own transport tells what became of an envelope.
    fn delivery(&self) -> Option<Delivery> {
        (self.ownership == Ownership::Own && self.name == "sentry").then(|| self.tally.snapshot())
    }

    fn flush(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let unsampled = self.unsampled.add(0, true);
        self.report_losses(&Loss { unsampled, ..Loss::default() });
        self.send_pending_reports();
        let flushed = self.flush_client(timeout);
        // Delivering may have failed, which is a loss to report too.
        self.send_pending_reports();
        flushed && self.flush_client(deadline.saturating_duration_since(Instant::now()))
    }

    fn identity(&self) -> Option<Identity> {
        (self.name == "sentry").then(|| host::identity(&self.client))
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let flushed = self.flush(if self.keeps { timeout * 4 / 5 } else { timeout });
        if self.ownership == Ownership::Own && !flushed {
            // The client stays open, so that what still comes is refused, and counted.
            self.pace.give_up();
            host::unbind(&self.client);
            return false;
        }
        if self.ownership != Ownership::Foreign {
            host::unbind(&self.client);
        }
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

fn own_transport(options: &SentryOptions, tally: &Arc<Tally>) -> Result<Paced, ConfigError> {
    let queue = Arc::new(transport::Queue::new(options.transport_channel_capacity.get()));
    let factory = transport::OwnTransportFactory {
        queue: Arc::clone(&queue),
        tally: Arc::clone(tally),
        debug: options.debug,
        carriage: options.carriage()?,
        spool: options.open_spool()?,
        form: options.form(),
    };
    Ok((Arc::new(factory), queue))
}

/// How many places of a queue an envelope takes: memory goes with its bytes.
const fn cost(bytes: usize) -> usize {
    1 + bytes / BYTES_A_PLACE
}

/// Most envelopes have less: the thousand places of our queue are some 16 MB of JSON.
const BYTES_A_PLACE: usize = 16 * 1024;

/// Runs code that may call the program's hooks.
fn guarded<T>(f: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(f)).ok()
}
