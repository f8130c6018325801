//! HTTP delivery by this crate.
//!
//! Sentry's own transports send no `Content-Type`, which some receivers insist on, drop the
//! envelope's headers, have no HTTP timeout, and may hang for ever when they are dropped.

mod http;
mod payload;
mod queue;
mod rate_limits;
mod worker;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sentry_core::client_report::{Reason, Recorder};
use sentry_core::{Envelope, Transport, TransportFactory, TransportOptions};

use self::http::Http;
use self::worker::Worker;

pub(super) use self::queue::Queue;

/// Makes the HTTP transport of one client.
pub(super) struct HttpTransportFactory {
    /// What the transport takes its envelopes from.
    pub(super) queue: Arc<Queue>,
    /// Whether to write to stderr what becomes of each envelope.
    pub(super) debug: bool,
}

impl TransportFactory for HttpTransportFactory {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(HttpTransport::new(Arc::clone(&self.queue), &options, self.debug))
    }
}

/// A bounded queue, and a thread that sends what is in it.
struct HttpTransport {
    queue: Arc<Queue>,
    losses: Recorder,
}

impl HttpTransport {
    fn new(queue: Arc<Queue>, options: &TransportOptions, debug: bool) -> Self {
        let losses = options.client_report_recorder.clone();
        let worker = Worker::new(Arc::clone(&queue), Http::new(options), losses.clone(), debug);
        let thread = thread::Builder::new().name("monitor-sentry-http".to_owned());
        if thread.spawn(move || worker.run()).is_err() {
            // Nobody will ever send: refuse, and count, from the start.
            queue.close();
        }
        Self { queue, losses }
    }
}

impl Transport for HttpTransport {
    fn send_envelope(&self, envelope: Envelope) {
        if payload::is_empty(&envelope) {
            return;
        }
        if let Err(refused) = self.queue.push(envelope) {
            self.losses.record_lost_data(&*refused, Reason::QueueOverflow);
        }
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.queue.wait_until_sent(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        let sent = self.flush(timeout);
        self.queue.close();
        sent
    }
}

/// Not joined: the thread may be waiting for an answer. It ends when that has come or is overdue.
impl Drop for HttpTransport {
    fn drop(&mut self) {
        self.queue.close();
    }
}
