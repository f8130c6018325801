//! What a program's own function gets.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sentry_core::protocol::Value;
use serde_json::json;

use crate::backend::Backend;
use crate::backend::sentry::{SentryBackend, SentryOptions, fixture};

const LONG: Duration = Duration::from_secs(60);

/// The lines of all envelopes that were taken.
type Taken = Arc<Mutex<Vec<Vec<Value>>>>;

/// A backend whose sink fails so many times first.
fn backend(failures: usize) -> (SentryBackend, Taken) {
    let (taken, calls) = (Taken::default(), AtomicUsize::new(0));
    let kept = Arc::clone(&taken);
    let options = SentryOptions::new("https://key@example.org/1").with_sink(move |envelope| {
        if calls.fetch_add(1, Ordering::Relaxed) < failures {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let lines = envelope.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        kept.lock().unwrap().push(lines);
        Ok(())
    });
    (SentryBackend::new(options).unwrap(), taken)
}

#[test]
fn a_sink_gets_each_envelope_and_what_it_takes_is_delivered() {
    let (backend, taken) = backend(1);
    backend.transaction(&Arc::new(fixture::transaction(2)));
    backend.event(&Arc::new(fixture::event()));
    assert!(backend.flush(LONG));
    let taken = taken.lock().unwrap();
    let kinds: Vec<_> = taken.iter().map(|lines| &lines[1]["type"]).collect();
    assert_eq!(kinds, ["transaction", "event"]);
    assert_eq!(taken[0][2]["spans"].as_array().unwrap().len(), 2);
    let delivery = backend.delivery().unwrap();
    let delivered = ["transaction", "span", "error"].map(|category| delivery.delivered(category));
    assert_eq!((delivered, delivery.losses().count()), ([1, 3, 1], 0));
}

#[test]
fn what_a_sink_never_takes_is_lost_and_reported() {
    let (backend, taken) = backend(4);
    backend.transaction(&Arc::new(fixture::transaction(2)));
    backend.event(&Arc::new(fixture::event()));
    assert!(backend.flush(LONG));
    backend.event(&Arc::new(fixture::event()));
    assert!(backend.flush(LONG));
    let lost: Vec<_> = backend.delivery().unwrap().losses().collect();
    assert_eq!(lost, [("span", "network_error", 3), ("transaction", "network_error", 1)]);
    let taken = taken.lock().unwrap();
    let reports = taken.iter().flat_map(|lines| lines.iter().skip(1).collect::<Vec<_>>());
    let reports: Vec<_> = reports.filter_map(|line| line.get("discarded_events")).collect();
    let item = |category, quantity| json!({"reason": "network_error", "category": category, "quantity": quantity});
    let [report] = reports[..] else { panic!("{taken:#?}") };
    let mut items = report.as_array().unwrap().clone();
    items.sort_by_key(|item| item["category"].as_str().map(str::to_owned));
    assert_eq!(items, [item("span", 3), item("transaction", 1)]);
}
