//! The functions of a program that asks OpenAI's models, as its author would write them.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::chat::{
    ChatCompletionRequestUserMessage, ChatCompletionResponseStream, ChatCompletionStreamOptions,
    CreateChatCompletionRequest, CreateChatCompletionRequestArgs, CreateChatCompletionResponse,
};
use monitor_runtime::ai_call;
use monitor_tests::ModelServer;

/// A program's client.
pub(crate) struct Chat {
    client: Client<OpenAIConfig>,
}

impl Chat {
    pub(crate) fn of(server: &ModelServer) -> Self {
        let config = OpenAIConfig::new().with_api_base(server.url()).with_api_key("none");
        // Without the tries that the client makes by itself.
        let client = Client::with_config(config).with_http_service(ReqwestService::default());
        Self { client }
    }

    #[ai_call(
        provider = "openai",
        model = &request.model,
        params(temperature = request.temperature),
        prompt = text_of(&request),
        output = |answer| answer.choices.first()?.message.content.as_deref(),
    )]
    pub(crate) async fn ask(
        &self,
        request: CreateChatCompletionRequest,
    ) -> Result<CreateChatCompletionResponse, OpenAIError> {
        self.client.chat().create(request).await
    }

    #[ai_call(
        provider = "openai",
        model = &request.model,
        prompt = text_of(&request),
        output = |chunk| chunk.choices.first()?.delta.content.as_deref(),
    )]
    pub(crate) async fn stream(
        &self,
        request: CreateChatCompletionRequest,
    ) -> Result<ChatCompletionResponseStream, OpenAIError> {
        self.client.chat().create_stream(request).await
    }
}

/// One message of a user, with usage in the stream.
pub(crate) fn request(text: &str) -> CreateChatCompletionRequest {
    CreateChatCompletionRequestArgs::default()
        .model("gpt-4o")
        .temperature(0.5)
        .messages([ChatCompletionRequestUserMessage::from(text).into()])
        .stream_options(ChatCompletionStreamOptions {
            include_usage: Some(true),
            include_obfuscation: None,
        })
        .build()
        .unwrap()
}

fn text_of(request: &CreateChatCompletionRequest) -> String {
    format!("{:?}", request.messages)
}

/// Usage as OpenAI reports it of a cached prompt and a model that thinks.
pub(crate) const USAGE: &str = r#"{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,
    "prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},
    "completion_tokens_details":{"reasoning_tokens":64,"audio_tokens":0,
        "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#;

/// A whole answer.
pub(crate) fn answer(text: &str) -> String {
    format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-2024-08-06",
            "choices":[{{"index":0,"finish_reason":"stop",
                "message":{{"role":"assistant","content":"{text}","refusal":null}}}}],
            "usage":{USAGE}}}"#
    )
}

/// A piece of an answer: a delta and a reason to stop, as JSON.
pub(crate) fn piece(delta: &str, finish: &str) -> String {
    format!(
        r#"{{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[{{"index":0,"delta":{delta},"finish_reason":{finish}}}]}}"#
    )
}

/// The pieces of an answer, from who speaks to what it cost.
pub(crate) fn pieces(texts: &[&str]) -> Vec<String> {
    let text = |text: &&str| piece(&format!(r#"{{"content":"{text}"}}"#), "null");
    let mut pieces = vec![piece(r#"{"role":"assistant","content":""}"#, "null")];
    pieces.extend(texts.iter().map(text));
    pieces.push(piece("{}", "\"stop\""));
    pieces.push(format!(
        r#"{{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[],"usage":{}}}"#,
        USAGE.replace('\n', "")
    ));
    pieces
}
