//! Agents, the calls that they make, and the tools that models ask for.

use monitor_runtime::record::Value;
use monitor_runtime::{
    MockBackend, Status, TokenUsage, Usage, ai_agent, ai_call, ai_tool, spawn, traced,
};

use crate::failure::Refused;

struct Answer(Usage);

impl TokenUsage for Answer {
    fn token_usage(&self) -> Option<Usage> {
        Some(self.0)
    }
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn ask(input: u64, output: u64) -> Result<Answer, Refused> {
    if input == 0 {
        return Err(Refused("the provider"));
    }
    Ok(Answer(Usage::new(input, output).with_cache_read(1)))
}

#[ai_call(provider = "openai", op = embeddings, model = "small")]
async fn embed() -> Answer {
    let mut usage = Usage::default();
    usage.input = Some(5);
    Answer(usage)
}

#[ai_tool(description = "Finds flights")]
async fn search() -> u32 {
    ask(20, 2).await.map_or(0, |_| 3)
}

#[ai_agent(name = "planner", conversation = chat, pipeline = "travel")]
async fn plan(chat: u32) -> Result<u32, Refused> {
    ask(100, 10).await?;
    let found = search().await;
    ask(200, 20).await?;
    Ok(found)
}

#[traced]
async fn request() {
    plan(7).await.unwrap();
}

#[tokio::test]
async fn an_agent_has_the_sum_of_the_calls_inside() {
    let mock = MockBackend::install();
    request().await;
    let tree = mock.snapshot();
    let names: Vec<&str> = tree.lines().filter(|line| line.contains("] ok")).collect();
    assert_eq!(
        names,
        [
            "transaction request [function] ok",
            "  invoke_agent planner [gen_ai.invoke_agent] ok",
            "    chat gpt-4o [gen_ai.chat] ok",
            "    execute_tool search [gen_ai.execute_tool] ok",
            "      chat gpt-4o [gen_ai.chat] ok",
            "    chat gpt-4o [gen_ai.chat] ok",
        ]
    );
    let agent = mock.span("invoke_agent planner");
    let count = |key: &str| agent.attribute(key).and_then(Value::as_u64);
    assert_eq!(count("gen_ai.usage.input_tokens"), Some(320));
    assert_eq!(count("gen_ai.usage.output_tokens"), Some(32));
    assert_eq!(count("gen_ai.usage.cache_read.input_tokens"), Some(3));
    assert_eq!(count("gen_ai.usage.reasoning.output_tokens"), None, "nobody said it");
    assert_eq!(count("gen_ai.usage.total_tokens"), Some(352));
    let tool = mock.span("execute_tool search");
    assert_eq!(tool.attribute("gen_ai.tool.description"), Some(&"Finds flights".into()));
    assert_eq!(tool.attribute("gen_ai.usage.input_tokens"), None);
    for span in mock.spans().iter().filter(|span| span.op().starts_with("gen_ai.")) {
        let text = |key: &str| span.attribute(key).and_then(Value::as_str);
        assert_eq!(text("gen_ai.agent.name"), Some("planner"), "{}", span.name());
        assert_eq!(text("gen_ai.pipeline.name"), Some("travel"), "{}", span.name());
        assert_eq!(text("gen_ai.conversation.id"), Some("7"), "{}", span.name());
    }
}

#[ai_agent(name = "outer")]
async fn outer() {
    let inner = spawn(inner());
    ask(1, 1).await.unwrap();
    inner.await.unwrap();
}

#[ai_agent]
async fn inner() {
    let asked = [spawn(ask(10, 1)), spawn(ask(20, 2))];
    for one in asked {
        one.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn calls_in_other_tasks_count_for_each_agent_around_them() {
    let mock = MockBackend::install();
    outer().await;
    let input =
        |name: &str| mock.span(name).attribute("gen_ai.usage.input_tokens").and_then(Value::as_u64);
    assert_eq!(input("invoke_agent inner"), Some(30));
    assert_eq!(input("invoke_agent outer"), Some(31));
    let of_inner = mock.spans().into_iter().filter(|span| {
        span.attribute("gen_ai.agent.name") == Some(&"inner".into()) && span.op() == "gen_ai.chat"
    });
    assert_eq!(of_inner.count(), 2, "the nearest agent is the one that asks");
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn with_retries() -> Result<Answer, Refused> {
    let mut answer = ask(0, 0).await;
    if answer.is_err() {
        answer = ask(7, 3).await;
    }
    embed().await;
    answer
}

#[ai_agent(name = "patient")]
async fn patient() {
    with_retries().await.unwrap();
}

#[tokio::test]
async fn a_call_around_a_call_is_a_plain_span() {
    let mock = MockBackend::install();
    patient().await;
    let spans = mock.spans();
    let plain = spans.iter().find(|span| span.op() == "function").unwrap();
    assert_eq!(plain.name(), "chat gpt-4o");
    assert!(plain.attributes().is_empty(), "{:?}", plain.attributes());
    let inside: Vec<_> = spans.iter().filter(|span| span.op() == "gen_ai.chat").collect();
    assert_eq!(inside.len(), 2);
    assert_eq!(inside[0].status, Status::Error);
    let agent = mock.span("invoke_agent patient");
    assert_eq!(agent.attribute("gen_ai.usage.input_tokens"), Some(&Value::U64(12)));
}

/// One that knows by itself what its models used.
#[ai_agent(name = "framework", usage = |tokens| *tokens)]
fn framework() -> (u64, u64) {
    (40, 4)
}

#[ai_agent(name = "outermost")]
fn outermost() {
    framework();
}

#[test]
fn an_agent_without_calls_inside_may_say_what_it_used() {
    let mock = MockBackend::install();
    outermost();
    for agent in ["framework", "outermost"] {
        let span = mock.span(&format!("invoke_agent {agent}"));
        assert_eq!(span.attribute("gen_ai.usage.input_tokens"), Some(&Value::U64(40)), "{agent}");
    }
}
