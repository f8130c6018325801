//! Errors of databases, services, modules and commands, and errors captured by hand.

use std::error::Error;

use monitor_runtime::{
    Config, Level, MockBackend, MonitorError, Value, capture, capture_error, capture_errors, traced,
};

use crate::failure::{Refused, Unavailable};

fn text(value: Option<&Value>) -> Option<&str> {
    value?.as_str()
}

#[test]
fn a_call_to_a_database() {
    let mock = MockBackend::install();
    let query = format!("SELECT * FROM orders -- {}", "ü".repeat(3000));
    let id = capture::database(&Refused("db"), "select", "orders")
        .query(&query)
        .parameters(["secret"])
        .level(Level::Warning)
        .with("attempt", 3)
        .send();
    let event = mock.event("refused by db");
    assert_eq!((Some(event.id), event.level), (id, Level::Warning));
    assert_eq!(event.mechanism.kind, "capture_error");
    assert_eq!(event.tag("db.operation"), Some("select"));
    assert_eq!((event.tag("db.table"), event.tag("db.query")), (Some("orders"), None));
    let recorded = text(event.context_value("database", "query")).unwrap();
    assert!(recorded.starts_with("SELECT * FROM orders") && recorded.chars().count() <= 500);
    assert_eq!(event.context_value("database", "parameters"), None);
    assert_eq!(event.context_value("additional", "attempt"), Some(&Value::I64(3)));
    assert_eq!(text(event.context_value("error", "category")), Some("database"));
}

#[test]
fn parameters_are_recorded_where_that_is_allowed() {
    let mock = MockBackend::install_with(Config::new().with_send_default_pii(true));
    capture::database(&Refused("db"), "select", "orders").parameters([7, 8]).send();
    let event = mock.event("refused by db");
    let parameters = event.context_value("database", "parameters");
    assert_eq!(parameters, Some(&Value::List(vec![7.into(), 8.into()])));
}

#[test]
fn a_call_to_another_service() {
    let mock = MockBackend::install();
    let body = format!("{{\"password\": \"hunter2\"}} {}", "x".repeat(5000));
    capture::api(&Refused("shop"), "/v1/charges", 502).service("payments").body(&body).send();
    let event = mock.event("refused by shop");
    assert_eq!(event.tag("api.endpoint"), Some("/v1/charges"));
    assert_eq!(
        (event.tag("api.status"), event.tag("api.service")),
        (Some("502"), Some("payments"))
    );
    let body = text(event.context_value("api", "body")).unwrap();
    assert!(body.len() <= 1100 && !body.contains("hunter2"), "{body}");
    assert_eq!(event.tag("api.body"), None);
}

#[test]
fn a_module_and_a_command() {
    let mock = MockBackend::install();
    capture::module(&Refused("a"), "moderation").command("ban").send();
    capture::command(&Refused("b"), "ban").with("guild_id", 7).send();
    let (module, command) = (mock.event("by a"), mock.event("by b"));
    assert_eq!(module.tag("module.name"), Some("moderation"));
    assert_eq!(module.tag("module.command"), Some("ban"));
    assert_eq!(command.tag("command.name"), Some("ban"));
    assert_eq!(command.context_value("additional", "guild_id"), Some(&Value::I64(7)));
}

#[capture_errors(api(service = "payments", endpoint = path, status = 502, body = body))]
fn charges(path: &str, body: &str) -> Result<(), Refused> {
    Err(Refused(if path.is_empty() { "nobody" } else { "payments" }))
}

#[capture_errors(database(operation = "select", query = query))]
fn selects(query: &str) -> Result<(), Refused> {
    Err(Refused("db"))
}

