//! Anomalies and tiers as Sentry's ingestion takes them.

use std::time::Duration;

use monitor_runtime::{Baselines, testing, traced};
use serde_json::json;

use crate::Monitored;

#[traced(op = "http.server", name = "GET /slowed")]
fn slowed(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn an_anomaly_and_the_tiers_arrive() {
    // Each ten calls are a window: the clock isn't moved into a future that Sentry would refuse.
    let baselines = Baselines::new().with_window(Duration::ZERO);
    let monitored = Monitored::with(|config| config.with_baselines(baselines));
    (0..210).for_each(|number| slowed(20 + number % 10));
    (0..60).for_each(|_| slowed(200));

    let event = monitored.only("event");
    assert_eq!(event["message"], "Performance anomaly detected: GET /slowed");
    assert_eq!(event["level"], "warning");
    assert_eq!(event["tags"]["performance_tier"], "critical");
    let module = module_path!();
    assert_eq!(event["fingerprint"], json!(["performance-anomaly", module, "GET /slowed"]));
    let context = &event["contexts"]["performance_anomaly"];
    assert_eq!((&context["name"], &context["op"]), (&json!("GET /slowed"), &json!("http.server")));
    assert!(context["factor"].as_f64().unwrap() > 1.5, "{context}");
    assert!(context["p50_ms"].as_f64().unwrap() >= 195.0, "{context}");
    assert!(context["baseline_p50_ms"].as_f64().unwrap() >= 19.0, "{context}");
    assert_eq!(context["count"], 10);

    let transactions = monitored.items("transaction");
    let tiers: Vec<_> =
        transactions.iter().map(|item| &item.payload["tags"]["performance_tier"]).collect();
    assert!(tiers[0].is_null(), "nothing was known yet");
    assert!(tiers[269 - 20].is_string(), "{tiers:?}");
    // The event is one of the slowest call's trace, so that Sentry shows them together.
    let trace = &event["contexts"]["trace"]["trace_id"];
    let of_trace =
        |item: &&monitor_tests::Item| &item.payload["contexts"]["trace"]["trace_id"] == trace;
    assert_eq!(transactions.iter().filter(of_trace).count(), 1);
}
