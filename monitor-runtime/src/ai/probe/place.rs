//! Where providers say what: the keys that are followed, and what stands there.

use crate::ai::raw_usage::Slot;

/// What a value is, by the keys that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A response, or an item of a stream.
    Response,
    /// Several of them side by side.
    Choices,
    Choice,
    /// A message or a piece of one: its content, and sometimes its own facts.
    Message,
    /// A list of tool calls, or of what the answer consists of.
    Content,
    /// The counts.
    Usage,
    InputDetails,
    OutputDetails,
    /// What is around the counts and nothing else of interest.
    Around,
    /// Cohere's two ways to count.
    Tokens,
    Billed,
    /// How the answer came to an end before its end.
    Incomplete,
    /// genai's names of model and provider.
    ModelName,
    /// Where rig got its answer from.
    Origin,
    Count(Slot),
    Cost,
    Model,
    Id,
    FinishReason,
    /// A word that is a reason only if it is a last one.
    Status,
}

impl Place {
    /// Where a key leads to from here; `None`: it isn't followed.
    pub(super) fn step(self, key: &str) -> Option<Self> {
        match self {
            Self::Response => Self::in_response(key),
            Self::Choice => Self::in_choice(key),
            Self::Message => Self::in_message(key),
            Self::Content => Self::in_content(key),
            Self::Usage => Self::in_usage(key),
            Self::InputDetails => Self::in_input_details(key),
            Self::OutputDetails => match key {
                "reasoning_tokens" | "reasoningTokens" | "thinking_tokens" => {
                    Some(Self::Count(Slot::Reasoning))
                }
                _ => None,
            },
            Self::Around => match key {
                "usage" => Some(Self::Usage),
                "billed_units" => Some(Self::Billed),
                "tokens" => Some(Self::Tokens),
                _ => None,
            },
            Self::Tokens => Self::in_tokens(key, Slot::Prompt, Slot::Output),
            Self::Billed => Self::in_tokens(key, Slot::BilledInput, Slot::BilledOutput),
            Self::Incomplete => (key == "reason").then_some(Self::FinishReason),
            Self::ModelName => (key == "model_name").then_some(Self::Model),
            Self::Origin => match key {
                "response_model" => Some(Self::Model),
                "response_id" => Some(Self::Id),
                _ => None,
            },
            Self::Cost => matches!(key, "total_cost" | "total" | "total_usd").then_some(Self::Cost),
            Self::Choices
            | Self::Count(_)
            | Self::Model
            | Self::Id
            | Self::FinishReason
            | Self::Status => None,
        }
    }

    fn in_response(key: &str) -> Option<Self> {
        Some(match key {
            "usage" | "usageMetadata" | "usage_metadata" | "token_usage" | "tokens" => Self::Usage,
            // Cohere's first version; Bedrock's event.
            "meta" | "metadata" => Self::Around,
            // What is around a response: OpenAI's events, Cloudflare, ollama-rs, Bedrock's events.
            "response" | "result" | "final_data" | "contentBlockDelta" | "messageStop" => {
                Self::Response
            }
            "choices" | "candidates" => Self::Choices,
            "message" | "delta" | "content_block" => Self::Message,
            "content" | "text" | "tool_calls" | "output_text" | "thinking" => Self::Content,
            "model" | "modelVersion" | "model_version" => Self::Model,
            "origin" => Self::Origin,
            "model_iden" | "provider_model_iden" => Self::ModelName,
            "id" | "responseId" | "response_id" | "generation_id" => Self::Id,
            "incomplete_details" => Self::Incomplete,
            "status" => Self::Status,
            "prompt_eval_count" => Self::Count(Slot::Prompt),
            "eval_count" => Self::Count(Slot::Output),
            // A function may return the counts alone.
            _ => return Self::finish_reason(key).or_else(|| Self::in_usage(key)),
        })
    }

    fn in_choice(key: &str) -> Option<Self> {
        match key {
            "message" | "delta" => Some(Self::Message),
            "content" | "text" => Some(Self::Content),
            _ => Self::finish_reason(key),
        }
    }

