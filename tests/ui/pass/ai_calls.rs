//! Every operation of `#[ai_call]`, and every way to say what it used.
#![deny(warnings)]

use monitor_runtime::{TokenUsage, Usage, ai_call, traced};

struct Answer {
    text: String,
    tokens: (u64, u64),
}

impl TokenUsage for Answer {
    fn token_usage(&self) -> Option<Usage> {
        Some(self.tokens.into())
    }
}

fn answer(text: &str) -> Answer {
    Answer { text: text.to_owned(), tokens: (1, 2) }
}

#[ai_call(provider = "openai", model = model, prompt = question, conversation = question.len())]
async fn by_its_type(model: &str, question: String) -> Result<Answer, String> {
    let _ = model;
    Ok(answer(&question))
}

#[ai_call(provider = "openai", op = text_completion, model = "m", usage = |answer| answer.tokens)]
fn by_a_closure() -> Result<Answer, String> {
    Ok(answer("x"))
}

#[ai_call(provider = "openai", op = "embeddings", model = "m", usage = used)]
fn by_a_function() -> Answer {
    answer("x")
}

fn used(answer: &Answer) -> Option<Usage> {
    answer.token_usage()
}

#[ai_call(provider = "openai", op = invoke_agent, agent = name, prompt = format!("be {name}"))]
fn agent(name: &str) -> String {
    name.to_owned()
}

#[ai_call(provider = "openai", op = create_agent, agent = "planner", model = "m")]
fn create() {}

#[ai_call(provider = "openai", op = execute_tool, tool = "search")]
fn tool() -> Option<Answer> {
    None
}

#[traced(op = "custom", name = "mine", fields(count), tags(count))]
#[ai_call(provider = "gcp", op = generate_content, model = "gemini")]
fn with_traced(count: u8) -> Result<(), String> {
    Err(count.to_string())
}

fn main() {
    drop(by_its_type("m", String::new()));
    assert_eq!(by_a_closure().unwrap().text, "x");
    assert_eq!(by_a_function().text, "x");
    assert_eq!(agent("a"), "a");
    create();
    assert!(tool().is_none());
    assert!(with_traced(1).is_err());
}
