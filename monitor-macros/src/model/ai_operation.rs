use crate::diagnostics::alternatives;

/// What a call asks of an AI provider, by the names of OpenTelemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AiOperation {
    Chat,
    TextCompletion,
    GenerateContent,
    Embeddings,
    InvokeAgent,
    CreateAgent,
    ExecuteTool,
}

const NAMES: [&str; 7] = [
    "chat",
    "text_completion",
    "generate_content",
    "embeddings",
    "invoke_agent",
    "create_agent",
    "execute_tool",
];

impl AiOperation {
    /// The operation, or a message that names what to write instead.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        match name {
            "chat" => Ok(Self::Chat),
            "text_completion" => Ok(Self::TextCompletion),
            "generate_content" => Ok(Self::GenerateContent),
            "embeddings" => Ok(Self::Embeddings),
            "invoke_agent" => Ok(Self::InvokeAgent),
            "create_agent" => Ok(Self::CreateAgent),
            "execute_tool" => Ok(Self::ExecuteTool),
            _ => Err(refusal(name)),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::TextCompletion => "text_completion",
            Self::GenerateContent => "generate_content",
            Self::Embeddings => "embeddings",
            Self::InvokeAgent => "invoke_agent",
            Self::CreateAgent => "create_agent",
            Self::ExecuteTool => "execute_tool",
        }
    }

    /// Whether a call of this sort goes to a model that it has to name.
    pub(crate) fn needs_model(self) -> bool {
        !matches!(self, Self::InvokeAgent | Self::CreateAgent | Self::ExecuteTool)
    }

    /// Whether a call of this sort goes to a provider that it has to name.
    pub(crate) fn needs_provider(self) -> bool {
        !matches!(self, Self::InvokeAgent | Self::ExecuteTool)
    }
}

fn refusal(name: &str) -> String {
    // `op = gen_ai.chat` can't be written, `op = "gen_ai.chat"` can.
    if let Some(current) = name.strip_prefix("gen_ai.").filter(|name| NAMES.contains(name)) {
        return format!("the prefix is implied: write `op = {current}`");
    }
    match name.rsplit('.').next().unwrap_or(name) {
        old @ ("responses" | "complete" | "completion" | "chat_completions") => {
            format!("the AI operation `{old}` is deprecated; write `op = chat`")
        }
        "completions" => format!(
            "the AI operation `{name}` is deprecated; write `op = text_completion`, or `op = chat`"
        ),
        old @ ("embed" | "embedding") => {
            format!("unknown AI operation `{old}`; did you mean `embeddings`?")
        }
        "tool" | "tool_call" => {
            format!("unknown AI operation `{name}`; did you mean `execute_tool`?")
        }
        "agent" => format!("unknown AI operation `{name}`; did you mean `invoke_agent`?"),
        "handoff" => "the AI operation `handoff` is deprecated: a handoff is a tool call; \
                      write `op = execute_tool`"
            .to_owned(),
        "rerank" => "the AI operation `rerank` is deprecated and has no successor; \
                     use `#[traced(op = \"gen_ai.rerank\")]` for a plain span"
            .to_owned(),
        _ => format!("unknown AI operation `{name}`{}", alternatives(name, &NAMES)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_leads_back_to_itself() {
        for name in NAMES {
            assert_eq!(AiOperation::named(name).unwrap().name(), name);
        }
    }

    #[test]
    fn old_names_lead_to_new_ones() {
        for name in ["responses", "complete", "completion", "ai.complete", "gen_ai.chat"] {
            assert!(AiOperation::named(name).unwrap_err().contains("`op = chat`"), "{name}");
        }
        assert!(AiOperation::named("rerank").unwrap_err().contains("no successor"));
        assert!(AiOperation::named("handoff").unwrap_err().contains("`op = execute_tool`"));
        assert!(AiOperation::named("agent").unwrap_err().contains("`invoke_agent`?"));
        assert!(AiOperation::named("embedings").unwrap_err().contains("`embeddings`?"));
    }
}
