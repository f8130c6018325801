//! Where providers have the parameters of a request.

/// What a value is, by the keys that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A request, or what its provider keeps parameters in: Gemini, Bedrock, Ollama.
    Request,
    /// OpenAI's Responses.
    Reasoning,
    /// A parameter, by the name of its attribute.
    Param(&'static str),
    /// Texts at which the model is to stop.
    Stops,
    /// Not looked at.
    Nothing,
}

pub(super) const SEED: &str = "gen_ai.request.seed";
pub(super) const LEVEL: &str = "gen_ai.request.reasoning.level";

impl Place {
    /// Where a key leads to from here.
    pub(super) fn step(self, key: &str) -> Self {
        match (self, key) {
            (Self::Reasoning, "effort") | (Self::Request, "reasoning_effort") => Self::Param(LEVEL),
            (Self::Request, "reasoning") => Self::Reasoning,
            (Self::Request, key) => Self::in_request(key),
            _ => Self::Nothing,
        }
    }

    fn in_request(key: &str) -> Self {
        Self::Param(match key {
            "temperature" => "gen_ai.request.temperature",
            "top_p" | "topP" => "gen_ai.request.top_p",
            "top_k" | "topK" | "k" => "gen_ai.request.top_k",
            "max_tokens"
            | "max_completion_tokens"
            | "max_output_tokens"
            | "maxTokens"
            | "maxOutputTokens"
            | "num_predict" => "gen_ai.request.max_tokens",
            "frequency_penalty" | "frequencyPenalty" => "gen_ai.request.frequency_penalty",
            "presence_penalty" | "presencePenalty" => "gen_ai.request.presence_penalty",
            "seed" => SEED,
            "stop" | "stop_sequences" | "stopSequences" => return Self::Stops,
            "generationConfig" | "generation_config" | "inferenceConfig" | "options" => {
                return Self::Request;
            }
            _ => return Self::Nothing,
        })
    }
}
