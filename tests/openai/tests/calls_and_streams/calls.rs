//! Calls that are answered at once, or refused.

use async_openai::error::OpenAIError;
use monitor_runtime::record::{Span, Value};
use monitor_runtime::{MockBackend, Status};
use monitor_tests::{Answer, ModelServer};

use crate::openai::{Chat, answer, request};

pub(crate) fn u64_of(span: &Span, key: &str) -> Option<u64> {
    span.attribute(key).and_then(Value::as_u64)
}

/// The numbers of [`USAGE`](crate::openai::USAGE), by their names.
pub(crate) fn assert_usage(span: &Span) {
    for (key, expected) in [
        ("input_tokens", 2006),
        ("cache_read.input_tokens", 1920),
        ("output_tokens", 300),
        ("reasoning.output_tokens", 64),
        ("total_tokens", 2306),
    ] {
        assert_eq!(u64_of(span, &format!("gen_ai.usage.{key}")), Some(expected), "{key}");
    }
}

#[tokio::test]
async fn an_answer_says_what_it_used() {
    let server = ModelServer::start([Answer::json(answer("hello"))]);
    let mock = MockBackend::install();
    assert!(Chat::of(&server).ask(request("hi")).await.is_ok());
    let span = mock.span("chat gpt-4o");
    assert_usage(&span);
    for (key, expected) in [
        ("gen_ai.response.model", "gpt-4o-2024-08-06"),
        ("gen_ai.response.id", "chatcmpl-1"),
        ("gen_ai.response.finish_reasons", "[\"stop\"]"),
    ] {
        assert_eq!(span.attribute(key), Some(&expected.into()), "{key}");
    }
    assert_eq!(span.attribute("gen_ai.request.temperature"), Some(&Value::F64(0.5)));
    assert_eq!(span.attribute("gen_ai.response.streaming"), None);
    assert_eq!(server.requests().len(), 1);
}

const LIMITED: &str = r#"{"error":{"message":"Rate limit reached for gpt-4o. Please try again in 1.5s.",
    "type":"requests","param":null,"code":"rate_limit_exceeded"}}"#;

#[tokio::test]
async fn a_refusal_says_how_and_until_when() {
    let server = ModelServer::start([Answer::status(429, LIMITED)]);
    let mock = MockBackend::install();
    let refused = Chat::of(&server).ask(request("hi")).await;
    assert!(matches!(refused, Err(OpenAIError::ApiError(_))));
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.status, span.attribute("error.type")), (Status::Error, Some(&"429".into())));
    let event = mock.event("OpenAIError");
    assert_eq!(event.exceptions[0].value, "429 rate_limit_exceeded [Filtered]");
    assert_eq!(event.fingerprint, ["ai", "openai", "429"]);
    let value = |key| event.context_value("ai", key).cloned();
    assert_eq!(value("status"), Some(Value::U64(429)));
    assert_eq!(value("code"), Some("rate_limit_exceeded".into()));
    assert_eq!(value("retry_after"), Some(Value::F64(1.5)));
}

#[tokio::test]
async fn a_server_that_is_broken_is_known_by_its_status() {
    let body = r#"{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}"#;
    let server = ModelServer::start([Answer::status(500, body)]);
    let mock = MockBackend::install();
    assert!(Chat::of(&server).ask(request("hi")).await.is_err());
    let event = mock.event("OpenAIError");
    assert_eq!(event.fingerprint, ["ai", "openai", "500"]);
    assert_eq!(event.exceptions[0].value, "500 server_error [Filtered]");
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_not_quoted() {
    let server = ModelServer::start([
        Answer::json(r#"{"id":"chatcmpl-1","choices":"my secret"#),
        Answer::Whole(502, "text/html", "<html>my secret</html>".to_owned()),
    ]);
    let mock = MockBackend::install();
    let chat = Chat::of(&server);
    for _ in 0..2 {
        let refused = chat.ask(request("hi")).await;
        assert!(refused.unwrap_err().to_string().contains("my secret"));
    }
    let events = mock.errors();
    let texts: Vec<_> = events.iter().map(|event| event.exceptions[0].value.as_str()).collect();
    assert_eq!(texts, ["failed to deserialize api response: [Filtered]", "502 [Filtered]"]);
    assert!(!format!("{events:?}").contains("my secret"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_known_as_that() {
    let server = ModelServer::start([]);
    let chat = Chat::of(&server);
    drop(server);
    // The port is free again once the thread that listened has gone.
    let mock = MockBackend::install();
    let refused = loop {
        match chat.ask(request("hi")).await {
            Err(OpenAIError::Reqwest(error)) if error.is_connect() => break error,
            _ => mock.clear(),
        }
    };
    assert!(refused.is_connect());
    assert_eq!(mock.span("chat gpt-4o").attribute("error.type"), Some(&"connect".into()));
}
