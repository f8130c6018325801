//! Attributes for one domain, over the same spans, errors and breadcrumbs.

use std::time::Duration;

use monitor_runtime::attributes::breadcrumb;
use monitor_runtime::record::EventKind;
use monitor_runtime::{
    Level, MockBackend, Status, Value, api_call, capture_errors, capture_message, command,
    db_query, error_boundary, startup, task, testing, traced, track_command_end,
    track_command_start,
};

use crate::failure::Refused;

const SQL: &str = "SELECT name, email FROM users WHERE email = 'ada@example.org' AND age > 41";

#[db_query(operation = "select", table = "users", query = sql, system = "sqlite", rows = Vec::len)]
fn users(sql: &str, fails: bool) -> Result<Vec<u8>, Refused> {
    testing::advance(Duration::from_millis(1_500));
    if fails { Err(Refused("db")) } else { Ok(vec![1, 2]) }
}

#[test]
fn a_query_says_what_it_does() {
    let mock = MockBackend::install();
    assert_eq!(users(SQL, false).unwrap().len(), 2);
    let span = mock.span("select on users");
    assert_eq!(span.op(), "db.query");
    let shape = "SELECT name, email FROM users WHERE email = ? AND age > ?";
    assert_eq!(span.description(), Some(&shape[..49]));
    for (key, value) in [
        ("db.query.text", shape),
        ("db.operation.name", "select"),
        ("db.collection.name", "users"),
        ("db.system.name", "sqlite"),
    ] {
        assert_eq!(span.attribute(key), Some(&Value::from(value)), "{key}");
    }
    let slow = mock.event("Slow query detected");
    assert_eq!(slow.context_value("slow", "rows"), Some(&Value::from(2_u64)));
}

#[test]
fn a_query_that_fails_is_an_error_of_a_database() {
    let mock = MockBackend::install();
    assert!(users(SQL, true).is_err());
    let event = mock.event("Refused");
    assert_eq!(event.tag("db.operation"), Some("select"));
    assert_eq!(event.tag("db.table"), Some("users"));
    let query = event.context_value("database", "query").unwrap().to_string();
    assert!(!query.contains("ada@"), "{query}");
}

struct Response(u16);

#[api_call(service = "stripe", endpoint = "/v1/charges", method = "POST", status = |r| r.0)]
async fn charge(code: u16) -> Result<Response, Refused> {
    if code == 0 { Err(Refused("connection")) } else { Ok(Response(code)) }
}

#[tokio::test]
async fn a_call_of_a_service_says_how_it_was_answered() {
    for (code, success, status) in
        [(201, true, Status::Ok), (304, false, Status::Ok), (503, false, Status::Error)]
    {
        let mock = MockBackend::install();
        assert_eq!(charge(code).await.unwrap().0, code);
        let span = mock.span("POST /v1/charges");
        assert_eq!(span.op(), "http.client");
        assert_eq!(span.status, status, "{code}");
        let code = Value::from(u64::from(code));
        assert_eq!(span.attribute("http.response.status_code"), Some(&code));
        assert_eq!(span.attribute("api.success"), Some(&Value::from(success)));
        assert!(mock.events().is_empty(), "an answer is no error");
    }
    let mock = MockBackend::install();
    assert!(charge(0).await.is_err());
    let event = mock.event("Refused");
    assert_eq!(event.tag("api.service"), Some("stripe"));
    assert_eq!(event.tag("api.endpoint"), Some("/v1/charges"));
}

#[command(kind = "slash", group = "moderation", parameters(reason))]
fn ban(reason: &str, token: &str) -> Result<(), Refused> {
    if token.is_empty() { Err(Refused("ban")) } else { Ok(()) }
}

