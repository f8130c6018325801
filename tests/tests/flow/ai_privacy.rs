//! With capture off nothing of what is said to models, or by them, is anywhere.

use std::cell::Cell;
use std::fmt;
use std::pin::Pin;

use futures_util::stream::{self, Stream, StreamExt};
use monitor_runtime::{Config, MockBackend, MockGuard, Usage, ai_agent, ai_call, ai_tool};

thread_local! {
    static EVALUATED: Cell<u32> = const { Cell::new(0) };
}

/// A text that notes that somebody asked for it.
fn said(text: &str) -> String {
    EVALUATED.set(EVALUATED.get() + 1);
    format!("CANARY {text}")
}

#[derive(Debug)]
struct ClientError(String);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "500 Internal Server Error: {{\"error\":\"{}\"}}", self.0)
    }
}

impl std::error::Error for ClientError {}

#[ai_call(
    provider = "openai",
    model = "gpt-4o",
    prompt = said("prompt"),
    output = |_| said("answer"),
)]
fn ask() -> Result<Usage, ClientError> {
    Ok(Usage::new(1, 1))
}

#[ai_call(provider = "openai", model = "gpt-4o", input = said("messages"))]
fn fails() -> Result<Usage, ClientError> {
    Err(ClientError("CANARY body".to_owned()))
}

type Pieces = Pin<Box<dyn Stream<Item = Result<String, ClientError>> + Send>>;

#[ai_call(provider = "openai", model = "gpt-4o", stream, output = |_| said("piece"))]
async fn streams() -> Pieces {
    let items = [Ok("CANARY".to_owned()), Err(ClientError("CANARY body".to_owned()))];
    Box::pin(stream::iter(items))
}

#[ai_tool(arguments = said("arguments"), result = |_| said("result"))]
fn search() -> String {
    "CANARY".to_owned()
}

#[ai_agent(name = "planner", prompt = said("goal"), output = |_| said("plan"))]
async fn everything() -> u32 {
    let _ = (ask(), fails(), search());
    streams().await.count().await as u32
}

fn off() -> MockGuard {
    EVALUATED.set(0);
    MockBackend::install()
}

#[tokio::test]
async fn with_capture_off_nothing_is_asked_for_and_nothing_is_kept() {
    let mock = off();
    everything().await;
    assert_eq!(EVALUATED.get(), 0);
    assert!(mock.spans().len() == 5 && mock.errors().len() == 2);
    assert!(!format!("{:?} {:?}", mock.transactions(), mock.events()).contains("CANARY"));
}

#[tokio::test]
async fn without_a_backend_nothing_is_asked_for() {
    EVALUATED.set(0);
    everything().await;
    assert_eq!(EVALUATED.get(), 0);
}

#[tokio::test]
async fn each_switch_allows_its_own_half() {
    for (inputs, outputs, expected) in [(true, false, 4), (false, true, 4), (true, true, 8)] {
        EVALUATED.set(0);
        let config = Config::new().with_traces_sample_rate(1.0);
        let mock =
            MockBackend::install_with(config.with_ai_inputs(inputs).with_ai_outputs(outputs));
        everything().await;
        assert_eq!(EVALUATED.get(), expected, "inputs {inputs}, outputs {outputs}");
        let all = format!("{:?} {:?}", mock.transactions(), mock.events());
        for (word, allowed) in [
            ("CANARY prompt", inputs),
            ("CANARY messages", inputs),
            ("CANARY arguments", inputs),
            ("CANARY goal", inputs),
            ("CANARY answer", outputs),
            ("CANARY result", outputs),
            ("CANARY plan", outputs),
            ("CANARY piece", outputs),
            ("CANARY body", outputs),
        ] {
            assert_eq!(all.contains(word), allowed, "{word}: inputs {inputs}, outputs {outputs}");
        }
    }
}

#[tokio::test]
async fn the_switches_go_before_the_general_one() {
    EVALUATED.set(0);
    let config = Config::new().with_send_default_pii(true);
    let _mock = MockBackend::install_with(config.with_ai_inputs(false).with_ai_outputs(false));
    everything().await;
    assert_eq!(EVALUATED.get(), 0);
}

#[ai_call(provider = "openai", model = "m", prompt = said("prompt"), output = |_| said("x"), skip)]
fn always_skipped() -> Usage {
    Usage::new(1, 1)
}

#[ai_agent(name = "planner", prompt = said("goal"), skip = opted_out)]
fn skipped(opted_out: bool) {
    let _ = (ask(), fails());
}

#[test]
fn a_call_may_be_left_out_with_all_calls_inside() {
    EVALUATED.set(0);
    let config = Config::new().with_traces_sample_rate(1.0).with_send_default_pii(true);
    let mock = MockBackend::install_with(config);
    always_skipped();
    skipped(true);
    assert_eq!(EVALUATED.get(), 0);
    assert!(!format!("{:?} {:?}", mock.transactions(), mock.events()).contains("CANARY"));
    skipped(false);
    assert_eq!(EVALUATED.get(), 4);
}
