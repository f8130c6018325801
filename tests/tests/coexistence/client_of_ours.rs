//! The program has not set up Sentry: its calls go through our client.

use monitor_tests::{Ingest, Item};
use sentry_core::protocol::{
    Breadcrumb, Context, Event, Exception, Log, LogEntry, LogLevel, Map, Request, User,
};
use serde_json::{Value, json};

use crate::program::handle;
use crate::{PATIENCE, config, turn};

fn trace(item: &Item) -> &Value {
    &item.payload["contexts"]["trace"]
}

fn only(items: Vec<Item>) -> Item {
    assert_eq!(items.len(), 1, "{items:#?}");
    items.into_iter().next().unwrap()
}

#[test]
fn an_event_joins_the_trace_and_the_scope() {
    let _turn = turn();
    let ingest = Ingest::start();
    let _guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    handle();
    assert!(monitor_runtime::flush(PATIENCE));
    let event = only(ingest.items("event"));
    let transaction = only(ingest.items("transaction"));
    assert_eq!(event.payload["message"], "by sentry");
    assert_eq!(trace(&event)["trace_id"], trace(&transaction)["trace_id"]);
    assert_eq!(trace(&event)["span_id"], transaction.payload["spans"][0]["span_id"]);
    assert_eq!(event.payload["transaction"], "GET /orders");
    assert_eq!(event.payload["user"], json!({"id": "42"}));
    assert_eq!(event.payload["tags"]["tenant"], "acme");
    assert_eq!(event.payload["contexts"]["cart"]["items"], 3);
    assert_eq!(event.payload["breadcrumbs"]["values"][0]["message"], "token refreshed");
    assert_eq!(event.payload["release"], "shop@1.4.0");
}

#[test]
fn logs_and_metrics_join_the_trace() {
    let _turn = turn();
    let ingest = Ingest::start();
    let _guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    handle();
    assert!(monitor_runtime::flush(PATIENCE));
    let transaction = only(ingest.items("transaction"));
    let span = &transaction.payload["spans"][0];
    let log = only(ingest.items("log")).payload["items"][0].clone();
    assert_eq!((&log["trace_id"], &log["body"]), (&span["trace_id"], &json!("by sentry")));
    assert_eq!(log["attributes"]["sentry.trace.parent_span_id"]["value"], span["span_id"]);
    let metric = only(ingest.items("trace_metric")).payload["items"][0].clone();
    assert_eq!(metric["name"], "orders");
    assert_eq!((&metric["trace_id"], &metric["span_id"]), (&span["trace_id"], &span["span_id"]));
}

#[test]
fn what_may_not_leave_does_not_leave_this_way_either() {
    let _turn = turn();
    let ingest = Ingest::start();
    let _guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    monitor_runtime::with_scope(|| {
        monitor_runtime::set_tag("password", "hunter2");
        sentry_core::capture_message("outside of every span", sentry_core::Level::Info);
    });
    assert!(monitor_runtime::flush(PATIENCE));
    let event = only(ingest.items("event"));
    assert_eq!(event.payload["tags"]["password"], "[Filtered]");
    assert_eq!(event.payload["tags"]["correlation_id"], Value::Null, "there is no trace");
}

/// Also of what the program gives to Sentry's own functions.
#[test]
fn the_programs_own_events_and_logs_pass_the_scrubber() {
    let _turn = turn();
    let ingest = Ingest::start();
    let _guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    let secret = "login with password=hunter2";
    let map = || Map::from_iter([("api_key".to_owned(), secret.into())]);
    let tags = Map::from_iter([("passwd".to_owned(), "hunter2".to_owned())]);
    let user = User { email: Some("hunter2@example.org".into()), ..User::default() };
    let headers = Map::from_iter([("Authorization".to_owned(), "Digest hunter2".to_owned())]);
    let url = "https://ada:hunter2@example.org/?token=hunter2".parse().ok();
    let breadcrumb =
        Breadcrumb { message: Some(secret.into()), data: map(), ..Breadcrumb::default() };
    let exception =
        Exception { ty: "Error".into(), value: Some(secret.into()), ..Exception::default() };
    sentry_core::capture_event(Event {
        message: Some(secret.into()),
        logentry: Some(LogEntry { message: secret.into(), params: vec![secret.into()] }),
        transaction: Some(secret.into()),
        fingerprint: vec![secret.into()].into(),
        exception: vec![exception].into(),
        breadcrumbs: vec![breadcrumb].into(),
        tags,
        extra: map(),
        contexts: Map::from_iter([("login".to_owned(), Context::Other(map()))]),
        user: Some(user),
        request: Some(Request {
            url,
            headers,
            cookies: Some("a=hunter2; broken; b=hunter2=hunter2".into()),
            ..Request::default()
        }),
        ..Event::default()
    });
    let attributes = Map::from_iter([("token".to_owned(), "hunter2".into())]);
    let time = std::time::SystemTime::now();
    sentry_core::Hub::current().capture_log(Log {
        level: LogLevel::Info,
        body: secret.into(),
        trace_id: None,
        timestamp: time,
        severity_number: None,
        attributes,
    });
    sentry_core::metrics::counter("logins", 1).attribute("password", "hunter2").capture();
    assert!(monitor_runtime::flush(PATIENCE));
    let event = only(ingest.items("event")).payload;
    assert_eq!(event["message"], "login with password=[Filtered]");
    // As a URL can say it.
    assert_eq!(event["request"]["url"], "https://%5BFiltered%5D@example.org/?token=[Filtered]");
    assert_eq!(event["request"]["cookies"], "a=[Filtered]; b=[Filtered]");
    let sent = format!("{event} {:?} {:?}", ingest.items("log"), ingest.items("trace_metric"));
    assert!(!sent.contains("hunter2"), "{sent}");
    assert_eq!(sent.matches("[Filtered]").count(), 18, "{sent}");
}

#[test]
fn after_the_end_sentry_has_no_client() {
    let _turn = turn();
    let ingest = Ingest::start();
    let guard = monitor_runtime::init(config().with_dsn(ingest.dsn())).unwrap();
    assert!(sentry_core::Hub::main().client().is_some());
    drop(guard);
    assert!(sentry_core::Hub::main().client().is_none());
}