    fn in_message(key: &str) -> Option<Self> {
        Some(match key {
            "usage" => Self::Usage,
            "model" => Self::Model,
            "id" => Self::Id,
            // Cohere's piece of a message.
            "message" => Self::Message,
            _ => return Self::finish_reason(key).or_else(|| Self::in_content(key)),
        })
    }

    fn in_content(key: &str) -> Option<Self> {
        const KEYS: [&str; 14] = [
            "content",
            "text",
            "parts",
            "tool_calls",
            "function",
            "functionCall",
            "function_call",
            "toolUse",
            "name",
            "arguments",
            "partial_json",
            "thinking",
            "reasoning_content",
            "refusal",
        ];
        KEYS.contains(&key).then_some(Self::Content)
    }

    fn finish_reason(key: &str) -> Option<Self> {
        let is_one = matches!(
            key,
            "finish_reason" | "finishReason" | "stop_reason" | "stopReason" | "done_reason"
        );
        is_one.then_some(Self::FinishReason)
    }

    fn in_usage(key: &str) -> Option<Self> {
        let slot = match key {
            "prompt_tokens" | "promptTokenCount" | "prompt_token_count" | "promptTokens" => {
                Slot::Prompt
            }
            "input_tokens" | "inputTokens" => Slot::Input,
            "completion_tokens"
            | "output_tokens"
            | "outputTokens"
            | "completionTokens"
            | "candidatesTokenCount"
            | "candidates_token_count" => Slot::Output,
            "total_tokens" => Slot::Total,
            "cached_tokens"
            | "cached_input_tokens"
            | "cachedInputTokens"
            | "cached_prompt_text_tokens"
            | "prompt_cache_hit_tokens"
            | "cachedContentTokenCount"
            | "cached_content_token_count" => Slot::Cached,
            "cache_read_input_tokens" | "cacheReadInputTokens" => Slot::CacheReadBeside,
            "cache_creation_input_tokens" | "cacheWriteInputTokens" => Slot::CacheWrittenBeside,
            "reasoning_tokens" | "reasoningTokens" => Slot::Reasoning,
            "thoughtsTokenCount" | "thoughts_token_count" => Slot::Thoughts,
            "toolUsePromptTokenCount" | "tool_use_prompt_token_count" => Slot::ToolPrompt,
            _ => return Self::inside_usage(key),
        };
        Some(Self::Count(slot))
    }

    fn inside_usage(key: &str) -> Option<Self> {
        Some(match key {
            "prompt_tokens_details"
            | "promptTokensDetails"
            | "input_tokens_details"
            | "input_token_details"
            | "inputTokensDetails" => Self::InputDetails,
            "completion_tokens_details"
            | "completionTokensDetails"
            | "output_tokens_details"
            | "outputTokensDetails" => Self::OutputDetails,
            "tokens" => Self::Tokens,
            "billed_units" => Self::Billed,
            "cost" => Self::Cost,
            _ => return None,
        })
    }

    fn in_input_details(key: &str) -> Option<Self> {
        let slot = match key {
            "cached_tokens" | "cachedTokens" | "cache_read_input_tokens" => Slot::Cached,
            "cache_write_tokens" | "cache_creation_tokens" | "cacheWriteTokens" => {
                Slot::CacheWritten
            }
            _ => return None,
        };
        Some(Self::Count(slot))
    }

    fn in_tokens(key: &str, input: Slot, output: Slot) -> Option<Self> {
        match key {
            "input_tokens" => Some(Self::Count(input)),
            "output_tokens" => Some(Self::Count(output)),
            _ => None,
        }
    }

    /// What the elements of a list or a tuple are here; `None`: they aren't looked at.
    pub(super) const fn element(self) -> Option<Self> {
        match self {
            Self::Choices => Some(Self::Choice),
            Self::Content | Self::FinishReason => Some(self),
            _ => None,
        }
    }
}
