//! What agents remember: calls of a memory, beside those of models.

use monitor_runtime::record::{Span, Value};
use monitor_runtime::{
    AiBudget, BudgetLimit, Config, MockBackend, MockGuard, Status, Usage, ai_agent, ai_call,
    ai_tool,
};

use crate::failure::Refused;

const QUERY: &str = "canary-query";
const RECORD: &str = "canary-record";

#[ai_call(
    op = memory(search),
    store = store,
    input = query,
    output = |found| found.join(", "),
    count = Vec::len,
)]
fn search(store: &str, query: &str) -> Result<Vec<String>, Refused> {
    if query.is_empty() {
        Err(Refused("memory"))
    } else {
        Ok(vec![RECORD.to_owned(), "b".to_owned()])
    }
}

#[ai_call(op = memory(upsert), provider = custom("mem0"), store = "prefs", count = 2, input = RECORD)]
fn upsert() {}

#[ai_call(op = memory(delete), store = "prefs", record = id, count = gone.len())]
async fn forget(id: Option<&str>, gone: &[&str]) {
    let _ = gone;
    std::future::ready(()).await;
}

#[ai_call(op = memory(create_store), store = "prefs")]
fn begin() {}

#[ai_agent(name = "planner", conversation = "c-1")]
fn plan() -> Usage {
    search("prefs", QUERY).unwrap();
    ask()
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn ask() -> Usage {
    Usage::new(10, 2)
}

/// Its value is what a model answered, whose own call has counted it.
#[ai_tool(name = "second opinion")]
fn tool() -> Usage {
    ask()
}

#[ai_agent(name = "planner")]
fn plan_with_tool() {
    tool();
}

fn text<'a>(span: &'a Span, key: &str) -> Option<&'a str> {
    span.attribute(key).and_then(Value::as_str)
}

#[test]
fn each_operation_says_what_it_is_about() {
    let mock = MockBackend::install();
    search("prefs", QUERY).unwrap();
    upsert();
    begin();
    let span = mock.span("search_memory prefs");
    assert_eq!((span.op(), span.status), ("gen_ai.memory.client", Status::Ok));
    assert_eq!(text(&span, "gen_ai.operation.name"), Some("search_memory"));
    assert_eq!(text(&span, "gen_ai.memory.store.id"), Some("prefs"));
    assert_eq!(span.attribute("gen_ai.memory.record.count"), Some(&2_u64.into()));
    assert_eq!(text(&span, "gen_ai.provider.name"), None);
    let span = mock.span("upsert_memory prefs");
    assert_eq!(text(&span, "gen_ai.provider.name"), Some("mem0"));
    assert_eq!(span.attribute("gen_ai.memory.record.count").and_then(Value::as_u64), Some(2));
    let span = mock.span("create_memory_store prefs");
    assert_eq!(text(&span, "gen_ai.operation.name"), Some("create_memory_store"));
    // No prompt and no record was allowed.
    assert!(!format!("{:?}", mock.spans()).contains("canary"));
}

#[test]
fn contents_are_recorded_where_they_are_allowed() {
    let config = Config::new().with_traces_sample_rate(1.0);
    let mock = MockBackend::install_with(config.with_ai_inputs(true).with_ai_outputs(true));
    search("prefs", QUERY).unwrap();
    upsert();
    let span = mock.span("search_memory prefs");
    assert_eq!(text(&span, "gen_ai.memory.query.text"), Some(QUERY));
    let found = r#"[{"content":"canary-record, b"}]"#;
    assert_eq!(text(&span, "gen_ai.memory.records"), Some(found));
    let kept = r#"[{"content":"canary-record"}]"#;
    let span = mock.span("upsert_memory prefs");
    assert_eq!(text(&span, "gen_ai.memory.records"), Some(kept));
}

#[tokio::test]
async fn one_record_or_all_of_them() {
    let mock = MockBackend::install();
    forget(Some("mem-1"), &["a"]).await;
    forget(None, &["a", "b", "c"]).await;
    let ids: Vec<_> = mock
        .spans()
        .iter()
        .map(|span| text(span, "gen_ai.memory.record.id").map(str::to_owned))
        .collect();
    assert_eq!(ids, [Some("mem-1".to_owned()), None]);
    let counts: Vec<_> = mock
        .spans()
        .iter()
        .map(|span| span.attribute("gen_ai.memory.record.count").and_then(Value::as_u64))
        .collect();
    assert_eq!(counts, [Some(1), Some(3)]);
}

#[test]
fn a_failed_search_is_an_error_of_the_memory() {
    let mock = MockBackend::install();
    search("prefs", "").unwrap_err();
    let span = mock.span("search_memory prefs");
    assert_eq!(span.status, Status::Error);
    assert_eq!(span.attribute("gen_ai.memory.record.count"), None);
    let event = mock.event("connection refused by memory");
    assert_eq!(event.tag("ai.operation"), Some("search_memory"));
}

#[test]
fn a_memory_in_an_agent_belongs_to_it_and_uses_no_tokens() {
    let mock = MockBackend::install();
    plan();
    let span = mock.span("search_memory prefs");
    assert_eq!(text(&span, "gen_ai.agent.name"), Some("planner"));
    assert_eq!(text(&span, "gen_ai.conversation.id"), Some("c-1"));
    assert_eq!(total(&mock, "invoke_agent planner"), Some(12));
}

#[test]
fn an_answer_that_a_tool_hands_on_is_counted_once() {
    let budget = AiBudget::new("all", BudgetLimit::Tokens(13)).for_all_calls();
    let mock = MockBackend::install_with(
        Config::new().with_traces_sample_rate(1.0).with_ai_budget(budget.warning_at(1.0)),
    );
    plan_with_tool();
    assert_eq!(total(&mock, "invoke_agent planner"), Some(12));
    assert_eq!(total(&mock, "execute_tool second opinion"), None);
    mock.assert_no_events();
}

fn total(mock: &MockGuard, span: &str) -> Option<u64> {
    mock.span(span).attribute("gen_ai.usage.total_tokens").and_then(Value::as_u64)
}
