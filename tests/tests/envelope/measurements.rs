//! Numbers with a unit, of transactions and of spans.

use monitor_runtime::{current_span, traced};
use serde_json::json;

use crate::{Monitored, list};

#[traced(op = "queue.process")]
fn consume() {
    current_span().set_measurement("queue.wait", 99.0, "second");
    current_span().set_measurement("queue.wait", 12.5, "millisecond");
    current_span().set_measurement("broken", f64::NAN, "");
    decode();
}

#[traced(op = "function")]
fn decode() {
    current_span().set_measurement("größe/roh", 2048.0, "byte");
    current_span().set_measurement("parts", 3.0, "");
}

#[test]
fn they_stand_where_sentry_looks_for_them() {
    let monitored = Monitored::start();
    consume();
    let transaction = monitored.only("transaction");
    let measured = json!({"queue.wait": {"value": 12.5, "unit": "millisecond"}});
    assert_eq!(transaction["measurements"], measured);
    assert_eq!(
        list(&transaction["spans"])[0]["measurements"],
        json!({
            "gr__e_roh": {"value": 2048.0, "unit": "byte"},
            "parts": {"value": 3.0, "unit": "none"},
        })
    );
}

#[test]
fn spans_that_stand_for_themselves_have_them_as_values() {
    let monitored = Monitored::with(|config| config.with_span_streaming(true));
    consume();
    let items = monitored.items("span");
    let root = &list(&items[0].payload["items"])[0];
    let attributes = &root["attributes"];
    assert_eq!(attributes["queue.wait"], json!({"type": "double", "value": 12.5}));
    assert_eq!(attributes["queue.wait.unit"]["value"], "millisecond");
}
