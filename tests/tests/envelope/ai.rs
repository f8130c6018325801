//! AI calls as Sentry receives them.

use monitor_runtime::{AiDialect, ai_call, traced};
use monitor_tests::Reply;
use serde_json::{Value, json};

use crate::{Monitored, list};

/// A word of the answers; it must not leave.
const CANARY: &str = "canary-4711";

#[ai_call(provider = "openai", model = "gpt-4o")]
fn chat() -> Result<Value, String> {
    Ok(json!({
        "id": "chatcmpl-1", "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": {"content": CANARY}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
            "prompt_tokens_details": {"cached_tokens": 1920},
            "completion_tokens_details": {"reasoning_tokens": 64},
        },
    }))
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn refused() -> Result<Value, String> {
    Err("no".to_owned())
}

#[traced(op = "function")]
fn answer() {
    chat().unwrap();
}

#[traced(op = "http.server", name = "POST /chat")]
fn handle() {
    answer();
}

#[traced(op = "http.server", name = "POST /chat")]
fn handle_refused() {
    refused().unwrap_err();
}

fn typed(kind: &str, value: Value) -> Value {
    json!({"type": kind, "value": value})
}

#[test]
fn ai_calls_are_items_beside_their_transaction() {
    let monitored = Monitored::start();
    handle();
    let received = monitored.received();
    let [one] = received.as_slice() else { panic!("one envelope: {received:#?}") };
    let [transaction, item] = one.envelope.items.as_slice() else { panic!("{:#?}", one.envelope) };
    assert_eq!(
        one.envelope.headers["trace"]["trace_id"],
        transaction.payload["contexts"]["trace"]["trace_id"]
    );
    let [inner] = list(&transaction.payload["spans"]) else { panic!("{:#}", transaction.payload) };
    assert_eq!(inner["op"], "function");
    assert_eq!(item.headers["type"], "span");
    assert_eq!(item.headers["item_count"], 1);
    assert_eq!(item.headers["content_type"], "application/vnd.sentry.items.span.v2+json");
    assert_eq!(item.payload["version"], 2);
    let [span] = list(&item.payload["items"]) else { panic!("{:#}", item.payload) };
    assert_eq!(span["name"], "chat gpt-4o");
    assert_eq!(span["status"], "ok");
    assert_eq!(span["is_segment"], false);
    assert_eq!(span["trace_id"], transaction.payload["contexts"]["trace"]["trace_id"]);
    assert_eq!(span["parent_span_id"], inner["span_id"]);
    assert!(span["start_timestamp"].as_f64() <= span["end_timestamp"].as_f64());
    let root = &transaction.payload["contexts"]["trace"]["span_id"];
    for (key, kind, value) in [
        ("sentry.op", "string", json!("gen_ai.chat")),
        ("sentry.origin", "string", json!("auto.ai.monitor")),
        ("sentry.segment.id", "string", root.clone()),
        ("sentry.segment.name", "string", json!("POST /chat")),
        ("sentry.release", "string", json!("shop@1.4.0")),
        ("sentry.environment", "string", json!("test")),
        ("gen_ai.operation.name", "string", json!("chat")),
        ("gen_ai.provider.name", "string", json!("openai")),
        ("gen_ai.request.model", "string", json!("gpt-4o")),
        ("gen_ai.response.model", "string", json!("gpt-4o-2024-08-06")),
        ("gen_ai.response.id", "string", json!("chatcmpl-1")),
        ("gen_ai.response.finish_reasons", "string", json!("[\"stop\"]")),
        ("gen_ai.usage.input_tokens", "integer", json!(2006)),
        ("gen_ai.usage.cache_read.input_tokens", "integer", json!(1920)),
        ("gen_ai.usage.output_tokens", "integer", json!(300)),
        ("gen_ai.usage.reasoning.output_tokens", "integer", json!(64)),
        ("gen_ai.usage.total_tokens", "integer", json!(2306)),
        ("code.function.name", "string", json!("chat gpt-4o")),
    ] {
        if key == "code.function.name" {
            assert!(span["attributes"][key].is_object(), "{key}");
        } else {
            assert_eq!(span["attributes"][key], typed(kind, value), "{key}");
        }
    }
    assert!(span["attributes"]["gen_ai.system"].is_null(), "no older name");
    assert!(!String::from_utf8_lossy(&one.request.body).contains(CANARY));
    assert_eq!(monitor_runtime::delivery().delivered("transaction"), 1);
}

#[ai_call(
    op = memory(search),
    store = "prefs",
    input = CANARY,
    output = |found| found.join(","),
    count = Vec::len,
)]
fn recall() -> Vec<&'static str> {
    vec![CANARY]
}

#[traced(op = "http.server", name = "POST /chat")]
fn handle_recall() {
    recall();
}

