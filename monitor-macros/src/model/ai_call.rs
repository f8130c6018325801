use syn::Expr;

use super::Recorded;
use super::ai_limits::{AiBudget, budget, max_open, slow, slow_ttft};
use super::ai_memory::AiMemory;
use super::ai_operation::AiOperation;
use super::ai_params::params;
use super::ai_provider::provider;
use crate::parse::{AttributeKind, Given, as_bool, as_string};

/// `#[ai_call(..)]`, `#[ai_agent(..)]` or `#[ai_tool(..)]`
pub(crate) struct AiCall {
    /// Empty where none has to be named.
    pub(crate) provider: String,
    pub(crate) operation: AiOperation,
    /// What is said of the call by name: the method of the writer, and the value.
    pub(crate) named: Vec<(&'static str, Recorded)>,
    /// What the parameters are found in.
    pub(crate) request: Option<Expr>,
    /// The parameters of the request by name, which go before those.
    pub(crate) params: Vec<Recorded>,
    pub(crate) user: Option<Expr>,
    /// One message of the user.
    pub(crate) prompt: Option<Expr>,
    /// Everything that is sent.
    pub(crate) input: Option<Expr>,
    /// What came back, from the value that the function returns or from an item of its stream.
    pub(crate) output: Option<Expr>,
    pub(crate) skip: Option<Skip>,
    /// What the value says of itself: the method that takes it, and the reader.
    pub(crate) readers: Vec<(&'static str, Expr)>,
    /// How many records a search of a memory found, from the value.
    pub(crate) count: Option<Expr>,
    pub(crate) errors: AiErrors,
    /// `off`, `metric` or `span`; `None`: what the config says.
    pub(crate) cost: Option<&'static str>,
    pub(crate) budget: Option<AiBudget>,
    /// In milliseconds.
    pub(crate) slow: Option<u64>,
    /// In milliseconds.
    pub(crate) slow_ttft: Option<u64>,
    /// In nanoseconds; `None`: as the config says.
    pub(crate) max_open: Option<u64>,
    /// Whether the call leaves a breadcrumb.
    pub(crate) breadcrumb: bool,
    /// Whether the value is a stream; `None`: by the type's name.
    pub(crate) stream: Option<bool>,
}

/// Whether the contents of a call are left out whatever the config allows.
pub(crate) enum Skip {
    Always,
    When(Expr),
}

/// What becomes of an `Err`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AiErrors {
    /// An event, and a span that failed.
    #[default]
    Capture,
    /// A span that failed.
    SpanOnly,
    /// Nobody looks.
    None,
}

/// Values that go by a name: the argument, the method that takes them, and an example.
const NAMED: [(&str, &str, &str); 10] = [
    ("model", "model", r#"model = "gpt-4o""#),
    ("agent", "agent", r#"agent = "planner""#),
    ("tool", "tool", r#"tool = "search""#),
    ("store", "store", r#"store = "preferences""#),
    ("record", "record", "record = memory.id"),
    ("conversation", "conversation", "conversation = chat_id"),
    ("pipeline", "pipeline", r#"pipeline = "support""#),
    ("retry_of", "retry_of", "retry_of = first.id"),
    ("prompt_name", "prompt_name", r#"prompt_name = "greeting""#),
    ("description", "description", r#"description = "Finds flights""#),
];

/// What is read from the value: the argument, which is also the method, and an example.
const READERS: [(&str, &str); 4] = [
    ("usage", "usage = |answer| answer.usage()"),
    ("response_model", "response_model = |answer| &answer.model"),
    ("finish_reason", "finish_reason = |answer| &answer.finish_reason"),
    ("response_id", "response_id = |answer| &answer.id"),
];

impl AiCall {
    pub(crate) fn read(kind: AttributeKind, given: &mut Given<'_>) -> Self {
        let operation = match kind {
            AttributeKind::AiAgent => Some(AiOperation::InvokeAgent),
            AttributeKind::AiTool => Some(AiOperation::ExecuteTool),
            _ => operation(given),
        };
        if !given.has("provider") && operation.is_some_and(AiOperation::needs_provider) {
            given.missing("provider", r#"provider = "openai""#);
        }
        if !given.has("model") && operation.is_some_and(AiOperation::needs_model) {
            given.missing("model", r#"model = "gpt-4o""#);
        }
        if !operation.is_none_or(AiOperation::is_memory) {
            refuse_memory_arguments(given);
        }
        let prompt = given.expression("prompt", "prompt = question");
        let input = expression(given, &["input", "arguments"], "input = &request.messages");
        if let (Some(_), Some(input)) = (&prompt, &input) {
            let message = "`prompt` is one message of a user, `input` all that is sent: give one";
            given.diagnostics().over(input, message);
        }
        let operation = operation.unwrap_or(AiOperation::Chat);
        let (count, attempted) = record_count(operation, given);
        let mut named = named(kind, given);
        named.extend(attempted);
        Self {
            provider: read_provider(given),
            operation,
            named,
            request: given.expression("request", "request = &request"),
            params: params(given),
            user: given.expression("user", "user = user.id"),
            prompt,
            input,
            output: given
                .callable("output", "output = |answer| answer.text()")
                .or_else(|| given.callable("result", "result = |found| found")),
            skip: skip(given),
            readers: READERS
                .iter()
                .filter_map(|(key, example)| Some((*key, given.callable(key, example)?)))
                .collect(),
            count,
            errors: errors(given),
            cost: cost(given),
            budget: budget(given),
            slow: slow(given),
            slow_ttft: slow_ttft(given),
            max_open: max_open(given),
            breadcrumb: given.flag("breadcrumb").is_some(),
            stream: stream(given),
        }
    }

    /// The value under this name, if one was given.
    pub(crate) fn value(&self, name: &str) -> Option<&Recorded> {
        self.named.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether a call over its budget fails instead of being made.
    pub(crate) fn may_be_denied(&self) -> bool {
        self.budget.as_ref().is_some_and(|budget| budget.denies)
    }

    /// What its span is called: the operation, and its object when that is known.
    pub(crate) fn span_name(&self) -> String {
        let object = match self.operation {
            AiOperation::InvokeAgent | AiOperation::CreateAgent => self.value("agent"),
            AiOperation::ExecuteTool => self.value("tool"),
            AiOperation::Memory(_) => self.value("store"),
            _ => self.value("model"),
        };
        let operation = self.operation.name();
        match object.and_then(|object| as_string(&object.value)) {
            Some(object) => format!("{operation} {}", object.value()),
            None => operation.to_owned(),
        }
    }

    /// Calls the agent or the tool as the function, where no name was given.
    pub(crate) fn call_it(&mut self, function_name: &str) {
        let key = match self.operation {
            AiOperation::InvokeAgent => "agent",
            AiOperation::ExecuteTool => "tool",
            _ => return,
        };
        if self.value(key).is_none() {
            let value = Recorded::plain(key, syn::parse_quote!(#function_name));
            self.named.push((key, value));
        }
    }
}

/// The operation; none when it was given and wrong.
fn operation(given: &mut Given<'_>) -> Option<AiOperation> {
    if !given.has("op") {
        return Some(AiOperation::Chat);
    }
    let value = given.expression("op", "op = chat")?;
    AiOperation::read(&value).map_err(|message| given.diagnostics().over(&value, message)).ok()
}

/// What only operations on memories say.
fn refuse_memory_arguments(given: &mut Given<'_>) {
    for key in ["store", "record", "count"] {
        if let Some(argument) = given.take(key) {
            let message = format!("`{key}` is of a memory, which `op = memory(search)` asks");
            given.diagnostics().over(&argument.key.tokens, message);
        }
    }
}

/// How many records there were: a search says it when it has found them, the others before.
fn record_count(
    operation: AiOperation,
    given: &mut Given<'_>,
) -> (Option<Expr>, Option<(&'static str, Recorded)>) {
    if operation == AiOperation::Memory(AiMemory::Search) {
        return (given.callable("count", "count = |found| found.len()"), None);
    }
    let count = given.expression("count", "count = records.len()");
    (None, count.map(|count| ("record_count", Recorded::plain("record_count", count))))
}

fn read_provider(given: &mut Given<'_>) -> String {
    let Some(value) = given.expression("provider", r#"provider = "openai""#) else {
        return String::new();
    };
    provider(&value)
        .map_err(|message| given.diagnostics().over(&value, message))
        .unwrap_or_default()
}

/// The first of these that was given.
fn expression(given: &mut Given<'_>, keys: &[&str], example: &str) -> Option<Expr> {
    keys.iter().find_map(|key| given.expression(key, example))
}

fn named(kind: AttributeKind, given: &mut Given<'_>) -> Vec<(&'static str, Recorded)> {
    let own = match kind {
        AttributeKind::AiAgent => Some(("name", "agent", r#"name = "planner""#)),
        AttributeKind::AiTool => Some(("name", "tool", r#"name = "search""#)),
        _ => None,
    };
    let read = |(key, method, example): (&str, &'static str, &str)| {
        Some((method, Recorded::plain(method, given.text(key, example)?)))
    };
    let mut named: Vec<_> = own.into_iter().chain(NAMED).filter_map(read).collect();
    let attempt = given.expression("attempt", "attempt = attempt");
    named.extend(attempt.map(|attempt| ("attempt", Recorded::plain("attempt", attempt))));
    named
}

/// `skip`, or `skip = user.opted_out`
fn skip(given: &mut Given<'_>) -> Option<Skip> {
    if given.is_flag("skip") {
        return given.flag("skip").map(|_| Skip::Always);
    }
    let value = given.expression("skip", "skip = user.opted_out")?;
    Some(match as_bool(&value) {
        Some(true) => Skip::Always,
        _ => Skip::When(value),
    })
}

fn errors(given: &mut Given<'_>) -> AiErrors {
    match given.one_of("errors", &["capture", "span_only", "none"]) {
        Some("span_only") => AiErrors::SpanOnly,
        Some("none") => AiErrors::None,
        _ => AiErrors::Capture,
    }
}

fn cost(given: &mut Given<'_>) -> Option<&'static str> {
    given.one_of("cost", &["off", "metric", "span"])
}

/// `stream`, or `stream = false`
fn stream(given: &mut Given<'_>) -> Option<bool> {
    if given.is_flag("stream") {
        return given.flag("stream").map(|_| true);
    }
    let value = given.expression("stream", "stream = false")?;
    as_bool(&value).or_else(|| given.wrong_value(&value, "`true` or `false`", "stream = false"))
}
