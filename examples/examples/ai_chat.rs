//! A chat agent with a tool, a stream and a budget, by the real async-openai client against a model server
//! on the loopback interface. Run it with `cargo run --example ai_chat`.

#[path = "../support/model_server.rs"]
mod model_server;

use std::error::Error;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::types::chat::{
    ChatCompletionMessageToolCalls, ChatCompletionRequestMessage, ChatCompletionRequestUserMessage,
    ChatCompletionResponseStream, ChatCompletionStreamOptions, CreateChatCompletionRequest,
    CreateChatCompletionRequestArgs, CreateChatCompletionResponse,
};
use futures_util::StreamExt;
use monitor_runtime::{
    AiBudget, AiPrices, BudgetExceeded, BudgetKey, BudgetLimit, Config, ModelPrice, ai_agent,
    ai_call, ai_tool, traced,
};

struct Chat {
    client: Client<OpenAIConfig>,
}

impl Chat {
    /// A question of a user. The agent, its calls and its tool are one tree.
    #[traced(op = "http.server", name = "POST /chat", user = user)]
    async fn handle(&self, user: u64, question: &str) -> Result<String, ChatError> {
        self.converse(question, &format!("conversation-{user}")).await
    }

    #[ai_agent(name = "travel guide", conversation = conversation)]
    async fn converse(&self, question: &str, conversation: &str) -> Result<String, ChatError> {
        let answer = self.ask(request(question, false)?).await?;
        let calls = answer.choices.into_iter().find_map(|choice| choice.message.tool_calls);
        let mut found = String::new();
        for call in calls.unwrap_or_default() {
            if let ChatCompletionMessageToolCalls::Function(call) = call {
                found += &weather(&call.function.arguments).await;
            }
        }
        let mut stream = self.stream(request(&found, true)?).await?;
        let mut text = String::new();
        while let Some(piece) = stream.next().await {
            text.extend(piece?.choices.into_iter().filter_map(|choice| choice.delta.content));
        }
        Ok(text)
    }

    /// The tokens are found in the client's own types.
    #[ai_call(
        provider = "openai",
        model = &request.model,
        params(temperature = request.temperature),
        budget = deny("chat"),
    )]
    async fn ask(
        &self,
        request: CreateChatCompletionRequest,
    ) -> Result<CreateChatCompletionResponse, ChatError> {
        Ok(self.client.chat().create(request).await?)
    }

    /// The span ends with the stream, and the stream's type stays what it is.
    #[ai_call(provider = "openai", model = &request.model, budget = deny("chat"))]
    async fn stream(
        &self,
        request: CreateChatCompletionRequest,
    ) -> Result<ChatCompletionResponseStream, ChatError> {
        Ok(self.client.chat().create_stream(request).await?)
    }
}

/// What the model gave it, and what the model gets, are recorded only where the config allows it.
#[ai_tool(description = "Tells the weather", arguments = city, result = |found| found)]
async fn weather(city: &str) -> String {
    format!("sunny in {city}")
}

fn request(text: &str, stream: bool) -> Result<CreateChatCompletionRequest, OpenAIError> {
    let message: ChatCompletionRequestMessage = ChatCompletionRequestUserMessage::from(text).into();
    let mut request = CreateChatCompletionRequestArgs::default();
    request.model("gpt-4o").temperature(0.2).messages([message]);
    if stream {
        // Without it OpenAI doesn't say what a stream used.
        let usage = Some(true);
        request.stream_options(ChatCompletionStreamOptions {
            include_usage: usage,
            include_obfuscation: None,
        });
    }
    request.build()
}

#[derive(Debug)]
enum ChatError {
    Provider(OpenAIError),
    OverBudget(BudgetExceeded),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let budget = AiBudget::new("chat", BudgetLimit::Tokens(3_000)).per(BudgetKey::User).denying();
    let prices = AiPrices::new()
        .with_model("gpt-4o", ModelPrice::per_million(2.5, 10.0).with_cache_read(1.25));
    let config = Config::from_env()?
        .with_ai_budget(budget)
        .with_ai_prices(prices)
        .with_ai_cost_on_spans(true);
    let _guard = monitor_runtime::init(config)?;
    let server = OpenAIConfig::new().with_api_base(model_server::start()?).with_api_key("none");
    let chat = Chat { client: Client::with_config(server) };
    for (user, question) in [(1, "Lisbon?"), (1, "And tomorrow?"), (2, "Lisbon?")] {
        match chat.handle(user, question).await {
            Ok(text) => println!("user {user}: {text}"),
            Err(error) => println!("user {user}: {error}"),
        }
    }
    Ok(())
}

impl std::fmt::Display for ChatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Provider(error) => write!(f, "no answer: {error}"),
            Self::OverBudget(exceeded) => write!(f, "no call: {exceeded}"),
        }
    }
}

impl Error for ChatError {}

impl From<OpenAIError> for ChatError {
    fn from(error: OpenAIError) -> Self {
        Self::Provider(error)
    }
}

impl From<BudgetExceeded> for ChatError {
    fn from(exceeded: BudgetExceeded) -> Self {
        Self::OverBudget(exceeded)
    }
}