#[test]
fn a_command_leaves_a_breadcrumb_and_names_its_transaction() {
    let mock = MockBackend::install();
    assert!(ban("spam", "").is_err());
    let transaction = mock.transaction("command.ban");
    assert_eq!(transaction.root().op(), "command");
    assert_eq!(transaction.root().status, Status::Error);
    let reason = transaction.root().attribute("command.parameters.reason");
    assert_eq!(reason, Some(&Value::from("spam")));
    let event = mock.event("Refused");
    let crumb = event.scope.breadcrumbs().next().unwrap().clone();
    assert_eq!(
        (crumb.category.as_ref(), crumb.message.as_ref()),
        ("command", "Started command: ban")
    );
    assert_eq!(crumb.data, [("correlation_id".into(), event.correlation_id().into())]);
    assert_eq!(event.context_value("command", "type"), Some(&Value::from("slash")));
    assert_eq!(event.tag("command.type"), Some("slash"));
    assert_eq!(event.context_value("command", "name"), Some(&Value::from("ban")));
    assert_eq!(event.tag("command.group"), Some("moderation"));
    assert_eq!(event.tag("command.name"), Some("ban"), "as the function is called");
    let name = transaction.root().attribute("command.name");
    assert_eq!(name, Some(&Value::from("ban")));
}

#[db_query(operation = "select", table = "members")]
fn members() -> Result<(), Refused> {
    Err(Refused("db"))
}

#[command(name = "kick", kind = "prefix", group = "moderation", parameters(reason))]
fn kick(reason: &str) -> Result<(), Refused> {
    members()
}

#[test]
fn an_error_below_a_command_says_which_it_was() {
    let mock = MockBackend::install();
    assert!(kick("spam").is_err());
    let event = mock.event("Refused");
    assert_eq!(mock.events().len(), 1);
    for (key, value) in
        [("command.name", "kick"), ("command.type", "prefix"), ("db.table", "members")]
    {
        assert_eq!(event.tag(key), Some(value));
    }
    let expected = vec![
        ("name".into(), Value::from("kick")),
        ("type".into(), "prefix".into()),
        ("cog_name".into(), "moderation".into()),
        ("parameters".into(), Value::Map(vec![("reason".into(), "spam".into())])),
    ];
    assert_eq!(event.context("command"), Some(&expected));
    // The functions, whatever their spans are called.
    let path: Vec<_> = event.path.iter().map(|frame| frame.function).collect();
    assert_eq!(path, ["members", "kick"]);
    capture_message("later", Level::Info);
    assert_eq!(mock.event("later").tag("command.name"), None);
}

#[test]
fn a_command_by_hand_is_one_of_the_attribute() {
    let mock = MockBackend::install();
    let command = track_command_start("kick");
    track_command_end(command, Some(&Refused("kick")));
    let transaction = mock.transaction("command.kick");
    assert_eq!(transaction.root().op(), "command");
    assert_eq!(transaction.root().status, Status::Error);
    let event = mock.event("Refused");
    assert_eq!(event.tag("command.name"), Some("kick"));
    assert_eq!(event.context_value("command", "name"), Some(&Value::from("kick")));
    assert_eq!(event.trace_id, transaction.trace_id);
    let crumb = event.scope.breadcrumbs().next().unwrap();
    assert_eq!(crumb.message, "Started command: kick");
    assert_eq!(monitor_runtime::current_span().span_id(), None);
    let mock = MockBackend::install();
    track_command_end(track_command_start("ban"), None);
    assert_eq!(mock.transaction("command.ban").root().status, Status::Ok);
    assert!(mock.events().is_empty());
}

#[task(name = "cleanup")]
fn clean_up() -> u64 {
    monitor_runtime::current_span().set("deleted_records", 7_u64);
    7
}

#[test]
fn a_task_needs_no_result() {
    let mock = MockBackend::install();
    assert_eq!(clean_up(), 7);
    let transaction = mock.transaction("cleanup");
    assert_eq!(transaction.root().op(), "task");
    let deleted = transaction.root().attribute("deleted_records");
    assert_eq!(deleted, Some(&Value::from(7_u64)));
}

#[startup(step = "migrations", service = "Database")]
fn migrate(fails: bool) -> Result<(), Refused> {
    if fails { Err(Refused("migration")) } else { Ok(()) }
}

