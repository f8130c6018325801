//! What AI calls take of budgets, and what is counted of them whatever is sampled.

use std::future::Future;
use std::pin::Pin;

use futures_util::stream::{self, BoxStream, StreamExt};
use monitor_runtime::record::Value;
use monitor_runtime::{
    AiBudget, AiPrices, BudgetExceeded, BudgetKey, BudgetLimit, Config, MockBackend, ModelPrice,
    Status, Usage, ai_agent, ai_call,
};

#[derive(Debug, PartialEq)]
enum ChatError {
    Spent(&'static str),
}

impl std::fmt::Display for ChatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no chat")
    }
}

impl std::error::Error for ChatError {}

impl From<BudgetExceeded> for ChatError {
    fn from(exceeded: BudgetExceeded) -> Self {
        Self::Spent(exceeded.budget())
    }
}

#[ai_call(provider = "openai", model = "gpt-4o", user = user, budget = deny("chat"))]
async fn ask(user: u64, tokens: u64) -> Result<Usage, ChatError> {
    Ok(Usage::new(tokens, 0))
}

#[ai_call(provider = "openai", model = "gpt-4o", user = 1, budget = deny("chat"))]
fn ask_sync() -> Result<Usage, ChatError> {
    Ok(Usage::new(1, 0))
}

#[ai_call(provider = "openai", model = "gpt-4o", user = 1, budget = deny("chat"))]
fn ask_by_a_future() -> Pin<Box<dyn Future<Output = Result<Usage, ChatError>> + Send>> {
    Box::pin(async { Ok(Usage::new(1, 0)) })
}

#[ai_call(provider = "openai", model = "gpt-4o", user = 1, budget = deny("chat"))]
async fn ask_for_a_stream() -> Result<BoxStream<'static, Usage>, ChatError> {
    Ok(stream::iter([Usage::new(1, 0)]).boxed())
}

#[ai_call(provider = "openai", model = "gpt-4o", user = 1, budget = "chat")]
fn ask_anyway() -> Usage {
    Usage::new(1, 0)
}

#[ai_agent(name = "planner")]
async fn plan_over_budget() -> Result<Usage, ChatError> {
    ask(1, 1).await
}

#[tokio::test]
async fn a_call_over_its_budget_is_not_made_but_where_it_only_tells() {
    let budget = AiBudget::new("chat", BudgetLimit::Tokens(100)).per(BudgetKey::User).denying();
    let mock = MockBackend::install_with(
        Config::new().with_traces_sample_rate(1.0).with_ai_budget(budget),
    );
    assert!(ask(1, 100).await.is_ok());
    assert_eq!(ask(1, 1).await, Err(ChatError::Spent("chat")));
    assert!(ask(2, 1).await.is_ok(), "each user has a budget");
    assert_eq!(ask_sync(), Err(ChatError::Spent("chat")));
    assert_eq!(ask_by_a_future().await, Err(ChatError::Spent("chat")));
    assert!(ask_for_a_stream().await.is_err());
    assert!(plan_over_budget().await.is_err());
    ask_anyway();
    let spans = mock.spans();
    let denied = spans.iter().filter(|span| {
        span.attribute("error.type") == Some(&"budget_exceeded".into())
            && span.status == Status::Error
            && span.attribute("gen_ai.usage.input_tokens").is_none()
    });
    assert_eq!((spans.len(), denied.count()), (9, 5));
    // The budget tells, once; the calls that it denies don't.
    assert!(mock.errors().is_empty());
    mock.event("AI budget `chat` is spent");
}

#[ai_call(provider = "openai", model = "gpt-4o", cost = span)]
fn priced() -> Usage {
    Usage::new(1_000_000, 1_000_000)
}

#[ai_call(provider = "openai", model = "gpt-4o", cost = off)]
fn unpriced() -> Usage {
    Usage::new(1_000_000, 1_000_000)
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn around() -> Usage {
    priced()
}

#[ai_agent(name = "planner")]
async fn plan() {
    around();
    unpriced();
    let pieces = streamed().await.unwrap();
    assert_eq!(pieces.count().await, 3);
    let mut pieces = streamed().await.unwrap();
    pieces.next().await;
}

#[ai_call(provider = "openai", model = "stream", usage = |piece| *piece)]
async fn streamed() -> Result<BoxStream<'static, Option<(u64, u64)>>, ChatError> {
    Ok(stream::iter([None, None, Some((5, 2))]).boxed())
}

fn config(rate: f64) -> Config {
    let prices = AiPrices::new().with_model("gpt-4o", ModelPrice::per_million(2.0, 8.0));
    Config::new().with_traces_sample_rate(rate).with_metrics(true).with_ai_prices(prices)
}

#[tokio::test]
async fn tokens_and_cost_are_counted_once_sampled_or_not() {
    for rate in [1.0, 0.0] {
        let mock = MockBackend::install_with(config(rate));
        plan().await;
        let chat = [("gen_ai.request.model", "gpt-4o"), ("gen_ai.token.type", "input")];
        let tokens = mock.metric_with("gen_ai.client.token.usage", &chat);
        let tokens = tokens.distribution().unwrap();
        assert_eq!((tokens.count(), tokens.sum()), (2, 2e6), "rate {rate}");
        let cost = mock.metric("gen_ai.client.cost");
        let cost = cost.distribution().unwrap();
        assert_eq!((cost.count(), cost.sum()), (1, 10.0), "rate {rate}");
        let streamed = [("gen_ai.request.model", "stream"), ("gen_ai.token.type", "output")];
        let tokens = mock.metric_with("gen_ai.client.token.usage", &streamed);
        assert_eq!(tokens.distribution().unwrap().sum(), 2.0, "rate {rate}");
        assert_eq!(mock.metric("gen_ai.client.streams.abandoned").count(), 1, "rate {rate}");
        let agents = mock.metric("gen_ai.invoke_agent.duration");
        assert_eq!(agents.distribution().unwrap().count(), 1, "rate {rate}");
        assert_eq!(mock.spans().is_empty(), rate == 0.0);
    }
}

#[test]
fn the_cost_is_on_the_span_that_asks_for_it() {
    let mock = MockBackend::install_with(config(1.0));
    priced();
    unpriced();
    let costs: Vec<_> = mock
        .spans()
        .iter()
        .map(|span| span.attribute("gen_ai.cost.total_tokens").cloned())
        .collect();
    assert_eq!(costs, [Some(Value::F64(10.0)), None]);
}
