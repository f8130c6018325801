//! The program has called `sentry::init` before: its client and its options are kept.

use std::sync::Arc;

use monitor_runtime::{SentryIntegration, capture_errors, current_trace_headers, traced};
use monitor_tests::{Ingest, Item};
use sentry_core::{Hub, Level, TransactionContext, configure_scope, start_transaction};
use serde_json::Value;

use crate::program::handle;
use crate::{DSN, PATIENCE, Theirs, client_of_theirs, config, turn};

fn trace(item: &Item) -> &Value {
    &item.payload["contexts"]["trace"]
}

#[traced]
#[capture_errors]
fn fail() -> Result<(), String> {
    Err("ours".to_owned())
}

#[test]
fn its_client_and_its_options_are_kept() {
    let theirs = Theirs::start(
        |options| {
            options.before_send(|mut event| {
                event.tags.insert("seen".to_owned(), "by their hook".to_owned());
                Some(event)
            })
        },
        |config| config.with_dsn(DSN),
    );
    let _ = fail();
    let (events, transactions) = (theirs.items("event"), theirs.items("transaction"));
    assert_eq!((events.len(), transactions.len()), (1, 1));
    assert_eq!(events[0].payload["tags"]["seen"], "by their hook");
    for item in [&events[0], &transactions[0]] {
        assert_eq!(item.payload["release"], "theirs@3.0.0");
        assert_eq!(item.payload["environment"], "theirs");
    }
    assert!(Arc::ptr_eq(&Hub::main().client().unwrap(), &theirs.client));
}

#[test]
fn it_is_found_without_a_dsn_of_ours() {
    let theirs = Theirs::start(|options| options, |config| config);
    let _ = fail();
    assert_eq!(theirs.items("transaction").len(), 1);
}

#[test]
fn with_another_dsn_it_is_left_alone() {
    let ingest = Ingest::start();
    let theirs = Theirs::start(|options| options, |config| config.with_dsn(ingest.dsn()));
    let _ = fail();
    assert!(theirs.is_empty());
    assert_eq!(ingest.items("transaction").len(), 1);
    assert!(Arc::ptr_eq(&Hub::main().client().unwrap(), &theirs.client));
}

#[test]
fn its_client_goes_on_after_our_end() {
    let mut theirs = Theirs::start(|options| options, |config| config.with_dsn(DSN));
    drop(theirs.guard.take());
    sentry_core::capture_message("afterwards", Level::Info);
    assert_eq!(theirs.items("event").len(), 1);
}

#[test]
fn its_events_join_and_join_once() {
    for with_integration in [false, true] {
        let add = |options: sentry_core::ClientOptions| match with_integration {
            true => options.add_integration(SentryIntegration::new()),
            false => options,
        };
        let theirs = Theirs::start(add, |config| config.with_dsn(DSN));
        handle();
        let (events, transactions) = (theirs.items("event"), theirs.items("transaction"));
        let event = &events[0];
        assert_eq!(trace(event)["trace_id"], trace(&transactions[0])["trace_id"]);
        assert_eq!(event.payload["user"]["id"], "42");
        assert_eq!(event.payload["breadcrumbs"]["values"].as_array().unwrap().len(), 1);
        // Logs have no other way to us.
        let log = &theirs.items("log")[0].payload["items"][0];
        assert_eq!(log["trace_id"] == trace(event)["trace_id"], with_integration);
    }
}

#[test]
fn what_their_scope_says_stays() {
    let theirs = Theirs::start(|options| options, |config| config.with_dsn(DSN));
    sentry_core::with_scope(
        |scope| {
            scope.set_tag("tenant", "theirs");
            let user = sentry_core::User { id: Some("7".to_owned()), ..Default::default() };
            scope.set_user(Some(user));
        },
        handle,
    );
    let event = &theirs.items("event")[0].payload;
    assert_eq!((&event["tags"]["tenant"], &event["user"]["id"]), (&"theirs".into(), &"7".into()));
    assert_eq!(event["contexts"]["cart"]["items"], 3);
}

/// As sentry-tower and sentry-tracing do it.
fn below_a_span_of_theirs(sampled: bool, run: impl FnOnce()) -> [String; 2] {
    let context = TransactionContext::builder("theirs", "http.server").with_sampled(Some(sampled));
    let transaction = start_transaction(context.finish());
    let span = transaction.start_child("http.server.handler", "theirs");
    configure_scope(|scope| scope.set_span(Some(span.clone().into())));
    run();
    let ids =
        [transaction.get_trace_context().trace_id.to_string(), span.get_span_id().to_string()];
    configure_scope(|scope| scope.set_span(None));
    span.finish();
    transaction.finish();
    ids
}

