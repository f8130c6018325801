//! A transport for Sentry's client that serialises envelopes on a thread of its own, as those that
//! send do, and drops the bytes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sentry_core::protocol::EnvelopeItem;
use sentry_core::{ClientOptions, Envelope, Transport, TransportFactory, TransportOptions};

static SPANS: AtomicU64 = AtomicU64::new(0);

/// Spans below the roots of all transactions so far.
pub fn spans() -> u64 {
    SPANS.load(Ordering::Relaxed)
}

enum Message {
    Envelope(Envelope),
    Flush(Sender<()>),
}

/// The transport, and what makes it.
pub struct Dropping(Mutex<Sender<Message>>);

/// Options of a client that sends through it.
pub fn options() -> ClientOptions {
    let mut options = ClientOptions::default();
    options.dsn = Some(DSN.parse().expect("a DSN"));
    options.transport = Some(Arc::new(Factory));
    options
}

pub const DSN: &str = "http://key@localhost/1";

pub struct Factory;

impl TransportFactory for Factory {
    fn create_transport_with_options(&self, _options: TransportOptions) -> Arc<dyn Transport> {
        let (send, receive) = channel();
        std::thread::spawn(move || serialise(&receive));
        Arc::new(Dropping(Mutex::new(send)))
    }
}

fn serialise(messages: &Receiver<Message>) {
    let mut bytes = Vec::new();
    for message in messages {
        match message {
            Message::Envelope(envelope) => {
                bytes.clear();
                envelope.to_writer(&mut bytes).expect("a vector takes all");
                let spans = envelope.items().map(|item| match item {
                    EnvelopeItem::Transaction(transaction) => transaction.spans.len() as u64,
                    _ => 0,
                });
                SPANS.fetch_add(spans.sum(), Ordering::Relaxed);
            }
            Message::Flush(done) => drop(done.send(())),
        }
    }
}

impl Dropping {
    fn send(&self, message: Message) {
        let _ = self.0.lock().expect("no panic").send(message);
    }
}

impl Transport for Dropping {
    fn send_envelope(&self, envelope: Envelope) {
        self.send(Message::Envelope(envelope));
    }

    fn flush(&self, timeout: Duration) -> bool {
        let (done, wait) = channel();
        self.send(Message::Flush(done));
        wait.recv_timeout(timeout).is_ok()
    }
}
