//! What an AI call is to those around it, and inside: whether anybody asks for it or not.

use std::pin::Pin;
use std::task::{Context, Waker};

use monitor_runtime::{
    Level, MockBackend, TokenUsage, Usage, ai_agent, ai_call, capture_message, set_tag, traced,
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
