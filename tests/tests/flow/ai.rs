//! AI calls.

use monitor_runtime::{Config, MockBackend, Status, TokenUsage, Usage, Value, ai_call, traced};

use crate::failure::Refused;

struct Completion {
    sent: u64,
    received: u64,
}

impl TokenUsage for Completion {
    fn token_usage(&self) -> Option<Usage> {
        Some(Usage::new(self.sent, self.received).with_cache_read(4))
    }
}

#[ai_call(
    provider = "openai",
    model = "gpt-4o",
    prompt = prompt,
    conversation = "conv-1",
    agent = "Support Bot"
)]
async fn complete(prompt: &str) -> Result<Completion, Refused> {
    if prompt.is_empty() {
        return Err(Refused("the provider"));
    }
    Ok(Completion { sent: 10, received: 5 })
}

#[tokio::test]
async fn tokens_are_read_from_the_response() {
    let mock = MockBackend::install();
    assert!(complete("a secret prompt").await.is_ok());
    let span = mock.span("chat gpt-4o");
    let value = |key| span.attribute(key).cloned();
    assert_eq!(span.op(), "gen_ai.chat");
    assert_eq!(value("gen_ai.operation.name"), Some("chat".into()));
    assert_eq!(value("gen_ai.provider.name"), Some("openai".into()));
    assert_eq!(value("gen_ai.request.model"), Some("gpt-4o".into()));
    assert_eq!(value("gen_ai.agent.name"), Some("Support Bot".into()));
    assert_eq!(value("gen_ai.conversation.id"), Some("conv-1".into()));
    assert_eq!(value("gen_ai.usage.input_tokens"), Some(Value::U64(10)));
    assert_eq!(value("gen_ai.usage.output_tokens"), Some(Value::U64(5)));
    assert_eq!(value("gen_ai.usage.cache_read.input_tokens"), Some(Value::U64(4)));
    assert_eq!(value("gen_ai.usage.total_tokens"), Some(Value::U64(15)));
    assert!(!mock.snapshot().contains("secret"), "prompts are off by default");
}

#[tokio::test]
async fn prompts_are_recorded_where_that_is_allowed() {
    let mock = MockBackend::install_with(
        Config::new().with_send_default_pii(true).with_traces_sample_rate(1.0),
    );
    assert!(complete("why is the sky blue?").await.is_ok());
    let prompt = mock.span("chat gpt-4o").attribute("gen_ai.input.messages").cloned();
    let expected =
        r#"[{"role":"user","parts":[{"type":"text","content":"why is the sky blue?"}]}]"#;
    assert_eq!(prompt, Some(expected.into()));
}

#[tokio::test]
async fn a_failed_call_is_an_error_with_provider_and_model() {
    let mock = MockBackend::install();
    assert!(complete("").await.is_err());
    let event = mock.event("refused by the provider");
    assert_eq!(event.tag("ai.provider"), Some("openai"));
    assert_eq!(event.tag("ai.model"), Some("gpt-4o"));
    assert_eq!(event.tag("ai.operation"), Some("chat"));
    assert_eq!(mock.span("chat gpt-4o").status, Status::Error);
}

struct Request {
    model: String,
}

#[ai_call(provider = "anthropic", model = &request.model, usage = |text: &String| {
    let words = text.split(' ').count() as u64;
    Usage::new(words, 1)
})]
fn count(request: &Request) -> String {
    format!("three words {}", request.model)
}

#[ai_call(provider = "openai", op = execute_tool, tool = "search")]
fn tool() {}

#[traced]
fn by_expression() {
    let _ = count(&Request { model: "claude-x".into() });
    tool();
}

#[test]
fn model_and_usage_may_be_expressions() {
    let mock = MockBackend::install();
    by_expression();
    let span = mock.span("chat claude-x");
    assert_eq!(span.attribute("gen_ai.usage.input_tokens"), Some(&Value::U64(3)));
    let tool = mock.span("execute_tool search");
    assert_eq!(tool.op(), "gen_ai.execute_tool");
    assert_eq!(tool.attribute("gen_ai.usage.total_tokens"), None);
}