#[test]
fn its_spans_are_continued() {
    let traced = |options: sentry_core::ClientOptions| options.traces_sample_rate(1.0);
    let theirs = Theirs::start(traced, |config| config.with_dsn(DSN));
    let [trace_id, span_id] = below_a_span_of_theirs(true, handle);
    let transactions = theirs.items("transaction");
    assert_eq!(transactions.len(), 2);
    let ours = transactions.iter().find(|t| t.payload["transaction"] == "GET /orders").unwrap();
    assert_eq!(trace(ours)["trace_id"], trace_id);
    assert_eq!(trace(ours)["parent_span_id"], span_id);
    assert_eq!(trace(&theirs.items("event")[0])["trace_id"], trace_id);
    // Nothing of it stays.
    handle();
    let last = theirs.items("transaction").pop().unwrap();
    assert_ne!(trace(&last)["trace_id"], trace_id);
}

#[test]
fn what_it_does_not_sample_is_not_sampled() {
    let traced = |options: sentry_core::ClientOptions| options.traces_sample_rate(1.0);
    let theirs = Theirs::start(traced, |config| config.with_dsn(DSN));
    below_a_span_of_theirs(false, handle);
    assert!(theirs.items("transaction").is_empty());
    assert_eq!(theirs.items("event").len(), 1);
}

#[traced]
#[capture_errors(panics)]
fn panic_in_a_span() {
    panic!("in a span");
}

fn panics(capture: bool) -> Vec<Item> {
    let theirs = Theirs::start(
        |options| options.add_integration(sentry_panic::PanicIntegration::new()),
        |config| config.with_dsn(DSN).with_capture_panics(capture),
    );
    for panic in [panic_in_a_span as fn(), || panic!("outside")] {
        assert!(std::panic::catch_unwind(panic).is_err());
    }
    theirs.items("event")
}

#[test]
fn a_panic_is_one_event_with_both_hooks() {
    for capture in [true, false, true] {
        let events = panics(capture);
        assert_eq!(events.len(), 2, "{events:#?}");
        for name in ["in a span", "outside"] {
            let panic = |event: &Item| event.payload["exception"]["values"][0]["value"].clone();
            let of_name = |event: &&Item| panic(event).as_str().unwrap().starts_with(name);
            let event = events.iter().find(of_name).unwrap();
            let is_ours = event.payload["sdk"]["name"] == "sentry.rust.monitor";
            assert_eq!(is_ours, capture || name == "in a span", "{name}");
        }
    }
}

#[test]
fn headers_name_its_project() {
    #[traced]
    fn headers() -> String {
        current_trace_headers().get("baggage").unwrap().to_owned()
    }
    let _theirs = Theirs::start(|options| options, |config| config.with_dsn(DSN));
    let baggage = headers();
    for member in ["sentry-public_key=theirs", "sentry-org_id=9", "sentry-release=theirs%403.0.0"] {
        assert!(baggage.contains(member), "{baggage}");
    }
}

#[test]
fn the_self_test_knows_of_it() {
    let theirs = Theirs::start(|options| options, |config| config);
    let found = monitor_runtime::self_test(PATIENCE);
    assert!(found.is_fine(), "{found}");
    assert!(found.to_string().contains("ok   server: that of the program's own Sentry client"));
    assert_eq!(theirs.items("event")[0].payload["message"], "Test message");
}

/// A program may set up Sentry after us, too: it has two clients then.
#[test]
fn one_that_comes_later_joins_by_the_integration() {
    let _turn = turn();
    let ingest = Ingest::start();
    let guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    let (client, kept) =
        client_of_theirs(|options| options.add_integration(SentryIntegration::new()));
    Hub::current().bind_client(Some(Arc::clone(&client)));
    handle();
    assert!(monitor_runtime::flush(PATIENCE));
    // The client must not end in it: its hub is locked then.
    Hub::current().bind_client(None);
    drop((guard, client));
    let transactions = ingest.items("transaction");
    let event = &kept.items("event")[0];
    assert_eq!(trace(event)["trace_id"], trace(&transactions[0])["trace_id"]);
    assert_eq!(event.payload["user"]["id"], "42");
}
