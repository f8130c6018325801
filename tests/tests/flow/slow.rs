//! Calls that take too long.

use std::time::Duration;

use monitor_runtime::record::EventKind;
use monitor_runtime::{
    Config, Level, MockBackend, Value, capture_errors, slow_threshold, testing, traced,
};

use crate::failure::Refused;

fn take(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[traced(op = "db.query", tags(table = "users"))]
#[slow_threshold(ms = 1000, rows = Vec::len)]
fn select(millis: u64) -> Result<Vec<u8>, Refused> {
    take(millis);
    Ok(vec![0; 42])
}

#[test]
fn a_slow_query_is_a_warning_with_its_rows() {
    let mock = MockBackend::install();
    assert!(select(1).is_ok());
    mock.assert_no_events();
    assert!(select(1500).is_ok());
    let event = mock.event("Slow query detected");
    assert_eq!(event.kind, EventKind::Slow);
    assert_eq!(event.level, Level::Warning);
    assert_eq!(event.context_value("slow", "rows"), Some(&Value::U64(42)));
    assert_eq!(event.context_value("slow", "limit_ms"), Some(&Value::U64(1000)));
    assert!(event.slow_duration().unwrap() >= Duration::from_millis(1500));
    assert_eq!(event.tag("table"), Some("users"));
    let slow: Vec<_> = mock.spans().iter().map(|span| span.slow).collect();
    assert_eq!(slow, [false, true]);
    assert_eq!(event.span_id, Some(mock.spans()[1].id));
}

#[slow_threshold(ms = 10, message = "Export took long")]
fn export() {
    take(20);
}

#[test]
fn without_traced_there_is_no_span() {
    let mock = MockBackend::install();
    export();
    mock.event("Export took long");
    assert!(mock.transactions().is_empty());
}

#[test]
fn an_unsampled_call_is_reported_too() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    assert!(select(2000).is_ok());
    let event = mock.event("Slow query detected");
    assert_eq!(event.context_value("slow", "rows"), Some(&Value::U64(42)));
}

#[slow_threshold(ms = 50)]
#[capture_errors]
#[traced(op = "http.client")]
async fn fetch() -> Result<u32, Refused> {
    take(30);
    tokio::task::yield_now().await;
    take(30);
    Err(Refused("example.org"))
}

#[tokio::test]
async fn a_call_may_be_slow_and_fail() {
    let mock = MockBackend::install();
    assert!(fetch().await.is_err());
    assert_eq!(mock.events().len(), 2);
    let slow = mock.event("Slow call detected: fetch");
    let millis = |key| slow.context_value("slow", key).unwrap().as_f64().unwrap();
    assert!(millis("busy_ms") >= 60.0);
    assert!(millis("duration_ms") >= millis("busy_ms"));
    mock.event("connection refused by example.org");
}

/// Polls of a call without a span are timed only where it has a limit.
#[tokio::test]
async fn a_call_that_is_not_sampled_says_how_long_it_was_busy() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    assert!(fetch().await.is_err());
    assert!(mock.spans().is_empty());
    let slow = mock.event("Slow call detected: fetch");
    let busy = slow.context_value("slow", "busy_ms").unwrap().as_f64().unwrap();
    assert!(busy >= 60.0, "{busy}");
}

#[slow_threshold(ms = 1, watchdog)]
#[traced]
async fn stuck_in_async(mock: &MockBackend) {
    assert!(mock.wait_for(1, Duration::from_secs(30)), "no report of a stuck call");
}

#[tokio::test]
async fn the_watchdog_knows_the_context_of_an_async_call() {
    let mock = MockBackend::install();
    stuck_in_async(&mock).await;
    let running = mock.event("still running");
    let span = mock.span("stuck_in_async");
    assert_eq!(running.span_id, Some(span.id));
    assert_eq!(running.trace_id, mock.transactions()[0].trace_id);
    assert_eq!(running.transaction.as_deref(), Some("stuck_in_async"));
    assert_eq!(running.path[0].function, "stuck_in_async");
    assert!(running.sampled);
}

#[slow_threshold(ms = 1, watchdog)]
#[traced(tags(job = "import"))]
fn stuck(mock: &MockBackend) {
    // Ends only when the report of it has arrived.
    assert!(mock.wait_for(1, Duration::from_secs(30)), "no report of a stuck call");
}

#[test]
fn the_watchdog_reports_a_call_that_still_runs() {
    let mock = MockBackend::install();
    stuck(&mock);
    let running = mock.event("still running");
    assert_eq!(running.tag("job"), Some("import"));
    assert_eq!(running.span_id, Some(mock.span("stuck").id));
    assert_eq!(running.path[0].function, "stuck");
    let events = mock.events();
    assert_eq!(events.len(), 2, "one report while it runs, one at its end");
}
