//! Framing, headers and payloads.

use std::collections::{HashMap, HashSet};

use monitor_tests::Received;
use serde_json::{Value, json};

use crate::{Monitored, list, service};

fn trace(payload: &Value) -> &Value {
    &payload["contexts"]["trace"]
}

#[test]
fn requests_say_what_they_carry_and_for_whom() {
    let monitored = Monitored::start();
    service::handle(1).unwrap();
    for received in monitored.received() {
        let request = received.request;
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/api/42/envelope/"));
        assert_eq!(request.header("content-type"), Some("application/x-sentry-envelope"));
        let auth = request.header("x-sentry-auth").unwrap();
        assert!(auth.contains("sentry_key=key") && auth.contains("sentry_version=7"), "{auth}");
        assert!(request.header("user-agent").unwrap().starts_with("sentry.rust.monitor/"));
    }
}

#[test]
fn what_is_long_is_compressed() {
    let monitored = Monitored::start();
    service::many(100);
    service::fail().unwrap_err();
    for Received { request, .. } in monitored.received() {
        let is_long = request.body.len() >= 1024;
        assert_eq!(request.header("content-encoding"), is_long.then_some("gzip"));
        let sent: usize = request.header("content-length").unwrap().parse().unwrap();
        assert!(sent * if is_long { 2 } else { 1 } <= request.body.len(), "{sent}");
    }
}

#[test]
fn envelopes_say_when_they_were_sent_and_how_their_trace_was_sampled() {
    let monitored = Monitored::start();
    service::handle(13).unwrap_err();
    let received = monitored.received();
    assert_eq!(received.len(), 2, "an error and a transaction");
    for envelope in received.iter().map(|received| &received.envelope) {
        let headers = &envelope.headers;
        assert!(headers["sent_at"].as_str().unwrap().ends_with('Z'), "{headers}");
        assert_eq!(headers["sdk"]["name"], "sentry.rust.monitor");
        let (context, payload) = (&headers["trace"], &envelope.items[0].payload);
        assert_eq!(context["trace_id"], trace(payload)["trace_id"]);
        assert_eq!(context["public_key"], "key");
        assert_eq!(context["release"], "shop@1.4.0");
        assert_eq!(context["environment"], "test");
        assert_eq!(context["transaction"], "GET /orders");
        assert_eq!((&context["sample_rate"], &context["sampled"]), (&json!("1"), &json!("true")));
        let id = headers["event_id"].as_str().unwrap().replace('-', "");
        assert_eq!(payload["event_id"], id);
    }
    let transaction = received.iter().find(|r| r.envelope.items[0].kind() == "transaction");
    let context = &transaction.unwrap().envelope.headers["trace"];
    let rand: f64 = context["sample_rand"].as_str().unwrap().parse().unwrap();
    assert!((0.0..1.0).contains(&rand));
}

#[test]
fn outside_of_every_span_nothing_says_that_the_trace_is_sampled() {
    let monitored = Monitored::start();
    service::fail().unwrap_err();
    let received = monitored.received();
    let context = &received[0].envelope.headers["trace"];
    assert_eq!(context["trace_id"], trace(&received[0].envelope.items[0].payload)["trace_id"]);
    assert_eq!((&context["release"], &context["sampled"]), (&json!("shop@1.4.0"), &Value::Null));
}

#[test]
fn a_transaction_is_a_tree_inside_its_time() {
    let monitored = Monitored::start();
    service::handle(7).unwrap();
    let transaction = monitored.only("transaction");
    let root = trace(&transaction);
    assert_eq!(transaction["transaction"], "GET /orders");
    assert_eq!(transaction["transaction_info"]["source"], "route");
    assert_eq!(transaction["platform"], "native");
    assert_eq!(transaction["release"], "shop@1.4.0");
    assert_eq!(transaction["environment"], "test");
    assert_eq!(transaction["server_name"], "host-1");
    assert_eq!((&root["op"], &root["status"]), (&json!("http.server"), &json!("ok")));
    assert_eq!(root["origin"], "auto.monitor");
    assert_eq!(transaction["user"]["id"], "42");
    assert_eq!(transaction["tags"]["tenant"], "acme");
    assert_eq!(transaction["tags"]["correlation_id"], root["trace_id"]);

    let spans = list(&transaction["spans"]);
    let by_op: HashMap<_, _> = spans.iter().map(|s| (s["op"].as_str().unwrap(), s)).collect();
    let (price, load) = (by_op["function"], by_op["db.query"]);
    assert_eq!(price["parent_span_id"], root["span_id"]);
    assert_eq!(load["parent_span_id"], price["span_id"]);
    assert_eq!(price["description"], "price");
    assert_eq!(load["description"], "SELECT an order");
    assert_eq!(load["data"]["order"], 7);
    assert_eq!(load["data"]["code.function.name"], "load");
    assert_eq!(load["tags"]["parent_operation"], "function");
    assert_eq!(load["tags"]["correlation_id"], root["trace_id"]);
    assert!(spans.iter().all(|span| span["trace_id"] == root["trace_id"]));
    assert!(spans.iter().all(|span| span["origin"] == "auto.monitor" && span["status"] == "ok"));

    let time = |span: &Value, key: &str| span[key].as_f64().expect("seconds as a number");
    let inside = |inner: &Value, outer: &Value| {
        time(outer, "start_timestamp") <= time(inner, "start_timestamp")
            && time(inner, "start_timestamp") <= time(inner, "timestamp")
            && time(inner, "timestamp") <= time(outer, "timestamp")
    };
    assert!(inside(load, price) && inside(price, &transaction), "{transaction:#}");
}

