//! Which way leads from a response to its usage: `usage = ..`, the trait, a derive, `Serialize`.

use monitor_runtime::{MockBackend, TokenUsage, Usage, Value, ai_call};
use serde_json::{Value as Json, json};

#[derive(TokenUsage)]
#[monitor(input_excludes_cache)]
struct Counts {
    #[monitor(input)]
    uncached: i32,
    #[monitor(output)]
    received: Option<u16>,
    #[monitor(cache_read)]
    read: u64,
    #[monitor(reasoning)]
    thought: Option<u64>,
}

#[derive(TokenUsage)]
enum Reply<'a, T> {
    #[expect(dead_code, reason = "only the other one is made")]
    Nothing,
    Whole {
        #[monitor(usage)]
        counts: Option<&'a Counts>,
        #[monitor(model)]
        model: &'a str,
        #[monitor(finish_reason)]
        reasons: Vec<String>,
        #[monitor(cost)]
        charged: f64,
        _text: T,
    },
}

const COUNTS: Counts = Counts { uncached: 5, received: Some(9), read: 20, thought: None };

#[ai_call(provider = "openai", model = "m")]
fn derived() -> Result<Reply<'static, &'static str>, String> {
    let reasons = vec!["stop".to_owned()];
    Ok(Reply::Whole { counts: Some(&COUNTS), model: "m-1", reasons, charged: 0.5, _text: "secret" })
}

#[ai_call(provider = "openai", model = "m")]
async fn serialized(answer: Json) -> Option<Box<[Json; 1]>> {
    Some(Box::new([answer]))
}

#[ai_call(provider = "openai", model = "m")]
async fn in_json(answer: Json) -> Result<Json, String> {
    Ok(answer)
}

#[ai_call(provider = "openai", model = "m", usage = |answer| answer["mine"].as_u64().map(|sent| (sent, 1)))]
fn said(answer: Json) -> Json {
    answer
}

fn facts(mock: &MockBackend) -> Vec<(String, Value)> {
    let span = mock.span("chat m");
    let known = ["gen_ai.usage.", "gen_ai.response.", "monitor."];
    let facts =
        span.attributes().iter().filter(|(key, _)| known.iter().any(|k| key.starts_with(k)));
    facts
        .map(|(key, value)| (key.trim_start_matches("gen_ai.").to_owned(), value.clone()))
        .collect()
}

fn count(mock: &MockBackend, key: &str) -> Option<u64> {
    mock.span("chat m").attribute(&format!("gen_ai.usage.{key}")).and_then(Value::as_u64)
}

#[test]
fn a_derive_says_it() {
    let mock = MockBackend::install();
    assert!(derived().is_ok());
    let expected: [(&str, Value); 6] = [
        ("usage.input_tokens", 25_u64.into()),
        ("usage.output_tokens", 9_u64.into()),
        ("usage.cache_read.input_tokens", 20_u64.into()),
        ("usage.total_tokens", 34_u64.into()),
        ("response.model", "m-1".into()),
        ("response.finish_reasons", r#"["stop"]"#.into()),
    ];
    assert_eq!(facts(&mock), expected.map(|(key, value)| (key.to_owned(), value)));
}

#[tokio::test]
async fn what_can_be_serialized_need_say_nothing() {
    let mock = MockBackend::install();
    let answer = json!({
        "id": "chatcmpl-1", "model": "gpt-4o-2024-08-06",
        "choices": [
            {"message": {"content": "a secret answer"}, "finish_reason": "stop"},
            {"message": {"content": ""}, "finish_reason": "len\"gth\\"},
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": -5, "completion_tokens_details": {"reasoning_tokens": 3}},
    });
    assert!(in_json(answer).await.is_ok());
    let expected: [(&str, Value); 8] = [
        ("usage.input_tokens", 10_u64.into()),
        ("usage.output_tokens", 3_u64.into()),
        ("usage.reasoning.output_tokens", 3_u64.into()),
        ("usage.total_tokens", 13_u64.into()),
        ("response.model", "gpt-4o-2024-08-06".into()),
        ("response.id", "chatcmpl-1".into()),
        ("response.finish_reasons", r#"["stop","len\"gth\\"]"#.into()),
        ("monitor.ai.corrected", "negative,part_beyond_whole".into()),
    ];
    assert_eq!(facts(&mock), expected.map(|(key, value)| (key.to_owned(), value)));
    assert!(!mock.snapshot().contains("secret"));
}

#[tokio::test]
async fn behind_pointers_and_inside_arrays() {
    let mock = MockBackend::install();
    serialized(json!({"usage": {"input_tokens": 3, "output_tokens": 4}})).await;
    assert_eq!(count(&mock, "total_tokens"), Some(7));
}

#[test]
fn what_the_attribute_says_wins() {
    let mock = MockBackend::install();
    said(json!({"mine": 70, "model": "m-2", "usage": {"input_tokens": 3, "output_tokens": 4}}));
    assert_eq!(count(&mock, "input_tokens"), Some(70));
    assert_eq!(mock.span("chat m").attribute("gen_ai.response.model"), Some(&"m-2".into()));
    // Where it gives nothing, what was found stays.
    let mock = MockBackend::install();
    said(json!({"usage": {"input_tokens": 3, "output_tokens": 4}}));
    assert_eq!(count(&mock, "input_tokens"), Some(3));
}

#[test]
fn a_derive_answers_for_what_is_inside() {
    let whole =
        Reply::Whole { counts: None, model: "", reasons: Vec::new(), charged: f64::NAN, _text: () };
    assert_eq!(whole.token_usage(), None);
    assert_eq!(COUNTS.token_usage(), Some(Usage::new(25, 9).with_cache_read(20)));
    let below = Counts { uncached: -7, received: None, read: 0, thought: Some(3) };
    assert_eq!(below.token_usage().unwrap().input, Some(0));
}
