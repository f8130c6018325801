//! Errors and panics as events.

use std::error::Error;

use monitor_runtime::record::EventKind;
use monitor_runtime::{
    Breadcrumb, Config, Level, MockBackend, Status, Value, add_breadcrumb, capture_error,
    capture_errors, capture_message, traced,
};

use crate::failure::{Refused, Unavailable};

#[traced(op = "db.query")]
#[capture_errors]
fn query(fail: bool) -> Result<u32, Refused> {
    add_breadcrumb(Breadcrumb::new("query", "select 1"));
    if fail { Err(Refused("db")) } else { Ok(1) }
}

#[traced(op = "app.request")]
#[capture_errors]
fn request() -> Result<u32, Unavailable> {
    Ok(query(true)?)
}

#[test]
fn an_error_is_captured_once_where_it_arose() {
    let mock = MockBackend::install();
    assert!(request().is_err());
    let event = mock.event("connection refused");
    assert_eq!(mock.events().len(), 1, "{}", mock.snapshot());
    let transaction = mock.transaction("request");
    assert_eq!(event.trace_id, transaction.trace_id);
    assert_eq!(event.span_id, Some(mock.span("query").id));
    assert_eq!(event.transaction.as_deref(), Some("request"));
    assert_eq!(event.op.as_deref(), Some("db.query"));
    assert_eq!(event.level, Level::Error);
    assert_eq!(event.exceptions[0].type_name, "Refused");
    assert!(event.exceptions[0].module.as_ref().unwrap().ends_with("failure"));
    let path: Vec<_> = event.path.iter().map(|frame| frame.function).collect();
    assert_eq!(path, ["query", "request"]);
    assert_eq!(event.scope.breadcrumbs().count(), 1);
    assert_eq!(mock.span("query").status, Status::Error);
    assert_eq!(transaction.root().status, Status::Error);
}

#[traced]
#[capture_errors]
fn retries() -> Result<u32, Refused> {
    let _ = query(true);
    let _ = query(true);
    query(false)?;
    Err(Refused("the last attempt"))
}

#[test]
fn the_same_error_at_another_time_is_another_event() {
    let mock = MockBackend::install();
    assert!(retries().is_err());
    let titles: Vec<_> = mock.events().iter().map(|event| event.title()).collect();
    assert_eq!(
        titles,
        [
            "Refused: connection refused by db",
            "Refused: connection refused by db",
            "Refused: connection refused by the last attempt",
        ]
    );
}

#[capture_errors]
fn chain() -> Result<(), Unavailable> {
    Err(Unavailable { source: Refused("cache") })
}

#[test]
fn sources_follow_the_error() {
    let mock = MockBackend::install();
    assert!(chain().is_err());
    let event = mock.event("service unavailable");
    let values: Vec<_> = event.exceptions.iter().map(|error| error.value.as_str()).collect();
    assert_eq!(values, ["service unavailable", "connection refused by cache"]);
    assert_eq!(event.exceptions[1].type_name, "Refused");
    assert!(mock.transactions().is_empty(), "capture_errors alone makes no span");
}

macro_rules! fails_with {
    ($name:ident: $error:ty = $value:expr) => {
        #[capture_errors]
        fn $name() -> Result<(), $error> {
            Err($value)
        }
    };
}

struct Secretive;

fails_with!(boxed: Box<dyn Error + Send + Sync> = Refused("box").into());
fails_with!(text: String = "only text".into());
fails_with!(literal: &'static str = "only a literal");
fails_with!(debug_only: Vec<u8> = vec![1, 2]);
fails_with!(opaque: Secretive = Secretive);

type Outcome<T> = Result<T, Refused>;

#[capture_errors]
fn aliased() -> Outcome<()> {
    Err(Refused("alias"))
}

#[test]
fn errors_of_any_type_are_captured() {
    let mock = MockBackend::install();
    assert!(boxed().is_err() && text().is_err() && literal().is_err());
    assert!(debug_only().is_err() && opaque().is_err() && aliased().is_err());
    let titles: Vec<_> = mock.events().iter().map(|event| event.title()).collect();
    assert_eq!(
        titles,
        [
            "Refused: connection refused by box",
            "String: only text",
            "&str: only a literal",
            "Vec<u8>: [1, 2]",
            "Secretive: ",
            "Refused: connection refused by alias",
        ]
    );
}

/// An error that borrows from what was wrong.
#[derive(Debug)]
struct Unexpected<'a>(&'a str);

impl std::fmt::Display for Unexpected<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unexpected {}", self.0)
    }
}

impl Error for Unexpected<'_> {}

