use syn::Expr;

use super::Recorded;
use super::ai_operation::AiOperation;
use crate::parse::{Given, as_string};

/// `#[ai_call(..)]`
pub(crate) struct AiCall {
    pub(crate) provider: String,
    pub(crate) operation: AiOperation,
    pub(crate) model: Option<Recorded>,
    pub(crate) agent: Option<Recorded>,
    pub(crate) tool: Option<Recorded>,
    pub(crate) conversation: Option<Recorded>,
    pub(crate) prompt: Option<Expr>,
    /// The tokens used, from the value that the function returns.
    pub(crate) usage: Option<Expr>,
}

impl AiCall {
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        if !given.has("provider") {
            given.missing("provider", r#"provider = "openai""#);
        }
        let has_model = given.has("model");
        let operation = operation(given);
        if !has_model && operation.is_some_and(AiOperation::needs_model) {
            given.missing("model", r#"model = "gpt-4o""#);
        }
        Self {
            provider: given
                .string("provider", r#"provider = "openai""#)
                .map(|provider| provider.value())
                .unwrap_or_default(),
            operation: operation.unwrap_or(AiOperation::Chat),
            model: named_value(given, "model", r#"model = "gpt-4o""#),
            agent: named_value(given, "agent", r#"agent = "planner""#),
            tool: named_value(given, "tool", r#"tool = "search""#),
            conversation: named_value(given, "conversation", "conversation = chat_id"),
            prompt: given.expression("prompt", "prompt = question"),
            usage: given.callable("usage", "usage = |answer| answer.usage()"),
        }
    }

    /// What its span is called: the operation, and its object when that is known.
    pub(crate) fn span_name(&self) -> String {
        let object = match self.operation {
            AiOperation::InvokeAgent => &self.agent,
            AiOperation::CreateAgent if self.agent.is_some() => &self.agent,
            AiOperation::ExecuteTool => &self.tool,
            _ => &self.model,
        };
        let operation = self.operation.name();
        match object.as_ref().and_then(|object| as_string(&object.value)) {
            Some(object) => format!("{operation} {}", object.value()),
            None => operation.to_owned(),
        }
    }
}

/// The operation; none when it was given and wrong.
fn operation(given: &mut Given<'_>) -> Option<AiOperation> {
    if !given.has("op") {
        return Some(AiOperation::Chat);
    }
    let (name, value) = given.word("op", "op = chat")?;
    AiOperation::named(&name).map_err(|message| given.diagnostics().over(&value, message)).ok()
}

fn named_value(given: &mut Given<'_>, key: &str, example: &str) -> Option<Recorded> {
    given.text(key, example).map(|value| Recorded::plain(key, value))
}
