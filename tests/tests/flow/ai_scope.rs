//! What an AI call is to those around it, and inside: whether anybody asks for it or not.

use std::pin::Pin;
use std::task::{Context, Waker};

use monitor_runtime::{
    AiPrices, Config, Level, MockBackend, ModelPrice, TokenUsage, Usage, ai_agent, ai_call,
    capture_message, set_tag, traced,
};

struct Answer;

impl TokenUsage for Answer {
    fn token_usage(&self) -> Option<Usage> {
        Some(Usage::new(10, 5))
    }
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn quiet() -> Answer {
    Answer
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn tells() -> Answer {
    set_tag("inside", "yes");
    capture_message("inside of it", Level::Info);
    Answer
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn waits(forever: bool) -> Answer {
    if forever {
        std::future::pending::<()>().await;
    }
    tokio::task::yield_now().await;
    capture_message("between polls", Level::Info);
    Answer
}

#[traced]
fn around(call: fn() -> Answer) {
    set_tag("outside", "yes");
    call();
    capture_message("behind it", Level::Info);
}

fn is_pending<F: Future + Unpin>(future: &mut F) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    Pin::new(future).poll(&mut cx).is_pending()
}

const TAGS: [&str; 3] = ["outside", "inside", "ai.model"];

#[test]
fn a_call_of_which_nobody_asks_for_more_leaves_the_scope_as_it_is() {
    let mock = MockBackend::install();
    around(quiet);
    let event = mock.event("behind it");
    assert_eq!(TAGS.map(|tag| event.tag(tag)), [Some("yes"), None, None]);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.attribute("gen_ai.usage.total_tokens"), Some(&15_u64.into()));
}

#[test]
fn what_is_set_and_told_inside_is_of_the_call() {
    let mock = MockBackend::install();
    around(tells);
    let inside = mock.event("inside of it");
    assert_eq!(TAGS.map(|tag| inside.tag(tag)), [Some("yes"), Some("yes"), Some("gpt-4o")]);
    let behind = mock.event("behind it");
    assert_eq!(TAGS.map(|tag| behind.tag(tag)), [Some("yes"), None, None]);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.attribute("gen_ai.usage.total_tokens"), Some(&15_u64.into()));
}

#[tokio::test]
async fn a_call_that_waits_is_not_what_runs_meanwhile() {
    let mock = MockBackend::install();
    let mut call = Box::pin(waits(false));
    assert!(is_pending(&mut call));
    capture_message("meanwhile", Level::Info);
    call.await;
    assert_eq!(mock.event("meanwhile").tag("ai.model"), None);
    assert_eq!(mock.event("between polls").tag("ai.model"), Some("gpt-4o"));
}

#[tokio::test]
async fn a_call_that_is_cancelled_leaves_nothing_behind() {
    let mock = MockBackend::install();
    let mut forever = Box::pin(waits(true));
    assert!(is_pending(&mut forever));
    drop(forever);
    capture_message("behind it", Level::Info);
    assert_eq!(mock.event("behind it").tag("ai.model"), None);
    assert_eq!(mock.span("chat gpt-4o").status, monitor_runtime::Status::Cancelled);
}

#[test]
fn a_panic_on_its_way_changes_nothing_for_the_agent_around() {
    #[ai_agent(name = "planner")]
    fn plan() -> Answer {
        let panicked = std::panic::catch_unwind(|| around(|| panic!("in the model's client")));
        assert!(panicked.is_err());
        quiet()
    }
    let mock = MockBackend::install();
    plan();
    capture_message("behind all", Level::Info);
    assert_eq!(mock.event("behind all").tag("ai.operation"), None);
    let agent = mock.span("invoke_agent planner");
    assert_eq!(agent.attribute("gen_ai.usage.total_tokens"), Some(&15_u64.into()));
}

#[ai_call(provider = "openai", model = model)]
fn of_any_model(model: &str, fails: bool) -> Result<Answer, String> {
    if fails {
        return Err("503 Service Unavailable".into());
    }
    capture_message("asks", Level::Info);
    let _ = model;
    Ok(Answer)
}

#[ai_call(provider = "openai", model = model, cost = span)]
fn silently(model: &str) -> Answer {
    let _ = model;
    Answer
}

/// Each of a length that a note holds, or just doesn't.
#[test]
fn the_model_is_known_however_the_call_ends_and_however_long_it_is() {
    for length in [1, 62, 63, 64, 200] {
        let model = "m".repeat(length);
        let prices = AiPrices::new().with_model(&model, ModelPrice::per_million(1e6, 0.0));
        let config = Config::new().with_traces_sample_rate(1.0).with_ai_prices(prices);
        let mock = MockBackend::install_with(config.with_metrics(true));
        let (name, model) = (format!("chat {model}"), model.as_str());
        silently(model);
        let span = mock.span(&name);
        assert_eq!(span.attribute("gen_ai.request.model"), Some(&model.into()));
        assert_eq!(span.attribute("gen_ai.cost.total_tokens"), Some(&10.0.into()), "{length}");
        let label = [("gen_ai.request.model", model), ("gen_ai.token.type", "input")];
        let tokens = mock.metric_with("gen_ai.client.token.usage", &label);
        assert_eq!(tokens.distribution().unwrap().sum(), 10.0);
        of_any_model(model, true).err().unwrap();
        assert_eq!(mock.event("503").tag("ai.model"), Some(model));
        of_any_model(model, false).unwrap();
        assert_eq!(mock.event("asks").tag("ai.model"), Some(model));
        assert!(mock.spans().iter().all(|span| span.name() == name));
    }
}

#[ai_agent(name = "planner", conversation = "c-1", pipeline = "support")]
fn plan_quietly() {
    quiet();
    silently("gpt-4o-mini");
}

#[test]
fn quiet_calls_in_an_agent_have_what_it_says_and_add_to_it() {
    let mock = MockBackend::install();
    plan_quietly();
    for name in ["chat gpt-4o", "chat gpt-4o-mini"] {
        let span = mock.span(name);
        for (key, value) in [
            ("gen_ai.agent.name", "planner"),
            ("gen_ai.conversation.id", "c-1"),
            ("gen_ai.pipeline.name", "support"),
        ] {
            assert_eq!(span.attribute(key), Some(&value.into()), "{name}: {key}");
        }
    }
    mock.assert_tokens("invoke_agent planner", (20, 10));
}

#[ai_call(provider = "openai", model = model)]
fn tries_again(model: &str) -> Answer {
    quiet();
    silently(model)
}

#[test]
fn quiet_calls_in_a_call_take_its_place() {
    let mock = MockBackend::install();
    tries_again("gpt-5");
    mock.assert_tokens("chat gpt-4o", (10, 5));
    mock.assert_tokens("chat gpt-5", (10, 5));
    let around = mock.span_with_op("function");
    assert_eq!(around.attribute("gen_ai.request.model"), None);
    assert_eq!(around.attribute("gen_ai.usage.input_tokens"), None);
}
