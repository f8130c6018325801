//! Errors of AI calls: what they say, and how they are grouped.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use monitor_runtime::record::{Event, Value};
use monitor_runtime::{
    AiErrorInfo, Config, Level, MockBackend, Usage, ai_agent, ai_call, capture_errors,
    capture_message,
};

/// As a client's error looks: a status and a message.
#[derive(Debug)]
struct ApiError(&'static str);

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ApiError {}

#[ai_call(provider = "openai", model = "gpt-4o", prompt = prompt, attempt = 2, retry_of = "req-1")]
fn ask(prompt: &str, error: &'static str) -> Result<Usage, ApiError> {
    capture_message("asking", Level::Info);
    Err(ApiError(error))
}

fn value<'a>(event: &'a Event, key: &str) -> Option<&'a Value> {
    event.context_value("ai", key)
}

const LIMITED: &str = "429 Too Many Requests requests: slow down, please try again in 20s (code: rate_limit_exceeded)";

#[test]
fn an_error_says_what_was_asked_of_whom_and_when_to_try_again() {
    let mock = MockBackend::install();
    assert!(ask("secret prompt", LIMITED).is_err());
    let event = mock.event("429 Too Many Requests");
    assert_eq!(event.mechanism.kind, "ai_call");
    assert!(event.mechanism.handled);
    assert_eq!(event.fingerprint, ["ai", "openai", "429"]);
    let expected = [
        ("operation", "chat".into()),
        ("provider", "openai".into()),
        ("model", "gpt-4o".into()),
        ("attempt", Value::U64(2)),
        ("retry_of", "req-1".into()),
        ("status", Value::U64(429)),
        ("code", "rate_limit_exceeded".into()),
        ("retry_after", Value::F64(20.0)),
    ];
    for (key, expected) in expected {
        assert_eq!(value(&event, key), Some(&expected), "{key}");
    }
    assert_eq!(value(&event, "prompt_preview"), None);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.attribute("error.type"), Some(&"429".into()));
    // Whatever happens in the call says whom it asks.
    assert_eq!(mock.event("asking").tag("ai.provider"), Some("openai"));
    assert!(!mock.snapshot().contains("secret"));
}

#[test]
fn the_prompt_s_beginning_goes_along_where_inputs_may() {
    let mock = MockBackend::install_with(Config::new().with_ai_inputs(true));
    assert!(ask(&"ü".repeat(150), "operation timed out").is_err());
    let event = mock.event("operation timed out");
    assert_eq!(value(&event, "prompt_preview"), Some(&"ü".repeat(100).into()));
    assert_eq!(event.fingerprint, ["ai", "openai", "timeout"]);
}

/// One that knows.
#[derive(Debug)]
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer was: secret")
    }
}

impl std::error::Error for Known {}

impl AiErrorInfo for Known {
    fn status(&self) -> Option<u16> {
        Some(529)
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some("overloaded_error".into())
    }

    fn retry_after(&self) -> Option<Duration> {
        Some(Duration::from_millis(1500))
    }

    fn request_id(&self) -> Option<Cow<'_, str>> {
        Some("req_1".into())
    }

    fn safe_message(&self) -> Option<Cow<'_, str>> {
        Some("overloaded".into())
    }
}

#[ai_call(provider = "anthropic", model = "claude")]
async fn knows() -> Result<Usage, Known> {
    Err(Known)
}

#[tokio::test]
async fn an_error_may_say_it_by_itself() {
    let mock = MockBackend::install();
    assert!(knows().await.is_err());
    let event = mock.event("Known: overloaded");
    assert_eq!(event.fingerprint, ["ai", "anthropic", "529"]);
    assert_eq!(value(&event, "request_id"), Some(&"req_1".into()));
    assert_eq!(value(&event, "retry_after"), Some(&Value::F64(1.5)));
    assert!(!mock.snapshot().contains("secret"));

    let mock = MockBackend::install_with(Config::new().with_ai_outputs(true));
    assert!(knows().await.is_err());
    mock.event("Known: the answer was: secret");
}

#[ai_call(provider = "openai", model = "gpt-4o")]
#[capture_errors(fingerprint = ["mine"])]
fn grouped() -> Result<Usage, ApiError> {
    Err(ApiError("it is broken"))
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn plain() -> Result<Usage, ApiError> {
    Err(ApiError("it is broken"))
}

#[ai_agent(name = "planner")]
fn plan() -> Result<Usage, ApiError> {
    plain()?;
    Err(ApiError("no plan"))
}

#[test]
fn groups_of_errors() {
    let mock = MockBackend::install();
    assert!(grouped().is_err() && plan().is_err());
    let events = mock.errors();
    let fingerprints: Vec<_> = events.iter().map(|event| event.fingerprint.clone()).collect();
    // The agent's error is that of the call inside: it is captured once.
    assert_eq!(fingerprints, [vec!["mine"], vec!["ai", "openai", "ApiError"]]);
}

#[derive(Debug)]
struct Wrapped(serde_json::Error);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer: {}", self.0)
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn parses(body: &str) -> Result<Usage, Wrapped> {
    serde_json::from_str::<u64>(body).map(|tokens| Usage::new(tokens, 0)).map_err(Wrapped)
}

#[capture_errors]
fn parses_elsewhere(body: &str) -> Result<u64, Wrapped> {
    serde_json::from_str(body).map_err(Wrapped)
}

#[test]
fn what_an_error_quotes_of_the_answer_is_left_out() {
    let mock = MockBackend::install();
    assert!(parses("\"my secret\"").is_err());
    let event = mock.event("Wrapped: no answer: invalid type");
    assert!(event.exceptions.iter().all(|error| !error.value.contains("secret")));
    // Outside of an AI call nobody answered.
    assert!(parses_elsewhere("\"no secret\"").is_err());
    mock.event("no secret");
}
