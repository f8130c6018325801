//! Spans that stand for themselves.

use serde_json::{Value, json};

use crate::{Monitored, list, service};

fn attribute<'a>(span: &'a Value, key: &str) -> &'a Value {
    &span["attributes"][key]
}

#[test]
fn spans_stand_for_themselves() {
    let monitored = Monitored::with(|config| config.with_span_streaming(true));
    service::handle(7).unwrap();
    let mut items = monitored.items("span");
    assert_eq!(items.len(), 1);
    assert!(monitored.items("transaction").is_empty());
    let item = items.remove(0);
    assert_eq!(item.headers["item_count"], 3);
    assert_eq!(item.headers["content_type"], "application/vnd.sentry.items.span.v2+json");
    let [root, price, load] = list(&item.payload["items"]) else { panic!("{:#}", item.payload) };
    assert_eq!((&root["is_segment"], &root["name"]), (&json!(true), &json!("GET /orders")));
    assert_eq!((&price["is_segment"], &load["is_segment"]), (&json!(false), &json!(false)));
    assert_eq!(price["parent_span_id"], root["span_id"]);
    assert_eq!(load["parent_span_id"], price["span_id"]);
    assert_eq!(attribute(root, "sentry.span.source"), &json!({"type": "string", "value": "route"}));
    assert_eq!(attribute(root, "tenant")["value"], "acme");
    for span in [root, price, load] {
        assert_eq!(span["trace_id"], root["trace_id"]);
        assert_eq!(span["status"], "ok");
        assert_eq!(attribute(span, "sentry.segment.id")["value"], root["span_id"]);
        assert_eq!(attribute(span, "sentry.segment.name")["value"], "GET /orders");
        assert_eq!(attribute(span, "sentry.release")["value"], "shop@1.4.0");
        assert_eq!(attribute(span, "user.id")["value"], "42");
        assert!(span["start_timestamp"].as_f64() <= span["end_timestamp"].as_f64());
    }
    assert_eq!(attribute(load, "order"), &json!({"type": "integer", "value": 7}));
    assert_eq!(attribute(load, "sentry.op")["value"], "db.query");
    assert_eq!(monitor_runtime::delivery().delivered("span"), 3);
}

#[test]
fn an_error_shows_on_each_span_that_it_ends() {
    let monitored = Monitored::with(|config| config.with_span_streaming(true));
    service::handle(13).unwrap_err();
    let items = monitored.items("span");
    let spans = list(&items[0].payload["items"]);
    assert!(spans.iter().all(|span| span["status"] == "error"), "{spans:#?}");
    assert_eq!(monitored.items("event").len(), 1);
}

#[test]
fn a_limit_of_spans_holds_them_back() {
    use monitor_tests::Reply;
    let monitored = Monitored::with(|config| config.with_span_streaming(true));
    let limit = Reply::with_header(429, "X-Sentry-Rate-Limits", "60:span:organization:quota");
    monitored.ingest.script([limit]);
    service::handle(1).unwrap();
    service::handle(2).unwrap();
    assert_eq!(monitored.items("span").len(), 1, "the second was held back");
    assert_eq!(monitor_runtime::delivery().count("span", "ratelimit_backoff"), 3);
}
