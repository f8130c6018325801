//! Functions that try again by themselves: what they say of it while they run.

use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};
use monitor_runtime::record::{Span, Value};
use monitor_runtime::{
    AiBudget, AiPrices, BudgetLimit, Config, MockBackend, ModelPrice, Status, Usage, ai_agent,
    ai_call, capture_errors, current_ai_call, traced,
};

use crate::failure::Refused;

/// An answer that says nothing of tokens.
struct Text;

/// Fails as often as this says; each answer takes 10 and 1.
fn send(failures: u32, attempt: u32) -> Result<Usage, Refused> {
    if attempt <= failures { Err(Refused("the model")) } else { Ok(Usage::new(10, 1)) }
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn ask(failures: u32) -> Result<Usage, Refused> {
    for attempt in 1..3 {
        current_ai_call().attempt();
        if let Ok(usage) = send(failures, attempt) {
            return Ok(usage);
        }
    }
    current_ai_call().attempt();
    send(failures, 3)
}

/// The answer is only good the third time.
#[ai_call(provider = "openai", model = "gpt-4o", usage = |_| None::<Usage>)]
async fn ask_until_it_is_json() -> Result<Text, Refused> {
    for attempt in 0..3 {
        current_ai_call().attempt();
        tokio::task::yield_now().await;
        // Of one attempt the last value counts.
        current_ai_call().record_usage((1_000, 1_000));
        current_ai_call().record_usage(Usage::new(10 + attempt, 1).with_cache_read(5));
    }
    Ok(Text)
}

fn count(span: &Span, key: &str) -> Option<u64> {
    span.attribute(key).and_then(Value::as_u64)
}

fn resent(span: &Span) -> Option<u64> {
    count(span, "http.request.resend_count")
}

#[test]
fn the_span_says_how_often_it_was_sent_again() {
    let mock = MockBackend::install();
    ask(2).unwrap();
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.status, resent(&span)), (Status::Ok, Some(2)));
    assert_eq!(count(&span, "gen_ai.usage.input_tokens"), Some(10));
    let mock = MockBackend::install();
    ask(0).unwrap();
    assert_eq!(resent(&mock.span("chat gpt-4o")), None);
}

#[test]
fn the_error_says_which_attempt_it_was_also_where_nothing_is_sampled() {
    for rate in [0.0, 1.0] {
        let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(rate));
        ask(3).unwrap_err();
        let event = mock.event("connection refused");
        assert_eq!(event.context_value("ai", "attempt"), Some(&3_u64.into()));
        assert_eq!(event.tag("ai.attempt"), Some("3"));
        assert_eq!(mock.events().len(), 1);
    }
}

#[tokio::test]
async fn what_each_attempt_used_is_added_up() {
    let budget = AiBudget::new("all", BudgetLimit::Tokens(36)).for_all_calls();
    let prices = AiPrices::new().with_model("gpt-4o", ModelPrice::per_million(1.0, 1.0));
    let config = Config::new().with_traces_sample_rate(1.0).with_ai_budget(budget);
    let mock = MockBackend::install_with(config.with_ai_prices(prices).with_ai_cost_on_spans(true));
    ask_until_it_is_json().await.unwrap();
    let span = mock.span("chat gpt-4o");
    assert_eq!(count(&span, "gen_ai.usage.input_tokens"), Some(33));
    assert_eq!(count(&span, "gen_ai.usage.cache_read.input_tokens"), Some(15));
    assert_eq!(count(&span, "gen_ai.usage.total_tokens"), Some(36));
    let cost = span.attribute("gen_ai.cost.total_tokens").and_then(Value::as_f64).unwrap();
    assert!((cost - 36e-6).abs() < 1e-9, "{cost}");
    mock.event("AI budget `all` is spent");
}

/// A stream that begins anew when it breaks off.
#[ai_call(provider = "openai", model = "gpt-4o")]
fn stream() -> BoxStream<'static, Usage> {
    let items = [(1, 10), (2, 20), (3, 30)].into_iter().enumerate();
    stream::iter(items)
        .map(|(at, usage)| {
            if at != 1 {
                current_ai_call().attempt();
            }
            Usage::from(usage)
        })
        .boxed()
}

#[tokio::test]
async fn a_stream_may_begin_anew() {
    let mock = MockBackend::install();
    stream().count().await;
    let span = mock.span("chat gpt-4o");
    // Of the first attempt the last value counts; the second one is added to it.
    assert_eq!(count(&span, "gen_ai.usage.input_tokens"), Some(5));
    assert_eq!(count(&span, "gen_ai.usage.output_tokens"), Some(50));
    assert_eq!((resent(&span), count(&span, "monitor.ai.chunks")), (Some(1), Some(3)));
}

#[ai_call(provider = "openai", model = "gpt-4o")]
#[capture_errors]
fn once(attempt: u32) -> Result<Usage, Refused> {
    send(1, attempt)
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn again() -> Result<Usage, Refused> {
    current_ai_call().attempt();
    once(1).or_else(|_| {
        current_ai_call().attempt();
        once(2)
    })
}

#[test]
fn calls_inside_are_the_attempts() {
    let mock = MockBackend::install();
    again().unwrap();
    let spans = mock.spans();
    let [around, first, second] = spans.as_slice() else { panic!("{spans:#?}") };
    assert_eq!((around.op(), resent(around)), ("function", None));
    assert_eq!((first.status, resent(first)), (Status::Error, None));
    assert_eq!((second.status, resent(second)), (Status::Ok, Some(1)));
    assert_eq!(mock.event("connection refused").tag("ai.attempt"), Some("1"));
}

#[ai_agent(name = "planner")]
async fn plan() {
    let call = current_ai_call();
    let task = monitor_runtime::spawn(async move { ask_until_it_is_json().await.is_ok() });
    assert!(task.await.unwrap());
    assert!(call.is_running());
}

#[tokio::test]
async fn an_agent_has_the_sum_of_all_attempts() {
    let mock = MockBackend::install();
    plan().await;
    let agent = mock.span("invoke_agent planner");
    assert_eq!(count(&agent, "gen_ai.usage.total_tokens"), Some(36));
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn ask_the_other() -> Usage {
    current_ai_call().set_model("gpt-4o-mini");
    Usage::new(10, 1)
}

#[test]
fn another_model_may_be_asked() {
    let mock = MockBackend::install();
    ask_the_other();
    let span = mock.span("chat gpt-4o-mini");
    let model = span.attributes().iter().filter(|(key, _)| key == "gen_ai.request.model");
    let model: Vec<_> = model.map(|(_, value)| value.as_str()).collect();
    assert_eq!(model, [Some("gpt-4o-mini")]);
}

#[traced]
fn outside() {
    current_ai_call().attempt();
    current_ai_call().record_usage((1, 1));
    assert!(!current_ai_call().is_running());
}

#[test]
fn outside_of_calls_and_of_backends_nothing_happens() {
    current_ai_call().attempt();
    ask(2).unwrap();
    let mock = MockBackend::install();
    outside();
    let call = {
        #[ai_call(provider = "openai", model = "gpt-4o")]
        fn leak() -> (monitor_runtime::AiCallHandle, Duration) {
            (current_ai_call(), Duration::ZERO)
        }
        leak().0
    };
    // It has ended.
    call.attempt();
    call.record_usage((1, 1));
    let spans = mock.spans();
    assert!(spans.iter().all(|span| span.attribute("gen_ai.usage.input_tokens").is_none()));
    mock.assert_no_events();
}
