//! Metrics as Sentry's ingestion takes them.

use std::time::Duration;

use monitor_runtime::{count, distribution, gauge, timing};
use serde_json::{Value, json};

use crate::{Monitored, list, service};

fn items(monitored: &Monitored) -> Vec<Value> {
    let containers = monitored.items("trace_metric");
    containers.iter().flat_map(|container| list(&container.payload["items"]).to_vec()).collect()
}

fn named<'a>(items: &'a [Value], name: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item["name"] == name).collect()
}

#[test]
fn each_kind_is_an_item_with_its_attributes() {
    let monitored = Monitored::with(|config| config.with_metrics(true));
    for _ in 0..3 {
        count!("orders.placed", plan = "pro", retry = false, attempt = 2);
    }
    gauge!("cache.size", 512, unit: "byte");
    timing!("chat.response", Duration::from_millis(120));
    let items = items(&monitored);
    let counter = named(&items, "orders.placed")[0];
    assert_eq!((&counter["type"], &counter["value"]), (&json!("counter"), &json!(3.0)));
    let attributes = &counter["attributes"];
    assert_eq!(attributes["plan"], json!({"type": "string", "value": "pro"}));
    assert_eq!(attributes["retry"], json!({"type": "boolean", "value": false}));
    assert_eq!(attributes["attempt"], json!({"type": "integer", "value": 2}));
    for (key, value) in [
        ("sentry.environment", "test"),
        ("sentry.release", "shop@1.4.0"),
        ("server.address", "host-1"),
        ("sentry.sdk.name", "sentry.rust.monitor"),
    ] {
        assert_eq!(attributes[key]["value"], value, "{key}");
    }
    assert!(counter["timestamp"].as_f64().unwrap() > 1.7e9);
    let gauge = named(&items, "cache.size")[0];
    assert_eq!(
        (&gauge["type"], &gauge["unit"], &gauge["value"]),
        (&json!("gauge"), &json!("byte"), &json!(512.0))
    );
    let timing = named(&items, "chat.response")[0];
    assert_eq!((&timing["type"], &timing["unit"]), (&json!("distribution"), &json!("millisecond")));
    assert_eq!(timing["value"], 120.0);
    assert!(timing["attributes"].get("sentry.client_sample_rate").is_none());
    assert_eq!(items.len(), 3, "one batch");
}

/// Sentry weighs an item by the inverse of its rate.
fn weight(item: &Value) -> f64 {
    item["attributes"]["sentry.client_sample_rate"]["value"].as_f64().map_or(1.0, f64::recip)
}

#[test]
fn a_distribution_keeps_count_sum_and_quantiles_in_few_items() {
    let monitored = Monitored::with(|config| config.with_metrics(true));
    for value in 1..=100_000 {
        distribution!("cart.value", value);
    }
    let items = items(&monitored);
    assert!(items.len() <= 64, "{}", items.len());
    let total: f64 = items.iter().map(weight).sum();
    assert!((total - 100_000.0).abs() < 1e-3, "{total}");
    let sum: f64 = items.iter().map(|item| weight(item) * item["value"].as_f64().unwrap()).sum();
    assert!((sum - 5_000_050_000.0).abs() < 1.0, "{sum}");
    let mut weighed: Vec<_> =
        items.iter().map(|item| (item["value"].as_f64().unwrap(), weight(item))).collect();
    weighed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    for share in [0.5, 0.95, 0.99] {
        let mut seen = 0.0;
        let quantile = weighed.iter().find(|(_, weight)| {
            seen += weight;
            seen >= share * total
        });
        let (found, exact) = (quantile.unwrap().0, share * 100_000.0);
        assert!((found - exact).abs() < 0.03 * exact, "{share}: {found}");
    }
}

#[test]
fn what_is_many_is_sent_in_parts_and_the_last_minute_at_the_end() {
    let mut monitored =
        Monitored::with(|config| config.with_metrics(true).with_max_attribute_sets(3000));
    for number in 0..2500_u64 {
        count!("by.number", number = number);
    }
    drop(monitored.guard.take());
    let containers = monitored.ingest.items("trace_metric");
    let counts: Vec<_> =
        containers.iter().map(|item| item.headers["item_count"].as_u64().unwrap()).collect();
    assert_eq!(counts, [1000, 1000, 500]);
    for received in monitored.ingest.received() {
        let items = &received.envelope.items;
        let metrics = items.iter().filter(|item| item.kind() == "trace_metric").count();
        assert!(metrics <= 1, "Relay takes one container from an envelope");
    }
}

#[test]
fn calls_and_errors_are_counted_without_a_word() {
    let monitored = Monitored::with(|config| config.with_metrics(true));
    service::handle(13).unwrap_err();
    let items = items(&monitored);
    let errors = named(&items, "errors.total");
    assert_eq!((errors.len(), &errors[0]["value"]), (1, &json!(1.0)));
    assert!(errors[0]["attributes"]["error_type"]["value"].is_string());
    assert_eq!(named(&items, "errors.rate")[0]["value"], 1.0);
    let delivered = monitor_runtime::delivery().delivered("trace_metric");
    assert_eq!(delivered, items.len() as u64);
}
