//! What an AI call can say of itself.

use monitor_runtime::record::Value;
use monitor_runtime::{Config, MockBackend, Status, Usage, ai_call, ai_tool};

use crate::failure::Refused;

struct Request {
    model: Option<String>,
    temperature: f32,
    limit: Option<u32>,
    stop: Vec<String>,
    first: Option<String>,
}

#[derive(Default)]
struct Reply {
    id: Option<String>,
    model: String,
    reason: String,
    text: String,
    tokens: (u64, u64),
}

#[ai_call(
    provider = custom("my-gateway"),
    model = request.model.as_deref(),
    params(
        temperature = request.temperature,
        max_tokens = request.limit,
        top_k = 40,
        seed = 7,
        stop_sequences = request.stop,
        reasoning_level = "high",
    ),
    usage = |reply| reply.tokens,
    response_model = |reply| &reply.model,
    response_id = |reply| &reply.id,
    finish_reason = |reply| &reply.reason,
    output = |reply| reply.text.as_str(),
    prompt_name = "greeting",
    user = user,
    attempt = attempt,
    retry_of = request.first,
)]
fn ask(request: &Request, user: u64, attempt: u32) -> Result<Reply, Refused> {
    let id = (user > 1).then(|| format!("r-{user}"));
    let (model, reason) = ("gpt-4o-2024-08-06".to_owned(), "stop".to_owned());
    Ok(Reply { id, model, reason, text: "Hello".to_owned(), tokens: (3, 4) })
}

#[test]
fn everything_that_a_call_says() {
    let config = Config::new().with_traces_sample_rate(1.0).with_ai_outputs(true);
    let mock = MockBackend::install_with(config);
    let request = Request {
        model: Some("gpt-4o".into()),
        temperature: 0.5,
        limit: Some(100),
        stop: vec!["\n\n".to_owned(), "END".to_owned()],
        first: Some("r-8".to_owned()),
    };
    assert!(ask(&request, 9, 2).is_ok());
    let span = mock.span("chat gpt-4o");
    let expected = [
        ("gen_ai.provider.name", "my-gateway".into()),
        ("gen_ai.request.model", "gpt-4o".into()),
        ("gen_ai.request.temperature", Value::F64(0.5)),
        ("gen_ai.request.max_tokens", Value::U64(100)),
        ("gen_ai.request.top_k", Value::I64(40)),
        ("gen_ai.request.seed", "7".into()),
        ("gen_ai.request.stop_sequences", r#"["\n\n","END"]"#.into()),
        ("gen_ai.request.reasoning.level", "high".into()),
        ("gen_ai.response.model", "gpt-4o-2024-08-06".into()),
        ("gen_ai.response.id", "r-9".into()),
        ("gen_ai.response.finish_reasons", "[\"stop\"]".into()),
        (
            "gen_ai.output.messages",
            r#"[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]"#.into(),
        ),
        ("gen_ai.usage.total_tokens", Value::U64(7)),
        ("gen_ai.prompt.name", "greeting".into()),
        ("http.request.resend_count", Value::U64(1)),
        ("monitor.ai.retry_of", "r-8".into()),
    ];
    for (key, value) in expected {
        assert_eq!(span.attribute(key), Some(&value), "{key}");
    }
    let transaction = mock.transaction("chat gpt-4o");
    assert_eq!(transaction.scope.user().and_then(|user| user.id.as_deref()), Some("9"));
}

#[test]
fn what_is_none_is_not_said() {
    let mock = MockBackend::install();
    let request =
        Request { model: None, temperature: 0.5, limit: None, stop: Vec::new(), first: None };
    assert!(ask(&request, 1, 1).is_ok());
    let span = mock.span("chat");
    for key in [
        "gen_ai.request.model",
        "gen_ai.request.max_tokens",
        "gen_ai.request.stop_sequences",
        "monitor.ai.retry_of",
        "gen_ai.response.id",
        "http.request.resend_count",
    ] {
        assert_eq!(span.attribute(key), None, "{key}");
    }
}

#[ai_call(provider = "openai", model = "m", errors = span_only)]
fn only_the_span() -> Result<Usage, Refused> {
    Err(Refused("one"))
}

#[ai_call(provider = "openai", model = "n", errors = none)]
fn nobody_looks() -> Result<Usage, Refused> {
    Err(Refused("two"))
}

#[test]
fn errors_go_where_the_call_says() {
    let mock = MockBackend::install();
    assert!(only_the_span().is_err() && nobody_looks().is_err());
    assert_eq!(mock.span("chat m").status, Status::Error);
    assert_eq!(mock.span("chat n").status, Status::Ok);
    assert!(mock.events().is_empty());
}

#[ai_call(provider = "openai", op = embeddings, model = "small", input = texts.join("; "))]
fn embed(texts: &[&str]) -> Usage {
    Usage::new(texts.len() as u64, 0)
}

#[ai_tool(arguments = format!("{{\"query\":\"{query}\"}}"), result = |hits| hits.join(","))]
fn search(query: &str) -> Vec<String> {
    vec![query.to_owned(), "other".to_owned()]
}

#[test]
fn each_operation_has_its_own_names_for_contents() {
    let mock = MockBackend::install_with(
        Config::new().with_traces_sample_rate(1.0).with_ai_inputs(true).with_ai_outputs(true),
    );
    embed(&["a", "b"]);
    search("rust");
    let span = mock.span("embeddings small");
    assert_eq!(span.attribute("gen_ai.embeddings.input"), Some(&"a; b".into()));
    let span = mock.span("execute_tool search");
    assert_eq!(span.attribute("gen_ai.tool.call.arguments"), Some(&r#"{"query":"rust"}"#.into()));
    assert_eq!(span.attribute("gen_ai.tool.call.result"), Some(&"rust,other".into()));
}
