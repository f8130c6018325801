//! What programs may set although Sentry doesn't take it: it arrives in a form that Sentry takes.
//!
//! `tests/relay/run` gives what is sent here to Sentry's own code.

use monitor_runtime::{Breadcrumb, User, traced};
use serde_json::{Value, json};

use crate::service::{self, OrderError};
use crate::{Monitored, list};

const LONG: usize = 100_000;

#[traced(op = "task")]
fn hostile(order: u64) -> Result<u64, OrderError> {
    let long = "ü\u{1}".repeat(LONG);
    monitor_runtime::set_user(
        User::new(&long).with_email(&long).with("name", 5).with_ip_address("nowhere"),
    );
    for (key, value) in [("", "empty"), ("empty", ""), ("umläut/key", "two\nlines"), ("nul", "\0")]
    {
        monitor_runtime::set_tag(key, value);
    }
    monitor_runtime::set_tag("long", &long);
    monitor_runtime::set_correlation_id(&long);
    let numbers = [("nan", f64::NAN), ("infinity", f64::INFINITY), ("tiny", f64::MIN_POSITIVE)];
    monitor_runtime::set_context("numbers", numbers);
    monitor_runtime::set_context("wide", (0..100_000u32).map(|key| (key.to_string(), "value")));
    monitor_runtime::set_context("long", [("text", long.clone())]);
    for _ in 0..100 {
        monitor_runtime::add_breadcrumb(Breadcrumb::new("a\nb", long.clone()).with("x", f64::NAN));
    }
    let span = monitor_runtime::current_span();
    for number in 0..300 {
        span.set(&format!("key {number}"), &long);
    }
    service::load(order)
}

#[test]
fn hostile_values_arrive_in_a_form_that_sentry_takes() {
    let monitored = Monitored::start();
    hostile(13).unwrap_err();
    let (event, transaction) = (monitored.only("event"), monitored.only("transaction"));
    for payload in [&event, &transaction] {
        let tags = &payload["tags"];
        assert_eq!(tags["uml_ut_key"], "two lines");
        assert_eq!((tags.get(""), tags.get("empty")), (None, None));
        assert!(tags["long"].as_str().unwrap().chars().count() <= 200);
        assert!(tags["correlation_id"].as_str().unwrap().ends_with("..."));
        assert_eq!(payload["user"]["name"], "5");
        assert_eq!(payload["user"].get("ip_address"), None);
        assert!(payload.to_string().len() < 1_048_576, "{}", payload.to_string().len());
    }
    assert_eq!(event["tags"]["monitor.cut"], "too large");
    let errors: Vec<_> = list(&event["exception"]["values"]).iter().map(|e| &e["type"]).collect();
    assert_eq!(errors, [&json!("Timeout"), &json!("OrderError")]);
    assert_eq!(transaction["contexts"]["trace"]["data"]["monitor.cut"], json!(true));
    assert_eq!(list(&transaction["spans"]).len(), 1);
}

/// Relay loses an event with 200 levels.
#[test]
fn what_is_nested_too_deep_becomes_text() {
    let monitored = Monitored::start();
    let deep = (0..500).fold(monitor_runtime::Value::from(7), |inner, _| vec![inner].into());
    let _scope = monitor_runtime::push_scope();
    monitor_runtime::set_context("deep", [("value", deep)]);
    service::fail().unwrap_err();
    let event = monitored.only("event");
    let (mut value, mut depth) = (&event["contexts"]["deep"]["value"], 0);
    while let Value::Array(values) = value {
        (value, depth) = (&values[0], depth + 1);
    }
    assert!(value.is_string() && depth < 10, "{depth}: {value}");
}

#[traced(op = "task")]
fn named(long: &str) {
    monitor_runtime::current_span().set_name(long);
}

/// 2^64 - 1 and the like stay whole numbers; a name is cut at a character.
#[test]
fn numbers_stay_numbers_and_names_are_cut() {
    let monitored = Monitored::start();
    let numbers = [("most", u64::MAX), ("over", (1 << 53) + 1)];
    let _scope = monitor_runtime::push_scope();
    monitor_runtime::set_context("numbers", numbers);
    named(&"ü".repeat(300));
    let transaction = monitored.only("transaction");
    let numbers: &Value = &transaction["contexts"]["numbers"];
    assert_eq!((&numbers["most"], &numbers["over"]), (&json!(u64::MAX), &json!((1u64 << 53) + 1)));
    let name = transaction["transaction"].as_str().unwrap();
    assert_eq!(name.chars().count(), 200);
}