#[test]
fn an_error_belongs_to_the_span_in_which_it_happened() {
    let monitored = Monitored::start();
    service::handle(13).unwrap_err();
    let (event, transaction) = (monitored.only("event"), monitored.only("transaction"));
    let spans = list(&transaction["spans"]);
    let load = spans.iter().find(|span| span["op"] == "db.query").unwrap();
    assert_eq!(trace(&event)["trace_id"], trace(&transaction)["trace_id"]);
    assert_eq!(trace(&event)["span_id"], load["span_id"]);
    assert_eq!(event["transaction"], "GET /orders");
    assert!(spans.iter().all(|span| span["status"] == "internal_error"));
    assert_eq!(trace(&transaction)["status"], "internal_error");
}

#[test]
fn an_error_carries_its_chain_its_path_and_the_scope() {
    let monitored = Monitored::start();
    service::handle(13).unwrap_err();
    let event = monitored.only("event");
    let chain = list(&event["exception"]["values"]);
    let types: Vec<_> = chain.iter().map(|e| e["value"].as_str().unwrap()).collect();
    assert_eq!(types, ["no answer from the database", "order 13 can't be loaded"]);
    let caught = &chain[1];
    assert_eq!(caught["type"], "OrderError");
    assert!(caught["module"].as_str().unwrap().ends_with("service"));
    assert_eq!(caught["mechanism"], json!({"type": "capture_errors", "handled": true}));
    let frames = list(&caught["stacktrace"]["frames"]);
    let functions: Vec<_> = frames.iter().map(|f| f["function"].as_str().unwrap()).collect();
    assert_eq!(functions.last(), Some(&"load"));
    assert_eq!(functions.len(), 3, "handle, price, load: {functions:?}");
    assert!(frames.iter().all(|f| f["filename"].as_str().unwrap().ends_with("service.rs")));

    assert_eq!(event["platform"], "native");
    assert_eq!(event["release"], "shop@1.4.0");
    assert_eq!(event["environment"], "test");
    assert_eq!(event["server_name"], "host-1");
    assert_eq!(event["user"], json!({"id": "42", "role": "Dispatcher"}));
    assert_eq!(event["tags"]["tenant"], "acme");
    assert_eq!(event["contexts"]["cart"]["items"], 3);
    let crumbs = list(&event["breadcrumbs"]["values"]);
    let crumb = crumbs.iter().find(|crumb| crumb["category"] == "auth").unwrap();
    assert_eq!(
        (&crumb["message"], &crumb["data"]["attempt"]),
        (&json!("token refreshed"), &json!(2))
    );
    assert!(crumb["timestamp"].is_f64() && event["timestamp"].is_f64());
}

#[test]
fn waiting_shows_as_idle_time() {
    let monitored = Monitored::start();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(service::wait()), 7);
    let transaction = monitored.only("transaction");
    let data = &trace(&transaction)["data"];
    let (busy, idle) = (data["monitor.busy_ms"].as_f64(), data["monitor.idle_ms"].as_f64());
    let start = transaction["start_timestamp"].as_f64().unwrap();
    let duration = (transaction["timestamp"].as_f64().unwrap() - start) * 1000.0;
    let sum = busy.unwrap() + idle.unwrap();
    assert!((sum - duration).abs() < 0.01, "{sum} {duration}");
    assert_eq!(transaction["transaction_info"]["source"], "task");
}

#[test]
fn no_span_of_a_big_transaction_is_lost() {
    let monitored = Monitored::start();
    service::many(2500);
    let parts = monitored.items("transaction");
    assert!(parts.len() >= 3, "{}", parts.len());
    let mut ids = HashSet::new();
    for part in &parts {
        let spans = list(&part.payload["spans"]);
        assert!(spans.len() <= 1000 && part.payload.to_string().len() < 450_000);
        ids.extend(spans.iter().map(|span| span["span_id"].as_str().unwrap()));
    }
    assert_eq!(ids.len(), 2500);
    let roots: Vec<_> = parts.iter().map(|part| trace(&part.payload)).collect();
    assert_eq!(
        roots.iter().map(|root| root["span_id"].as_str()).collect::<HashSet<_>>().len(),
        parts.len()
    );
    for root in &roots[1..] {
        assert_eq!(root["trace_id"], roots[0]["trace_id"]);
        assert_eq!(root["parent_span_id"], roots[0]["span_id"]);
        assert_eq!(root["op"], roots[0]["op"]);
    }
    assert!(monitored.items("client_report").is_empty());
}
