//! What `#[ai_call]` reads from the response types of other crates, none of which knows of it.

use monitor_runtime::{MockBackend, Value, ai_call};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

/// A fixture of the main tests: each provider's own form.
fn fixture(name: &str) -> Json {
    let path = format!("{}/../fixtures/ai/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn typed<T: DeserializeOwned>(json: &Json) -> T {
    // Some types borrow from the text.
    serde_json::from_str(json.to_string().leak()).unwrap()
}

/// The facts on the call's span, in the order in which they are written.
fn facts(mock: &MockBackend) -> Vec<(String, String)> {
    let span = mock.span("chat m");
    let said = |key: &str| key.starts_with("gen_ai.usage.") || key.starts_with("gen_ai.response.");
    let facts = span.attributes().iter().filter(|(key, _)| said(key) || key.starts_with("monitor."));
    facts
        .map(|(key, value)| (key.trim_start_matches("gen_ai.").to_owned(), value.to_string()))
        .collect()
}

/// `[input, output, cache_read, cache_creation, reasoning]`, model, id and reasons.
fn expected(counts: [Option<u64>; 5], texts: [&str; 3]) -> Vec<(String, String)> {
    let [input, output, read, written, reasoning] = counts;
    let total = input.unwrap_or(0) + output.unwrap_or(0);
    let count = |key: &str, count: Option<u64>| Some((format!("usage.{key}"), count?.to_string()));
    let text = |key: &str, text: &str| {
        (!text.is_empty()).then(|| (format!("response.{key}"), text.to_owned()))
    };
    [
        count("input_tokens", input),
        count("output_tokens", output),
        count("cache_read.input_tokens", read),
        count("cache_creation.input_tokens", written),
        count("reasoning.output_tokens", reasoning),
        count("total_tokens", Some(total)),
        text("model", texts[0]),
        text("id", texts[1]),
        text("finish_reasons", texts[2]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A function that returns a response of this type, as people write them.
macro_rules! reads {
    ($($test:ident: $type:ty = $json:expr => $counts:expr, $texts:expr;)*) => {$(
        #[test]
        fn $test() {
            #[ai_call(provider = "openai", model = "m")]
            fn ask(response: $type) -> Result<$type, String> {
                Ok(response)
            }
            let response: $type = typed(&$json);
            let mock = MockBackend::install();
            assert!(ask(response).is_ok());
            assert_eq!(facts(&mock), expected($counts, $texts));
            assert!(!mock.snapshot().contains("CANARY"), "nothing of the answer is recorded");
        }
    )*};
}

reads! {
    async_openai_chat: async_openai::types::chat::CreateChatCompletionResponse =
        fixture("openai_chat")["whole"]
        => [Some(2006), Some(300), Some(1920), None, Some(64)],
        ["gpt-4o-2024-08-06", "chatcmpl-1", r#"["stop"]"#];
    async_openai_chat_chunk: async_openai::types::chat::CreateChatCompletionStreamResponse =
        fixture("openai_chat")["stream"][4]
        => [Some(2006), Some(300), Some(1920), None, Some(64)],
        ["gpt-4o-2024-08-06", "chatcmpl-1", ""];
    async_openai_responses: async_openai::types::responses::Response =
        fixture("openai_responses")["whole"]
        => [Some(2006), Some(300), Some(1920), None, Some(64)],
        ["gpt-5-2025-08-07", "resp_1", r#"["completed"]"#];
    async_openai_responses_event: async_openai::types::responses::ResponseStreamEvent =
        fixture("openai_responses")["stream"][3]
        => [Some(2006), Some(300), Some(1920), None, Some(64)],
        ["gpt-5-2025-08-07", "resp_1", r#"["completed"]"#];
    async_openai_embeddings: async_openai::types::embeddings::CreateEmbeddingResponse =
        fixture("openai_embeddings")["whole"]
        => [Some(8), None, None, None, None], ["text-embedding-3-small", "", ""];
    ollama_rs_chat: ollama_rs::generation::chat::ChatMessageResponse =
        fixture("ollama_chat")["whole"]
        => [Some(26), Some(298), None, None, None], ["llama3.2", "", ""];
    misanthropic_message: misanthropic::response::Message =
        fixture("anthropic_messages")["whole"]
        => [Some(10207), Some(120), Some(200), Some(10000), Some(40)],
        ["claude-sonnet-4-5-20250929", "msg_1", r#"["end_turn"]"#];
    genai_chat: genai::chat::ChatResponse = json!({
            "content": [{"Text": "CANARY"}],
            "model_iden": {"adapter_kind": "OpenAI", "model_name": "gpt-4o"},
            "provider_model_iden": {"adapter_kind": "OpenAI", "model_name": "gpt-4o-2024-08-06"},
            "stop_reason": {"Completed": "stop"},
            "usage": {"prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
                "prompt_tokens_details": {"cached_tokens": 1920, "cache_creation_tokens": 10},
                "completion_tokens_details": {"reasoning_tokens": 64}},
        })
        => [Some(2006), Some(300), Some(1920), Some(10), Some(64)],
        ["gpt-4o-2024-08-06", "", r#"["stop"]"#];
    rig_completion: rig_core::completion::CompletionResponse = json!({
            "choice": [{"type": "text", "text": "CANARY"}],
            "usage": {"input_tokens": 10207, "output_tokens": 120, "total_tokens": 10327,
                "cache_creation_input_tokens": 10000, "reasoning_tokens": 40},
            "origin": {"api": "anthropic.messages", "provider": "anthropic", "model": "claude",
                "response_model": "claude-sonnet-4-5", "response_id": "msg_1"},
            "finish_reason": "stop",
            "raw": {"usage": {"input_tokens": 7}},
        })
        => [Some(10207), Some(120), None, Some(10000), Some(40)],
        ["claude-sonnet-4-5", "msg_1", r#"["stop"]"#];
}

/// A function may return no more than that, and rig knows what the call costs.
#[test]
fn rig_usage_alone() {
    #[ai_call(provider = "openai", model = "m")]
    fn ask(usage: rig_core::completion::Usage) -> (rig_core::completion::Usage, u8) {
        (usage, 0)
    }
    let mock = MockBackend::install_with(
        monitor_runtime::Config::new().with_traces_sample_rate(1.0).with_ai_cost_on_spans(true),
    );
    ask(typed(&json!({"input_tokens": 3, "output_tokens": 4, "cost": {"total": 0.5}})));
    assert_eq!(mock.span("chat m").attribute("gen_ai.cost.total_tokens"), Some(&Value::F64(0.5)));
}
