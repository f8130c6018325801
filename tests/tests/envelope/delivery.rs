//! Servers that are slow, full, broken or silent.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use monitor_runtime::{SentryBackend, SentryOptions};
use monitor_tests::Reply;
use serde_json::json;

use crate::{Monitored, PATIENCE, list, service};

/// More than the limits a minute allow.
fn unlimited() -> Monitored {
    Monitored::with(|config| {
        config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX)
    })
}

#[test]
fn a_burst_of_errors_arrives_whole() {
    let monitored = unlimited();
    for _ in 0..200 {
        service::fail().unwrap_err();
    }
    assert_eq!(monitored.items("event").len(), 200);
    assert!(monitored.items("client_report").is_empty());
}

#[test]
fn a_burst_that_no_queue_holds_waits_for_room() {
    let monitored = unlimited();
    for _ in 0..2500 {
        service::fail().unwrap_err();
    }
    assert_eq!(monitored.items("event").len(), 2500);
    assert!(monitored.items("client_report").is_empty());
}

#[test]
fn a_server_that_never_answers_does_not_hold_the_end_up() {
    let mut monitored = Monitored::with(|c| c.with_shutdown_timeout(Duration::from_millis(300)));
    monitored.ingest.reply(Reply::Hang);
    service::handle(13).unwrap_err();
    service::fail().unwrap_err();
    let start = Instant::now();
    drop(monitored.guard.take());
    // The request itself is given up after 15 s; the rest is for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn the_end_delivers_what_is_left() {
    let mut monitored = Monitored::with(|config| config.with_shutdown_timeout(PATIENCE));
    service::handle(13).unwrap_err();
    drop(monitored.guard.take());
    assert_eq!(monitored.ingest.items("event").len(), 1);
    assert_eq!(monitored.ingest.items("transaction").len(), 1);
}

#[test]
fn limits_of_one_kind_stop_that_kind_and_are_counted() {
    let monitored = Monitored::start();
    let limits = "60:error:organization:quota, 60:attachment:key";
    monitored.ingest.reply(Reply::with_header(429, "X-Sentry-Rate-Limits", limits));
    service::fail().unwrap_err();
    assert_eq!(monitored.items("event").len(), 1);

    monitored.ingest.reply(Reply::OK);
    service::fail().unwrap_err();
    service::handle(1).unwrap();
    assert_eq!(monitored.items("event").len(), 1, "held back");
    assert_eq!(monitored.items("transaction").len(), 1);
    let report = monitored.only("client_report");
    let expected = json!({"reason": "ratelimit_backoff", "category": "error", "quantity": 1});
    assert_eq!(list(&report["discarded_events"]), [expected]);
}

#[test]
fn retry_after_stops_everything() {
    let monitored = Monitored::start();
    monitored.ingest.reply(Reply::with_header(429, "Retry-After", "60"));
    service::fail().unwrap_err();
    assert_eq!(monitored.received().len(), 1);
    service::fail().unwrap_err();
    service::handle(1).unwrap();
    assert_eq!(monitored.received().len(), 1);
}

#[test]
fn what_a_broken_server_refuses_is_counted() {
    let monitored = Monitored::start();
    monitored.ingest.reply(Reply::Status(500, Vec::new()));
    service::handle(1).unwrap();
    assert!(monitor_runtime::flush(PATIENCE));
    monitored.ingest.reply(Reply::OK);
    let reports = monitored.items("client_report");
    let counts = reports.iter().flat_map(|report| list(&report.payload["discarded_events"]));
    let counts: Vec<_> = counts.collect();
    assert!(
        counts
            .contains(&&json!({"reason": "send_error", "category": "transaction", "quantity": 1}))
    );
    assert!(counts.contains(&&json!({"reason": "send_error", "category": "span", "quantity": 3})));
}

#[test]
fn a_connection_that_was_closed_is_opened_again() {
    let monitored = Monitored::start();
    monitored.ingest.reply(Reply::CloseOnce);
    service::fail().unwrap_err();
    assert_eq!(monitored.items("event").len(), 2, "the second attempt too");
    assert!(monitored.items("client_report").is_empty());
}

/// The first request isn't answered, so that there is something to wait for.
#[test]
fn an_executor_goes_on_while_it_is_delivered() {
    let monitored = Monitored::configured(|config, ingest| {
        let mut options = SentryOptions::new(ingest.dsn());
        options.http_timeout = Duration::from_millis(200);
        config.with_backend(SentryBackend::new(options).expect("valid options"))
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for end in [false, true] {
        monitored.ingest.script([Reply::Hang]);
        service::fail().unwrap_err();
        let has_run = Cell::new(false);
        let deliver = async {
            let delivered = match end {
                false => monitor_runtime::flush_async(PATIENCE).await,
                true => monitor_runtime::shutdown(PATIENCE).await,
            };
            assert!(delivered && has_run.get(), "another task ran meanwhile");
        };
        let other = async { has_run.set(true) };
        runtime.block_on(async { tokio::join!(deliver, other) });
    }
    assert_eq!(monitored.ingest.taken().len(), 2);
}

/// What is left is counted while the next monitoring may have begun.
#[test]
fn a_new_beginning_after_a_bad_end_loses_nothing() {
    for _ in 0..20 {
        let timeout = Duration::from_millis(5);
        let hanging = Monitored::configured(|config, ingest| {
            let mut options = SentryOptions::new(ingest.dsn());
            options.transport_channel_capacity = NonZeroUsize::MIN;
            let backend = SentryBackend::new(options).expect("valid options");
            config.with_backend(backend).with_shutdown_timeout(timeout)
        });
        hanging.ingest.reply(Reply::Hang);
        for order in 0..50 {
            service::handle(order).ok();
        }
        drop(hanging);
        let monitored = Monitored::start();
        service::fail().unwrap_err();
        service::handle(1).unwrap();
        assert_eq!(monitored.items("event").len(), 1);
        assert_eq!(monitored.items("transaction").len(), 1);
    }
}
