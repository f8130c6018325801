//! The backend against a transport that keeps what it is given.

mod delivery;
mod events;
mod setup;
mod sink;
mod transactions;

use std::sync::{Arc, Mutex};

use sentry_core::protocol::{Envelope, Value};
use sentry_core::{Transport, TransportFactory, TransportOptions};

use super::{SentryBackend, SentryOptions};

/// Keeps envelopes as the types that the backend made.
#[derive(Default)]
struct Kept(Mutex<Vec<Envelope>>);

impl Kept {
    fn take(&self) -> Vec<Envelope> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// The only envelope: its headers, and the JSON of its only item.
    fn take_one(&self) -> (Value, Value) {
        let envelopes = self.take();
        assert_eq!(envelopes.len(), 1, "{envelopes:#?}");
        let mut bytes = Vec::new();
        envelopes[0].to_writer(&mut bytes).unwrap();
        let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
        assert_eq!(lines.len(), 4, "one item: headers, item header, payload, nothing");
        let json = |line| serde_json::from_slice(line).unwrap();
        (json(lines[0]), json(lines[2]))
    }
}

impl Transport for Kept {
    fn send_envelope(&self, envelope: Envelope) {
        self.0.lock().unwrap().push(envelope);
    }
}

/// `Arc<impl Transport>` is a factory already, but one that can't be told apart.
struct KeptFactory(Arc<Kept>);

impl TransportFactory for KeptFactory {
    fn create_transport_with_options(&self, _: TransportOptions) -> Arc<dyn Transport> {
        self.0.clone()
    }
}

fn options(transport: Arc<dyn TransportFactory>) -> SentryOptions {
    SentryOptions {
        release: Some("shop@1.2.3".to_owned()),
        environment: Some("test".to_owned()),
        server_name: Some("host".to_owned()),
        traces_sample_rate: 0.25,
        transport: Some(transport),
        ..SentryOptions::new("https://key@o7.ingest.sentry.io/42")
    }
}

fn backend() -> (SentryBackend, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let backend = SentryBackend::new(options(Arc::new(KeptFactory(kept.clone())))).unwrap();
    (backend, kept)
}
