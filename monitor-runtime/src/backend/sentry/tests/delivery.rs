use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sentry_core::protocol::{Envelope, Event};
use sentry_core::{Client, ClientOptions, Transport};
use serde_json::json;

use super::{Kept, KeptFactory, backend, options};
use crate::backend::sentry::{SentryBackend, fixture};
use crate::backend::{Backend, Loss};

/// A program's own client, with a hook.
fn client(
    kept: &Arc<Kept>,
    before_send: impl Fn(Event<'static>) -> Option<Event<'static>> + Send + Sync + 'static,
) -> Arc<Client> {
    let mut options = ClientOptions::new().dsn("https://key@host/1").release("their@1");
    options.transport = Some(Arc::new(KeptFactory(kept.clone())));
    options.before_send = Some(Arc::new(before_send));
    Arc::new(options.into())
}

#[test]
fn hooks_of_the_programs_client_run() {
    let kept = Arc::new(Kept::default());
    let client = client(&kept, |mut event| {
        event.tags.insert("seen".to_owned(), "yes".to_owned());
        Some(event)
    });
    SentryBackend::from_client(client).event(&Arc::new(fixture::event()));
    let (headers, payload) = kept.take_one();
    assert_eq!(payload["tags"]["seen"], "yes");
    assert_eq!(payload["release"], "their@1");
    assert_eq!(headers["trace"]["release"], "their@1");
}

#[test]
fn a_hook_that_panics_loses_one_event_and_that_is_counted() {
    let kept = Arc::new(Kept::default());
    let backend = SentryBackend::from_client(client(&kept, |_| panic!("in the hook")));
    backend.event(&Arc::new(fixture::event()));
    let (_, report) = kept.take_one();
    let expected = json!([{"reason": "before_send", "category": "error", "quantity": 1}]);
    assert_eq!(report["discarded_events"], expected);
    backend.transaction(&Arc::new(fixture::transaction(0)));
    assert_eq!(kept.take().len(), 1, "the backend lives on");
}

#[test]
fn the_programs_client_stays_open() {
    let kept = Arc::new(Kept::default());
    let client = client(&kept, Some);
    assert!(SentryBackend::from_client(client.clone()).shutdown(Duration::from_secs(60)));
    assert!(client.is_enabled());
    let (backend, _) = backend();
    assert!(backend.shutdown(Duration::from_secs(60)));
    assert!(!backend.client().is_enabled());
}

#[test]
fn losses_are_reported() {
    let (backend, kept) = backend();
    let loss = Loss { buffer_full: 2, over_span_limit: 3, queue_full: 4, ..Loss::default() };
    backend.lost(&loss);
    let (_, report) = kept.take_one();
    assert_eq!(
        report["discarded_events"],
        json!([
            {"reason": "buffer_overflow", "category": "span", "quantity": 5},
            {"reason": "queue_overflow", "category": "error", "quantity": 4},
        ])
    );
    backend.lost(&Loss {
        filtered_events: 1,
        filtered_transactions: 2,
        filtered_spans: 3,
        before_send: 4,
        before_send_transaction: 5,
        before_send_span: 6,
        ..Loss::default()
    });
    let (_, report) = kept.take_one();
    assert_eq!(
        report["discarded_events"],
        json!([
            {"reason": "event_processor", "category": "error", "quantity": 1},
            {"reason": "event_processor", "category": "transaction", "quantity": 2},
            {"reason": "event_processor", "category": "span", "quantity": 3},
            {"reason": "before_send", "category": "error", "quantity": 4},
            {"reason": "before_send", "category": "transaction", "quantity": 5},
            {"reason": "before_send", "category": "span", "quantity": 6},
        ])
    );
    backend.lost(&Loss { backend_panics: 1, before_breadcrumb: 1, ..Loss::default() });
    assert!(kept.take().is_empty());
}

/// As Sentry's own transports do while a server doesn't answer.
struct Hangs(Mutex<Receiver<()>>);

impl Transport for Hangs {
    fn send_envelope(&self, _: Envelope) {}

    fn flush(&self, _: Duration) -> bool {
        let _ = self.0.lock().unwrap().recv();
        false
    }
}

fn hanging() -> (SentryBackend, Sender<()>) {
    let (sender, receiver) = channel();
    let transport = Arc::new(Hangs(Mutex::new(receiver)));
    (SentryBackend::new(options(Arc::new(transport))).unwrap(), sender)
}

#[test]
fn a_transport_that_hangs_holds_nobody_up() {
    let (backend, _open) = hanging();
    let start = Instant::now();
    backend.event(&Arc::new(fixture::event()));
    assert!(!backend.flush(Duration::from_millis(30)));
    assert!(!backend.shutdown(Duration::from_millis(30)));
    drop(backend);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_transport_that_panics_does_not_take_the_collector_along() {
    struct Panics;
    impl Transport for Panics {
        fn send_envelope(&self, _: Envelope) {
            panic!("in the transport");
        }
    }
    let backend = SentryBackend::new(options(Arc::new(Arc::new(Panics)))).unwrap();
    backend.event(&Arc::new(fixture::event()));
    backend.transaction(&Arc::new(fixture::transaction(1)));
}
