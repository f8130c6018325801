//! Streams, read to their end or not.

use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::types::chat::ChatCompletionResponseStream;
use futures_util::StreamExt;
use monitor_runtime::record::Value;
use monitor_runtime::{MockBackend, Status};
use monitor_tests::{Answer, End, ModelServer};

use crate::calls::{assert_usage, u64_of};
use crate::openai::{Chat, pieces, request};

#[tokio::test]
async fn a_stream_says_at_its_end_what_it_used() {
    let server = ModelServer::start([Answer::events(pieces(&["Hel", "lo"]), End::Done)]);
    let mock = MockBackend::install();
    // The client's own type, in and out.
    let mut stream: ChatCompletionResponseStream =
        Chat::of(&server).stream(request("hi")).await.unwrap();
    let mut text = String::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.unwrap();
        text.extend(piece.choices.first().and_then(|choice| choice.delta.content.clone()));
    }
    assert_eq!(text, "Hello");
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Ok);
    assert_usage(&span);
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(5));
    assert_eq!(span.attribute("gen_ai.response.id"), Some(&"chatcmpl-2".into()));
    assert_eq!(span.attribute("gen_ai.response.finish_reasons"), Some(&"[\"stop\"]".into()));
    let first = span.attribute("gen_ai.response.time_to_first_chunk").and_then(Value::as_f64);
    assert!(first.is_some_and(|first| first > 0.0 && first <= span.duration().as_secs_f64()));
    let sent = String::from_utf8(server.requests().remove(0).body).unwrap();
    assert!(sent.contains("\"include_usage\":true"), "{sent}");
}

#[tokio::test]
async fn a_reader_that_goes_away_early_leaves_a_span() {
    let server = ModelServer::start([Answer::events(&pieces(&["Hel", "lo"])[..2], End::Hold)]);
    let mock = MockBackend::install();
    let mut stream = Chat::of(&server).stream(request("hi")).await.unwrap();
    for _ in 0..2 {
        assert!(stream.next().await.unwrap().is_ok());
    }
    drop(stream);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Cancelled);
    assert_eq!(span.attribute("error.type"), Some(&"abandoned".into()));
    assert_eq!(span.attribute("gen_ai.response.model"), Some(&"gpt-4o-2024-08-06".into()));
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(2));
    mock.assert_no_events();
}

#[tokio::test]
async fn a_reader_that_is_cancelled_while_it_waits_leaves_a_span() {
    let server = ModelServer::start([Answer::events(&pieces(&["Hel"])[..2], End::Hold)]);
    let mock = MockBackend::install();
    let stream = Chat::of(&server).stream(request("hi")).await.unwrap();
    let reads = tokio::spawn(stream.for_each(|_| async {}));
    // It has read what there is once it waits for more; whether it has come so far doesn't matter.
    tokio::time::sleep(Duration::from_millis(1)).await;
    reads.abort();
    assert!(reads.await.unwrap_err().is_cancelled());
    assert_eq!(mock.span("chat gpt-4o").status, Status::Cancelled);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_a_failure_that_keeps_what_came() {
    let server =
        ModelServer::start([Answer::events(&pieces(&["Hel", "lo"])[..3], End::Disconnect)]);
    let mock = MockBackend::install();
    let stream = Chat::of(&server).stream(request("hi")).await.unwrap();
    let items: Vec<_> = stream.collect().await;
    assert!(matches!(items.last(), Some(Err(OpenAIError::StreamError(_)))), "{items:?}");
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Error);
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(3));
    assert_eq!(span.attribute("gen_ai.usage.input_tokens"), None, "nobody said it");
    let event = mock.event("OpenAIError");
    assert_eq!(event.context_value("ai", "model"), Some(&"gpt-4o".into()));
    assert!(event.context_value("ai", "time_to_first_chunk").is_some());
}

#[tokio::test]
async fn an_item_that_is_no_json_does_not_end_the_stream() {
    let mut events = pieces(&["Hel", "lo"]);
    events.insert(2, r#"{"id": "my secret"#.to_owned());
    events.insert(3, r#"{"object": "my secret"}"#.to_owned());
    let server = ModelServer::start([Answer::events(events, End::Done)]);
    let mock = MockBackend::install();
    let stream = Chat::of(&server).stream(request("hi")).await.unwrap();
    let items: Vec<_> = stream.collect().await;
    assert_eq!((items.len(), items.iter().filter(|item| item.is_err()).count()), (7, 2));
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Error);
    assert_usage(&span);
    assert!(!format!("{:?}", mock.events()).contains("my secret"));
}

#[tokio::test]
async fn a_stream_that_is_refused_is_none() {
    let server = ModelServer::start([Answer::status(503, "{\"error\":{\"message\":\"busy\"}}")]);
    let mock = MockBackend::install();
    assert!(Chat::of(&server).stream(request("hi")).await.is_err());
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.status, span.attribute("error.type")), (Status::Error, Some(&"503".into())));
    assert_eq!(span.attribute("gen_ai.response.streaming"), None);
}
