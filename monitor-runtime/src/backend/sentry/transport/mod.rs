//! Delivery by this crate: over HTTP, or by a function of the program's.
//!
//! Sentry's own transports send no `Content-Type`, which some receivers insist on, drop the
//! envelope's headers, have no HTTP timeout, don't try again, and may hang for ever when they are
//! dropped.

mod carrier;
mod failure;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "sentry-ureq")]
mod http;
mod keeper;
mod losses;
mod measurements;
mod parcel;
mod payload;
mod queue;
mod rate_limits;
mod span_item;
mod spool;
mod stored;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use sentry_core::client_report::Reason;
use sentry_core::{Envelope, Transport, TransportFactory, TransportOptions};

use self::carrier::Carrier;
#[cfg(feature = "sentry-ureq")]
use self::http::Http;
use self::keeper::Keeper;
use self::losses::Losses;
use self::parcel::Parcel;
use self::worker::Worker;
use super::pacer::Pace;
use super::tally::Tally;
use crate::collect;

pub(super) use self::carrier::Sink;
pub(super) use self::measurements::measurements;
#[cfg(test)]
pub(super) use self::payload::write;
pub(super) use self::payload::{Form, SpanPayload, trace_data};
pub(super) use self::queue::Queue;
pub(super) use self::spool::Spool;

/// What carries the bytes of envelopes.
#[derive(Clone)]
pub(super) enum Carriage {
    /// HTTP, where a request may take so long, to the DSN's server or to Spotlight.
    #[cfg(feature = "sentry-ureq")]
    Http { timeout: Duration, spotlight: Option<String> },
    /// A function of the program's.
    Sink(Sink),
}

/// Makes the transport of one client.
pub(super) struct OwnTransportFactory {
    /// What the transport takes its envelopes from.
    pub(super) queue: Arc<Queue>,
    /// Where it counts what becomes of them.
    pub(super) tally: Arc<Tally>,
    /// Whether to write to stderr what becomes of each envelope.
    pub(super) debug: bool,
    /// What carries the bytes.
    pub(super) carriage: Carriage,
    /// Where to keep what can't be sent.
    pub(super) spool: Option<Arc<Spool>>,
    /// How transactions are written.
    pub(super) form: Form,
}

impl TransportFactory for OwnTransportFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        collect::watch_forks();
        let losses = Losses::new(options.client_report_recorder.clone(), Arc::clone(&self.tally));
        let transport = OwnTransport {
            queue: Arc::clone(&self.queue),
            losses,
            #[cfg(feature = "sentry-ureq")]
            options,
            debug: self.debug,
            carriage: self.carriage.clone(),
            spool: self.spool.clone(),
            form: self.form,
            forks: AtomicU32::new(collect::forks()),
        };
        self.queue.set_keeper(transport.keeper());
        transport.start();
        Arc::new(transport)
    }
}

/// A bounded queue, and a thread that sends what is in it.
struct OwnTransport {
    queue: Arc<Queue>,
    losses: Losses,
    #[cfg(feature = "sentry-ureq")]
    options: TransportOptions,
    debug: bool,
    carriage: Carriage,
    spool: Option<Arc<Spool>>,
    form: Form,
    /// The forks before the process that has the thread.
    forks: AtomicU32,
}

impl OwnTransport {
    fn start(&self) {
        let worker =
            Worker::new(Arc::clone(&self.queue), self.carrier(), self.keeper(), self.debug);
        let thread = thread::Builder::new().name("monitor-sentry-http".to_owned());
        if thread.spawn(move || worker.run()).is_err() {
            // Nobody will ever send: refuse, and count, from the start.
            self.queue.close();
        }
    }

    fn carrier(&self) -> Carrier {
        match &self.carriage {
            #[cfg(feature = "sentry-ureq")]
            Carriage::Http { timeout, spotlight } => {
                let http = Http::new(&self.options, *timeout, spotlight.as_deref());
                Carrier::Http(Box::new(http))
            }
            Carriage::Sink(sink) => Carrier::Sink(Arc::clone(sink)),
        }
    }

    fn keeper(&self) -> Keeper {
        Keeper::new(self.spool.clone(), self.form, self.losses.clone())
    }

    /// A forked child has no threads but the one that forked; and what waits in its copy of the
    /// queue is sent by the parent.
    fn follow_fork(&self) {
        let forks = collect::forks();
        if self.forks.load(Ordering::Relaxed) != forks
            && self.forks.swap(forks, Ordering::Relaxed) != forks
        {
            self.queue.reset();
            self.start();
        }
    }
}

impl Transport for OwnTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.follow_fork();
        if payload::is_empty(&envelope) {
            return;
        }
        if let Err(refused) = self.queue.push(envelope) {
            let refused: &Parcel = &refused;
            self.keeper().keep_or(refused, |losses| {
                if self.queue.is_closed() {
                    refused.note(losses, "shutdown");
                } else {
                    refused.lose(losses, Reason::QueueOverflow);
                }
            });
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.follow_fork();
        self.queue.wait_until_sent(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        let sent = self.flush(timeout);
        self.queue.give_up();
        sent
    }
}

/// Not joined: the thread may be waiting for an answer. It ends when that has come or is overdue.
impl Drop for OwnTransport {
    fn drop(&mut self) {
        self.queue.close();
    }
}
