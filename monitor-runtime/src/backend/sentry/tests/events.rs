use std::sync::Arc;

use serde_json::json;

use super::backend;
use crate::backend::Backend;
use crate::backend::sentry::fixture;
use crate::record::{EventKind, Mechanism};

#[test]
fn an_error_says_all_that_is_known() {
    let (backend, kept) = backend();
    backend.event(&Arc::new(fixture::event()));
    let (headers, payload) = kept.take_one();

    assert_eq!(
        headers["trace"],
        json!({
            "trace_id": fixture::TRACE, "public_key": "key", "org_id": "7", "sample_rate": "0.25", "sample_rand": "0.125000",
            "sampled": "true", "release": "shop@1.2.3", "environment": "test", "transaction": "checkout",
        })
    );
    assert_eq!(headers["sdk"]["name"], "sentry.rust.monitor");

    assert_eq!(payload["event_id"], format!("{:032x}", 0xfeed));
    assert_eq!(payload["timestamp"], 1_700_000_000.123_456_7);
    assert_eq!(payload["platform"], "native");
    assert_eq!(payload["transaction"], "checkout");
    assert_eq!(payload["release"], "shop@1.2.3");
    assert_eq!(payload["environment"], "test");
    assert_eq!(payload["server_name"], "host");
    assert_eq!(payload["sdk"]["name"], "sentry.rust.monitor");
    assert_eq!(payload["user"]["ip_address"], "203.0.113.7");
    assert_eq!(payload["tags"], json!({"tenant": "other", "correlation_id": fixture::TRACE}));
    assert_eq!(payload["contexts"]["order"]["id"], 7);
    assert_eq!(payload["contexts"]["trace"]["trace_id"], fixture::TRACE);
    assert_eq!(payload["contexts"]["trace"]["span_id"], "0000000000000002");
    assert_eq!(payload["contexts"]["trace"]["op"], "db.query");
    let breadcrumb = &payload["breadcrumbs"]["values"][0];
    assert_eq!(
        (&breadcrumb["category"], &breadcrumb["data"]["attempt"]),
        (&json!("auth"), &json!(2))
    );
    assert!(breadcrumb["timestamp"].is_number());
}

#[test]
fn causes_come_first_and_the_call_path_belongs_to_what_was_caught() {
    let (backend, kept) = backend();
    backend.event(&Arc::new(fixture::event()));
    let (_, payload) = kept.take_one();
    let values = payload["exception"]["values"].as_array().unwrap();
    let types: Vec<_> = values.iter().map(|value| value["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["DbError", "OrderError"]);
    assert_eq!(values[1]["value"], "no order 7");
    assert_eq!(values[1]["module"], "shop::errors");
    assert_eq!(values[1]["mechanism"], json!({"type": "capture_errors", "handled": true}));
    assert_eq!(values[0]["mechanism"], json!({"type": "chained", "handled": true}));
    assert!(values[0].get("stacktrace").is_none());
    let frames = values[1]["stacktrace"]["frames"].as_array().unwrap();
    let frame = |function, line| {
        json!({
            "function": function, "module": "shop::orders", "filename": "src/orders.rs",
            "lineno": line, "in_app": true,
        })
    };
    assert_eq!(*frames, [frame("checkout", 10), frame("load", 20)]);
}

#[test]
fn a_panic_was_not_handled() {
    let (backend, kept) = backend();
    let mut event = fixture::event();
    event.kind = EventKind::Panic;
    event.mechanism = Mechanism::PANIC;
    backend.event(&Arc::new(event));
    let (_, payload) = kept.take_one();
    assert_eq!(payload["exception"]["values"][1]["mechanism"]["handled"], false);
}

#[test]
fn what_is_no_error_shows_its_call_path_as_a_thread() {
    let (backend, kept) = backend();
    let mut event = fixture::event();
    event.kind = EventKind::Slow;
    event.level = crate::record::Level::Warning;
    event.exceptions.clear();
    event.message = Some("load took 3 s".into());
    event.fingerprint = vec!["slow".into(), "load".into()];
    backend.event(&Arc::new(event));
    let (_, payload) = kept.take_one();
    assert_eq!(payload["message"], "load took 3 s");
    assert_eq!(payload["level"], "warning");
    assert_eq!(payload["fingerprint"], json!(["slow", "load"]));
    let frames = &payload["threads"]["values"][0]["stacktrace"]["frames"];
    assert_eq!(frames[1]["function"], "load");
    assert!(payload.get("exception").is_none());
}

#[test]
fn a_backtrace_stands_in_the_place_of_the_call_path() {
    let (backend, kept) = backend();
    let mut event = fixture::event();
    let text =
        "0: core::panicking::panic\n at /rustc/x/core.rs:1:2\n1: shop::load\n at src/db.rs:4:5";
    event.exceptions[0].frames = crate::record::parse_backtrace(text);
    backend.event(&Arc::new(event));
    let (_, payload) = kept.take_one();
    let frames = payload["exception"]["values"][1]["stacktrace"]["frames"].as_array().unwrap();
    let inner = json!({
        "function": "core::panicking::panic", "filename": "/rustc/x/core.rs", "lineno": 1,
        "in_app": false,
    });
    let outer =
        json!({"function": "shop::load", "filename": "src/db.rs", "lineno": 4, "in_app": true});
    assert_eq!(*frames, [outer, inner]);
}
