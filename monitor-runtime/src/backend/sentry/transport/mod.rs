//! HTTP delivery by this crate.
//!
//! Sentry's own transports send no `Content-Type`, which some receivers insist on, drop the
//! envelope's headers, have no HTTP timeout, don't try again, and may hang for ever when they are
//! dropped.

mod failure;
#[cfg(feature = "gzip")]
mod gzip;
mod http;
mod keeper;
mod losses;
mod measurements;
mod payload;
mod queue;
mod rate_limits;
mod span_item;
mod spool;
mod stored;
mod worker;

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use sentry_core::client_report::Reason;
use sentry_core::{Envelope, Transport, TransportFactory, TransportOptions};

use self::http::Http;
use self::keeper::Keeper;
use self::losses::Losses;
use self::worker::Worker;
use super::pacer::Pace;
use super::tally::Tally;

pub(super) use self::payload::Form;
pub(super) use self::queue::Queue;
pub(super) use self::spool::Spool;

/// Makes the HTTP transport of one client.
pub(super) struct HttpTransportFactory {
    /// What the transport takes its envelopes from.
    pub(super) queue: Arc<Queue>,
    /// Where it counts what becomes of them.
    pub(super) tally: Arc<Tally>,
    /// Whether to write to stderr what becomes of each envelope.
    pub(super) debug: bool,
    /// How long a request may take.
    pub(super) timeout: Duration,
    /// Where to keep what can't be sent.
    pub(super) spool: Option<Arc<Spool>>,
    /// Where to send to, in place of the DSN's server: Spotlight.
    pub(super) spotlight: Option<String>,
    /// How transactions are written.
    pub(super) form: Form,
}

impl TransportFactory for HttpTransportFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        let losses = Losses::new(options.client_report_recorder.clone(), Arc::clone(&self.tally));
        let transport = HttpTransport {
            queue: Arc::clone(&self.queue),
            losses,
            options,
            debug: self.debug,
            timeout: self.timeout,
            spool: self.spool.clone(),
            spotlight: self.spotlight.clone(),
            form: self.form,
            process: AtomicU32::new(process::id()),
        };
        self.queue.set_keeper(transport.keeper());
        transport.start();
        Arc::new(transport)
    }
}

/// A bounded queue, and a thread that sends what is in it.
struct HttpTransport {
    queue: Arc<Queue>,
    losses: Losses,
    options: TransportOptions,
    debug: bool,
    timeout: Duration,
    spool: Option<Arc<Spool>>,
    spotlight: Option<String>,
    form: Form,
    /// The process that has the thread.
    process: AtomicU32,
}

impl HttpTransport {
    fn start(&self) {
        let http = Http::new(&self.options, self.timeout, self.spotlight.as_deref());
        let worker = Worker::new(Arc::clone(&self.queue), http, self.keeper(), self.debug);
        let thread = thread::Builder::new().name("monitor-sentry-http".to_owned());
        if thread.spawn(move || worker.run()).is_err() {
            // Nobody will ever send: refuse, and count, from the start.
            self.queue.close();
        }
    }

    fn keeper(&self) -> Keeper {
        Keeper::new(self.spool.clone(), self.form, self.losses.clone())
    }

    /// A forked child has no threads but the one that forked; and what waits in its copy of the
    /// queue is sent by the parent.
    fn follow_fork(&self) {
        let process = process::id();
        if self.process.swap(process, Ordering::Relaxed) != process {
            self.queue.reset();
            self.start();
        }
    }
}

impl Transport for HttpTransport {
    fn send_envelope(&self, envelope: Envelope) {
        self.follow_fork();
        if payload::is_empty(&envelope) {
            return;
        }
        if let Err(refused) = self.queue.push(envelope) {
            self.keeper().keep_or(&refused, |losses| {
                if self.queue.is_closed() {
                    losses.note(&*refused, "shutdown");
                } else {
                    losses.lose(&*refused, Reason::QueueOverflow);
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
impl Drop for HttpTransport {
    fn drop(&mut self) {
        self.queue.close();
    }
}
