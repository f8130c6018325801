//! Every operation of `#[ai_call]`, every argument, and every form of a stream.
#![deny(warnings)]

use std::borrow::Cow;
use std::pin::Pin;

use futures_util::stream::{BoxStream, Stream, iter};
use monitor_runtime::{BudgetExceeded, TokenUsage, Usage, ai_agent, ai_call, ai_tool, traced};

#[derive(Clone)]
struct Answer {
    text: String,
    model: Option<String>,
    tokens: (u64, u64),
}

impl TokenUsage for Answer {
    fn token_usage(&self) -> Option<Usage> {
        Some(self.tokens.into())
    }
}

fn answer(text: &str) -> Answer {
    Answer { text: text.to_owned(), model: None, tokens: (1, 2) }
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

#[ai_call(op = invoke_agent, agent = name, prompt = format!("be {name}"))]
fn agent(name: &str) -> String {
    name.to_owned()
}

#[ai_call(provider = "openai", op = create_agent, agent = "planner", model = "m")]
fn create() {}

#[ai_call(op = execute_tool, tool = "search")]
fn tool() -> Option<Answer> {
    None
}

#[traced(op = "custom", name = "mine", fields(count), tags(count))]
#[ai_call(provider = "gcp.gemini", op = generate_content, model = "gemini")]
fn with_traced(count: u8) -> Result<(), String> {
    Err(count.to_string())
}

enum Refused {
    Spent(BudgetExceeded),
    No,
}

impl From<BudgetExceeded> for Refused {
    fn from(exceeded: BudgetExceeded) -> Self {
        Self::Spent(exceeded)
    }
}

struct Request {
    model: String,
    limit: Option<u32>,
    user: u64,
    opted_out: bool,
}

#[ai_call(
    provider = custom("gateway"),
    op = chat,
    model = &request.model,
    response_model = |answer| &answer.model,
    finish_reason = |_| "stop",
    response_id = |answer| Some(answer.text.clone()),
    params(temperature = 0.5, top_p = 1, max_tokens = request.limit, seed = 7_u64),
    input = messages.join("\n"),
    output = |answer| Cow::from(answer.text.as_str()),
    skip = request.opted_out,
    pipeline = "support",
    prompt_name = "greeting",
    user = request.user,
    errors = span_only,
    attempt = attempt,
    cost = span,
    budget = deny("chat"),
)]
async fn everything(request: &Request, messages: Vec<String>, attempt: u32) -> Result<Answer, Refused> {
    if request.opted_out { Err(Refused::No) } else { Ok(answer(&messages[0])) }
}

/// A client's name for its stream.
type ChatStream = Pin<Box<dyn Stream<Item = Result<Answer, String>> + Send>>;

#[ai_call(
    provider = "openai",
    model = "m",
    usage = |piece| piece.tokens,
    output = |piece| piece.text.as_str(),
    slow_ttft(ms = 2000),
)]
async fn streamed(text: String) -> Result<ChatStream, String> {
    let pieces: Vec<_> = text.split(' ').map(|word| Ok(answer(word))).collect();
    Ok(Box::pin(iter(pieces)))
}

#[ai_call(provider = "openai", model = "m")]
fn borrowed<'a>(texts: &'a [Answer]) -> BoxStream<'a, &'a Answer> {
    Box::pin(iter(texts))
}

#[ai_call(provider = "openai", model = "m")]
async fn opaque(text: &str) -> Result<impl Stream<Item = Answer>, String> {
    Ok(iter([answer(text)]))
}

#[ai_call(provider = "openai", model = "m")]
fn generic<S: Stream<Item = T>, T: TokenUsage>(stream: S) -> impl Stream<Item = T> {
    stream
}

struct TokenStream;

#[ai_call(provider = "openai", model = "m", stream = false)]
fn no_stream() -> TokenStream {
    TokenStream
}

#[ai_agent]
async fn plan() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    search("x")?;
    Ok(())
}

#[ai_tool(description = "Finds", arguments = query, result = |found| found, skip, errors = none)]
fn search(query: &str) -> Result<String, std::fmt::Error> {
    Ok(query.to_owned())
}

fn main() {
    drop(by_its_type("m", String::new()));
    assert_eq!(by_a_closure().unwrap().text, "x");
    assert_eq!(by_a_function().text, "x");
    assert_eq!(agent("a"), "a");
    create();
    assert!(tool().is_none());
    assert!(with_traced(1).is_err());
    let request = Request { model: String::new(), limit: None, user: 1, opted_out: false };
    drop(everything(&request, Vec::new(), 1));
    drop(Refused::No);
    if let Refused::Spent(exceeded) = Refused::No {
        drop(exceeded);
    }
    is_send(streamed(String::new()));
    drop(borrowed(&[answer("a")]));
    drop(opaque("a"));
    drop(generic(iter([answer("a")])));
    let TokenStream = no_stream();
    is_send(plan());
}

fn is_send(_: impl Send) {}