#[traced]
#[capture_errors]
fn parse(text: &str) -> Result<u8, Unexpected<'_>> {
    Err(Unexpected(text))
}

#[traced]
#[capture_errors]
fn parse_boxed(text: &str) -> Result<u8, Box<dyn Error + '_>> {
    Err(Box::new(Unexpected(text)))
}

#[traced]
#[capture_errors]
async fn parse_later(text: &str) -> Result<u8, Box<dyn Error + Send + Sync + '_>> {
    tokio::task::yield_now().await;
    Err(Box::new(Unexpected(text)))
}

#[tokio::test]
async fn errors_that_borrow_are_captured() {
    let mock = MockBackend::install();
    let text = String::from("comma");
    assert!(parse(&text).is_err() && parse_boxed(&text).is_err());
    assert!(parse_later(&text).await.is_err());
    let titles: Vec<_> = mock.events().iter().map(|event| event.title()).collect();
    assert_eq!(titles, ["Unexpected: unexpected comma"; 3]);
}

#[capture_errors(
    kind = database(operation = "insert", table = table, query = "insert into t"),
    skip_if = |error: &Refused| error.0 == "expected",
    level = "warning",
    fingerprint = ["db", "refused"],
    tags(shard = 3, component = "store"),
    context(pool(size = 10)),
)]
fn insert(table: &str, server: &'static str) -> Result<(), Refused> {
    Err(Refused(server))
}

#[test]
fn arguments_describe_the_event() {
    let mock = MockBackend::install();
    assert_eq!(insert("users", "expected"), Err(Refused("expected")));
    mock.assert_no_events();
    assert_eq!(insert("users", "db"), Err(Refused("db")));
    let event = mock.event("refused by db");
    assert_eq!(event.level, Level::Warning);
    assert_eq!(event.fingerprint, ["db", "refused"]);
    assert_eq!(event.tag("shard"), Some("3"));
    assert_eq!(event.tag("component"), Some("store"));
    assert_eq!(event.tag("db.table"), Some("users"));
    assert_eq!(event.tag("db.operation"), Some("insert"));
    assert_eq!(event.tag("db.query"), None);
    assert_eq!(event.context_value("pool", "size"), Some(&Value::I64(10)));
    let query = event.context_value("database", "query").unwrap();
    assert_eq!(query.as_str(), Some("insert into t"));
    // What one call sets ends with it.
    capture_message("after", Level::Info);
    assert_eq!(mock.event("after").tag("shard"), None);
}

#[capture_errors(panics)]
#[traced]
fn divides(by: u32) -> u32 {
    10 / by
}

#[test]
fn panics_are_captured_where_that_is_asked_for() {
    let mock = MockBackend::install();
    assert_eq!(divides(5), 2);
    assert!(std::panic::catch_unwind(|| divides(0)).is_err());
    let event = mock.event("attempt to divide by zero");
    assert_eq!(event.kind, EventKind::Panic);
    assert_eq!(event.level, Level::Fatal);
    assert!(event.exceptions[0].value.contains("errors.rs:"));
    assert_eq!(event.span_id, Some(mock.spans()[1].id));
}

#[test]
fn errors_of_unsampled_traces_are_captured() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    assert!(request().is_err());
    let event = mock.event("connection refused");
    assert!(!event.sampled && event.span_id.is_some());
    let path: Vec<_> = event.path.iter().map(|frame| frame.function).collect();
    assert_eq!(path, ["query", "request"]);
    assert!(mock.transactions().is_empty());
}

#[test]
fn events_by_hand() {
    let mock = MockBackend::install();
    let id = capture_error(&Unavailable { source: Refused("hand") }).unwrap();
    capture_message("Rate limit exceeded", Level::Warning);
    let event = mock.event("Unavailable: service unavailable");
    assert_eq!(event.id, id);
    assert_eq!(event.span_id, None);
    assert_eq!(event.exceptions.len(), 2);
    assert_eq!(mock.event("Rate limit").kind, EventKind::Message);
}

#[derive(Debug)]
struct Hostile;

impl std::fmt::Display for Hostile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Calls back into what is capturing it.
        add_breadcrumb(Breadcrumb::new("test", "from Display"));
        let _ = query(true);
        capture_message("from Display", Level::Info);
        f.write_str("hostile")
    }
}

impl Error for Hostile {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("no source for you")
    }
}

#[capture_errors]
fn hostile() -> Result<(), Hostile> {
    Err(Hostile)
}

#[test]
fn an_error_that_calls_back_or_panics_does_no_harm() {
    let mock = MockBackend::install();
    assert!(hostile().is_err());
    assert_eq!(mock.event("Hostile: hostile").exceptions.len(), 1);
}
