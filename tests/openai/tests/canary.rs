//! With capture off nothing that is said to a model, or by it, is in a byte that leaves.

#[path = "calls_and_streams/conversation.rs"]
mod conversation;
#[path = "calls_and_streams/openai.rs"]
mod openai;

use std::time::Duration;

use monitor_runtime::{Config, Console, JsonLines, traced};
use monitor_tests::{Ingest, Sink};

use crate::conversation::{CANARY, run};

/// Longer than the test takes: only one that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

#[traced]
async fn request() {
    run().await;
}

#[test]
fn no_word_of_a_conversation_leaves() {
    let (console, lines, ingest) = (Sink::default(), Sink::default(), Ingest::start());
    let config = Config::new()
        .with_dsn(ingest.dsn())
        .with_traces_sample_rate(1.0)
        .with_metrics(true)
        .with_backend(Console::to_writer(console.clone()))
        .with_backend(JsonLines::to_writer(lines.clone()));
    let guard = monitor_runtime::init(config).expect("a valid config");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(request());
    assert!(monitor_runtime::flush(PATIENCE));
    drop(guard);
    let mut left = vec![("console", console.text()), ("jsonl", lines.text())];
    for received in ingest.received() {
        left.push(("sentry", String::from_utf8_lossy(&received.request.body).into_owned()));
    }
    assert!(left.len() >= 2 + 6, "an envelope an error, and some for the spans");
    let has =
        |text: &str| left.iter().any(|(place, left)| *place == "sentry" && left.contains(text));
    assert!(has("rate") || has("429"), "errors came");
    assert!(has("gpt-4o-2024-08-06") && has("execute_tool search"), "spans came");
    for (place, text) in &left {
        let at = text.find(CANARY);
        let around = at.map(|at| text.get(at.saturating_sub(200)..(at + 60).min(text.len())));
        assert_eq!(at, None, "in {place}: {around:?}");
    }
}