#[test]
fn a_search_of_a_memory_is_one_too() {
    let monitored = Monitored::start();
    handle_recall();
    let item = monitored.only("span");
    let span = &item["items"][0];
    assert_eq!(span["name"], "search_memory prefs");
    for (key, kind, value) in [
        ("sentry.op", "string", json!("gen_ai.memory.client")),
        ("sentry.origin", "string", json!("auto.ai.monitor")),
        ("gen_ai.operation.name", "string", json!("search_memory")),
        ("gen_ai.memory.store.id", "string", json!("prefs")),
        ("gen_ai.memory.record.count", "integer", json!(1)),
    ] {
        assert_eq!(span["attributes"][key], typed(kind, value), "{key}");
    }
    assert!(!item.to_string().contains(CANARY));
}

#[test]
fn a_failed_call_is_an_error_there_too() {
    let monitored = Monitored::start();
    handle_refused();
    let item = monitored.only("span");
    assert_eq!(item["items"][0]["status"], "error");
    assert_eq!(monitored.items("event").len(), 1);
}

#[test]
fn they_stay_in_the_transaction_where_that_is_asked_for() {
    let monitored = Monitored::with(|config| config.with_ai_span_items(false));
    handle();
    assert!(monitored.items("span").is_empty());
    let transaction = monitored.only("transaction");
    let span = &list(&transaction["spans"])[1];
    assert_eq!(span["op"], "gen_ai.chat");
    assert_eq!(span["description"], "chat gpt-4o");
    assert_eq!(span["origin"], "auto.ai.monitor");
    assert_eq!(span["status"], "ok");
    assert_eq!(span["data"]["gen_ai.usage.input_tokens"], 2006);
    assert_eq!(span["data"]["gen_ai.response.finish_reasons"], "[\"stop\"]");
}

#[test]
fn older_names_stand_beside_the_present_ones_where_that_is_asked_for() {
    let monitored = Monitored::with(|config| config.with_ai_older_keys(true));
    handle();
    let item = monitored.only("span");
    let attributes = &item["items"][0]["attributes"];
    for (older, present) in [
        ("gen_ai.system", "gen_ai.provider.name"),
        ("gen_ai.usage.input_tokens.cached", "gen_ai.usage.cache_read.input_tokens"),
        ("gen_ai.usage.output_tokens.reasoning", "gen_ai.usage.reasoning.output_tokens"),
    ] {
        assert!(attributes[present].is_object(), "{present}");
        assert_eq!(attributes[older], attributes[present], "{older}");
    }
}

#[test]
fn spotlight_reads_transactions_and_older_names() {
    let monitored =
        Monitored::configured(|config, ingest| config.with_spotlight(ingest.spotlight()));
    handle();
    assert!(monitored.items("span").is_empty());
    let transaction = monitored.only("transaction");
    let data = &list(&transaction["spans"])[1]["data"];
    assert_eq!(data["gen_ai.system"], "openai");
    assert_eq!(data["gen_ai.provider.name"], "openai");
}

#[test]
fn a_call_outside_of_everything_is_a_transaction() {
    let monitored = Monitored::start();
    chat().unwrap();
    assert!(monitored.items("span").is_empty());
    let transaction = monitored.only("transaction");
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(trace["op"], "gen_ai.chat");
    assert_eq!(trace["data"]["gen_ai.usage.output_tokens"], 300);
}

#[test]
fn opentelemetry_has_other_names() {
    let monitored = Monitored::with(|config| config.with_ai_dialect(AiDialect::OpenTelemetry));
    handle();
    let item = monitored.only("span");
    let attributes = &item["items"][0]["attributes"];
    assert_eq!(attributes["gen_ai.usage.cache_read.input_tokens"], typed("integer", json!(1920)));
    assert!(attributes["gen_ai.usage.total_tokens"].is_null());
    assert_eq!(attributes["gen_ai.response.finish_reasons"]["value"], "[\"stop\"]");
}

#[test]
fn a_limit_of_spans_holds_them_back_and_not_their_transaction() {
    let monitored = Monitored::start();
    let limit = Reply::with_header(429, "X-Sentry-Rate-Limits", "60:span:organization:quota");
    monitored.ingest.script([limit]);
    handle();
    handle();
    assert_eq!(monitored.items("transaction").len(), 2);
    assert_eq!(monitored.items("span").len(), 1, "the second one was held back");
    let delivery = monitor_runtime::delivery();
    assert_eq!(delivery.count("span", "ratelimit_backoff"), 1);
    assert_eq!(delivery.delivered("transaction"), 1);
    let reported = monitored.items("client_report");
    let lost = reported.iter().flat_map(|item| list(&item.payload["discarded_events"]));
    let spans = lost.filter(|lost| lost["category"] == "span");
    assert_eq!(spans.map(|lost| lost["quantity"].as_u64().unwrap()).sum::<u64>(), 1);
}