#[test]
fn a_step_of_the_start_leaves_word_of_its_success() {
    let mock = MockBackend::install();
    migrate(false).unwrap();
    capture_message("started", Level::Info);
    let crumbs = |title: &str| {
        let event = mock.event(title);
        event.scope.breadcrumbs().map(|crumb| crumb.message.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(crumbs("started"), ["Started: migrations"]);
    assert!(migrate(true).is_err());
    assert_eq!(crumbs("Refused").len(), 1, "none of the failure");
    let event = mock.event("Refused");
    assert_eq!(
        event.context_value("startup", "initialization_step"),
        Some(&Value::from("migrations"))
    );
    assert_eq!(event.tag("startup.service"), Some("Database"));
}

#[traced]
#[capture_errors(panics)]
fn connect(panics: bool) -> Result<(), Refused> {
    assert!(!panics, "no server");
    Err(Refused("connect"))
}

#[startup(step = "connect", service = "Database")]
fn start() -> Result<(), Refused> {
    connect(false)
}

#[task]
fn refresh() -> Result<(), Refused> {
    connect(false)
}

#[error_boundary(component = "menu", route = "/menu", fallback = Ok(()))]
fn menu() -> Result<(), Refused> {
    connect(true)
}

#[test]
fn an_error_further_down_says_in_which_task_step_or_boundary_it_was() {
    for (call, context, key, value) in [
        (start as fn() -> Result<(), Refused>, "startup", "service", "Database"),
        (start, "startup", "initialization_step", "connect"),
        (refresh, "task", "name", "refresh"),
        (menu, "error_boundary", "component", "menu"),
    ] {
        let mock = MockBackend::install();
        let _ = call();
        assert_eq!(mock.events().len(), 1, "{context}");
        let event = &mock.events()[0];
        assert_eq!(event.path[0].function, "connect");
        assert_eq!(event.context_value(context, key), Some(&Value::from(value)));
    }
}

#[breadcrumb(category = "ui", message = format!("opened {page}"), level = "debug", data(page))]
fn open(page: &str) {}

#[error_boundary(component = "checkout", route = "/checkout", fallback = "sorry")]
fn checkout(panics: bool) -> &'static str {
    open("cart");
    assert!(!panics, "no cart");
    "done"
}

#[error_boundary(component = "checkout", fallback = Ok("sorry"))]
#[traced]
async fn pay(panics: bool) -> Result<&'static str, Refused> {
    open("payment");
    std::future::ready(()).await;
    assert!(!panics, "no card");
    Err(Refused("payment"))
}

#[test]
fn a_boundary_takes_a_panic_and_says_what_the_user_did() {
    let mock = MockBackend::install();
    assert_eq!(checkout(false), "done");
    assert!(mock.events().is_empty());
    assert_eq!(checkout(true), "sorry");
    let event = mock.event("no cart");
    assert_eq!(event.kind, EventKind::Panic);
    for (key, value) in
        [("component", "checkout"), ("route", "/checkout"), ("user_action", "opened cart")]
    {
        assert_eq!(event.context_value("error_boundary", key), Some(&Value::from(value)));
    }
    let crumb = event.scope.breadcrumbs().last().unwrap().clone();
    assert_eq!(crumb.level, Level::Debug);
    assert_eq!(crumb.data, [("page".into(), "cart".into())]);
    assert_eq!(event.tag("error_boundary.component"), Some("checkout"));
}

#[tokio::test]
async fn a_boundary_around_a_future_ends_its_span() {
    let mock = MockBackend::install();
    assert!(pay(false).await.is_err());
    assert_eq!(mock.span("pay").status, Status::Error);
    let mock = MockBackend::install();
    assert_eq!(pay(true).await.unwrap(), "sorry");
    assert_eq!(mock.event("no card").kind, EventKind::Panic);
    assert_eq!(mock.span("pay").status, Status::Panicked);
    assert_eq!(monitor_runtime::current_span().span_id(), None, "the thread is left as it was");
}

#[traced(op = "sql", name = "mine")]
#[capture_errors(level = "warning")]
#[db_query(operation = "insert", table = "logs")]
fn insert() -> Result<(), Refused> {
    Err(Refused("full"))
}

#[test]
fn what_the_function_says_itself_goes_first() {
    let mock = MockBackend::install();
    assert!(insert().is_err());
    let span = mock.span("mine");
    assert_eq!(span.op(), "sql");
    assert_eq!(span.attribute("db.collection.name"), Some(&Value::from("logs")));
    let event = mock.event("Refused");
    assert_eq!((event.level, event.tag("db.table")), (Level::Warning, Some("logs")));
}
