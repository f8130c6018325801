//! `#[ai_call]`: calls of AI models with their tokens. Run it with `cargo run --example ai_call`.

use monitor_runtime::{Config, ConfigError, TokenUsage, Usage, ai_call};

struct Completion {
    text: String,
    tokens: (u64, u64),
}

/// How `#[ai_call]` finds the tokens in what a function returns.
impl TokenUsage for Completion {
    fn token_usage(&self) -> Option<Usage> {
        Some(self.tokens.into())
    }
}

/// The prompt is recorded only where `Config::with_send_default_pii` allows it.
#[ai_call(provider = "openai", model = model, prompt = prompt)]
async fn complete(model: &str, prompt: &str) -> Result<Completion, String> {
    if model == "gpt-1" {
        return Err(format!("the model `{model}` does not exist"));
    }
    Ok(Completion { text: prompt.to_uppercase(), tokens: (prompt.len() as u64, 12) })
}

/// An agent calls several models. What fails inside it is captured once.
#[ai_call(provider = "openai", op = invoke_agent, agent = "planner")]
async fn plan(goal: &str) -> Result<String, String> {
    let first = complete("gpt-4o", goal).await?;
    complete("gpt-1", &first.text).await.map(|second| second.text)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ConfigError> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    println!("{:?}", plan("three days in Lisbon").await);
    Ok(())
}
