use syn::Expr;

use super::ai_memory::AiMemory;
use crate::diagnostics::alternatives;
use crate::parse::as_word;

/// What a call asks of an AI provider, by the names of OpenTelemetry and Sentry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AiOperation {
    Chat,
    TextCompletion,
    GenerateContent,
    Embeddings,
    /// Sentry's: answers to typed questions.
    Decide,
    /// Sentry's: typed fields out of a text.
    Extract,
    InvokeAgent,
    CreateAgent,
    ExecuteTool,
    Memory(AiMemory),
}

/// All but those of memories, which are said as `memory(search)`.
const OPERATIONS: [(AiOperation, &str); 9] = [
    (AiOperation::Chat, "chat"),
    (AiOperation::TextCompletion, "text_completion"),
    (AiOperation::GenerateContent, "generate_content"),
    (AiOperation::Embeddings, "embeddings"),
    (AiOperation::Decide, "decide"),
    (AiOperation::Extract, "extract"),
    (AiOperation::InvokeAgent, "invoke_agent"),
    (AiOperation::CreateAgent, "create_agent"),
    (AiOperation::ExecuteTool, "execute_tool"),
];

impl AiOperation {
    /// The operation that `op = ..` names, or a message that says what to write instead.
    pub(crate) fn read(value: &Expr) -> Result<Self, String> {
        if let Some(memory) = AiMemory::read(value) {
            return memory.map(Self::Memory);
        }
        match as_word(value) {
            Some(name) => Self::named(&name),
            None => Err("expected a name, as in `op = chat`".to_owned()),
        }
    }

    fn named(name: &str) -> Result<Self, String> {
        let found = OPERATIONS.iter().find(|(_, known)| *known == name);
        found.map(|(operation, _)| *operation).ok_or_else(|| refusal(name))
    }

    pub(crate) fn name(self) -> &'static str {
        if let Self::Memory(memory) = self {
            return memory.operation();
        }
        OPERATIONS.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    /// The op of its span.
    pub(crate) fn op(self) -> String {
        match self {
            // One for all, by Sentry's conventions.
            Self::Memory(_) => "gen_ai.memory.client".to_owned(),
            _ => format!("gen_ai.{}", self.name()),
        }
    }

    pub(crate) fn is_memory(self) -> bool {
        matches!(self, Self::Memory(_))
    }

    /// Whether what a call of this sort gives is the answer of a model, and tells the tokens that it took.
    pub(crate) fn gives_answers(self) -> bool {
        !matches!(self, Self::ExecuteTool | Self::Memory(_))
    }

    /// Whether a call of this sort goes to a model that it has to name.
    pub(crate) fn needs_model(self) -> bool {
        !matches!(self, Self::InvokeAgent | Self::CreateAgent | Self::ExecuteTool | Self::Memory(_))
    }

    /// Whether a call of this sort goes to a provider that it has to name.
    pub(crate) fn needs_provider(self) -> bool {
        !matches!(self, Self::InvokeAgent | Self::ExecuteTool | Self::Memory(_))
    }
}

fn refusal(name: &str) -> String {
    // `op = gen_ai.chat` can't be written, `op = "gen_ai.chat"` can.
    if let Some(current) = name.strip_prefix("gen_ai.").filter(|name| is_known(name)) {
        return format!("the prefix is implied: write `op = {current}`");
    }
    if let Some(short) = AiMemory::short_for(name) {
        return format!("what is done to a memory is written `op = memory({short})`");
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
        "evaluate" => "the AI operation `evaluate` is deprecated; write `op = decide`".to_owned(),
        "memory" => {
            format!("say what is done to the memory, as in `{}`", super::ai_memory::EXAMPLE)
        }
        "handoff" => "the AI operation `handoff` is deprecated: a handoff is a tool call; \
                      write `op = execute_tool`"
            .to_owned(),
        "rerank" => "the AI operation `rerank` is deprecated and has no successor; \
                     use `#[traced(op = \"gen_ai.rerank\")]` for a plain span"
            .to_owned(),
        _ => {
            let mut known = OPERATIONS.map(|(_, known)| known).to_vec();
            known.push("memory(..)");
            format!("unknown AI operation `{name}`{}", alternatives(name, &known))
        }
    }
}

fn is_known(name: &str) -> bool {
    OPERATIONS.iter().any(|(_, known)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_leads_back_to_itself() {
        for (_, name) in OPERATIONS {
            let operation = AiOperation::named(name).unwrap();
            assert_eq!(operation.name(), name);
            assert_eq!(operation.op(), format!("gen_ai.{name}"));
        }
    }

    #[test]
    fn old_names_lead_to_new_ones() {
        for name in ["responses", "complete", "completion", "ai.complete", "gen_ai.chat"] {
            assert!(AiOperation::named(name).unwrap_err().contains("`op = chat`"), "{name}");
        }
        assert!(AiOperation::named("rerank").unwrap_err().contains("no successor"));
        assert!(AiOperation::named("handoff").unwrap_err().contains("`op = execute_tool`"));
        assert!(AiOperation::named("evaluate").unwrap_err().contains("`op = decide`"));
        assert!(AiOperation::named("agent").unwrap_err().contains("`invoke_agent`?"));
        for name in ["search_memory", "gen_ai.search_memory", "memory"] {
            assert!(
                AiOperation::named(name).unwrap_err().contains("`op = memory(search)`"),
                "{name}"
            );
        }
        assert!(AiOperation::named("embedings").unwrap_err().contains("`embeddings`?"));
    }
}