#[test]
fn the_attributes_bound_what_they_record() {
    let mock = MockBackend::install();
    charges("/v1", &"x".repeat(5000)).unwrap_err();
    selects(&format!("SELECT {}", "column, ".repeat(300))).unwrap_err();
    let event = mock.event("by payments");
    assert_eq!(event.tag("api.endpoint"), Some("/v1"));
    assert_eq!(text(event.context_value("api", "body")).map(str::len), Some(1024));
    assert_eq!(event.tag("api.body"), None);
    let event = mock.event("by db");
    let query = text(event.context_value("database", "query")).unwrap();
    assert!(query.chars().count() <= 500, "{}", query.len());
}

#[test]
fn any_error_is_captured_with_more_values() {
    let mock = MockBackend::install();
    let id = 42_u64;
    let report = anyhow::Error::new(Refused("db")).context("no user");
    let boxed: Box<dyn Error> = Box::new(Unavailable { source: Refused("box") });
    assert!(capture!(report, operation = "x", user_id = id).is_some());
    capture!(boxed);
    capture!(&boxed, nested = Some(1.5));
    capture!("only text", list = vec![1, 2]);
    capture!(String::from("owned"),);
    capture!(vec![7_u8]);
    let events = mock.errors();
    let titles: Vec<_> = events.iter().map(|event| event.title()).collect();
    assert_eq!(
        titles,
        [
            "Error: no user",
            "Unavailable: service unavailable",
            "Unavailable: service unavailable",
            "&str: only text",
            "String: owned",
            "Vec<u8>: [7]",
        ]
    );
    assert_eq!((events[0].exceptions.len(), events[2].exceptions.len()), (2, 2));
    let additional = |at: usize, key| events[at].context_value("additional", key).cloned();
    assert_eq!(additional(0, "operation"), Some("x".into()));
    assert_eq!(additional(0, "user_id"), Some(Value::U64(42)));
    assert_eq!(
        (additional(2, "nested"), additional(3, "list")),
        (Some(1.5.into()), Some("[1, 2]".into()))
    );
    assert!(events[1].context("additional").is_none());
}

#[derive(Debug, MonitorError)]
#[monitor(category = "quota")]
struct Quota;

impl std::fmt::Display for Quota {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("quota reached")
    }
}

impl Error for Quota {}

#[test]
fn any_error_says_what_failed() {
    let mock = MockBackend::install();
    let table = "orders";
    capture!(Quota, database(operation = "select", table = table), attempt = 2);
    capture!("text", api(endpoint = "/v1", status = 502,),);
    let event = mock.event("quota reached");
    assert_eq!(
        (event.tag("db.table"), event.tag("error.category")),
        (Some("orders"), Some("quota"))
    );
    assert_eq!(event.context_value("additional", "attempt"), Some(&Value::I64(2)));
    let event = mock.event("text");
    assert_eq!(event.context_value("api", "status"), Some(&Value::I64(502)));
    assert_eq!(text(event.context_value("error", "category")), Some("api"));
}

#[traced]
#[capture_errors]
fn captures_and_returns() -> Result<(), Refused> {
    let error = Refused("db");
    capture!(error, step = 2);
    Err(error)
}

#[traced]
#[capture_errors]
fn around() -> Result<(), Unavailable> {
    Ok(captures_and_returns()?)
}

#[test]
fn what_was_captured_by_hand_is_not_captured_again() {
    let mock = MockBackend::install();
    around().unwrap_err();
    assert_eq!(mock.errors().len(), 1, "{}", mock.snapshot());
    assert!(mock.errors()[0].context("additional").is_some());
    // By hand is always meant.
    capture_error(&Refused("db"));
    capture_error(&Refused("db"));
    assert_eq!(mock.errors().len(), 3);
}

#[test]
fn nothing_is_evaluated_twice_or_moved() {
    let mock = MockBackend::install();
    let mut calls = 0;
    let mut error = || {
        calls += 1;
        "text"
    };
    capture!(error(), times = 1);
    assert_eq!(calls, 1);
    let owned = String::from("kept");
    capture!(owned, owned = owned);
    assert_eq!((owned.as_str(), mock.errors().len()), ("kept", 2));
}
