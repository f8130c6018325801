//! Rules that are evaluated in the process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::alerts::{Alert, AlertRule, AlertState, Alerts};
use monitor_runtime::record::EventKind;
use monitor_runtime::{
    Config, Level, MockBackend, MockGuard, MonitorError, Severity, capture_error, capture_errors,
    command, count, db_query, testing, timing,
};

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Alert>>>);

impl Told {
    /// Rules and whether they begin (`+`) or end (`-`), in order.
    fn names(&self) -> Vec<String> {
        let told = self.0.lock().unwrap();
        let mark = |alert: &Alert| if alert.state == AlertState::Firing { '+' } else { '-' };
        told.iter().map(|alert| format!("{}{}", mark(alert), alert.rule)).collect()
    }

    fn only(&self, rule: &str) -> Alert {
        let told = self.0.lock().unwrap();
        let of_rule: Vec<_> = told.iter().filter(|alert| alert.rule == rule).collect();
        assert_eq!(of_rule.len(), 1, "{told:#?}");
        of_rule[0].clone()
    }
}

fn watched(alerts: Alerts) -> (MockGuard, Told) {
    let told = Told::default();
    let theirs = told.clone();
    let alerts = alerts
        .with_source("shop-api")
        .with_callback(move |alert| theirs.0.lock().unwrap().push(alert.clone()));
    let config = Config::new()
        .with_environment("production")
        .with_release("shop@1.4.0")
        .with_alerts(alerts)
        .with_max_events_per_fingerprint(u32::MAX);
    (MockBackend::install_with(config), told)
}

#[derive(Debug, MonitorError)]
enum Failure {
    #[monitor(category = "payment")]
    Declined,
    #[monitor(category = "auth", expected)]
    WrongPassword,
    #[monitor(severity = "critical")]
    Corrupted,
    Other(u32),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Other(number) => write!(f, "other {number}"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl std::error::Error for Failure {}

#[capture_errors]
fn fail(failure: Failure) -> Result<(), Failure> {
    Err(failure)
}

#[db_query(operation = "select", table = "users")]
fn query(millis: u64, fails: bool) -> Result<(), Failure> {
    testing::advance(Duration::from_millis(millis));
    if fails { Err(Failure::Other(0)) } else { Ok(()) }
}

#[command(name = "report")]
fn report(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

/// Lets time go by as it does: the rules are looked at meanwhile.
fn pass(mock: &MockGuard, seconds: u64) {
    for _ in 0..seconds.div_ceil(10) {
        testing::advance(Duration::from_secs(10));
        mock.events();
    }
}

#[test]
fn many_errors_are_one_alert_with_a_beginning_and_an_end() {
    let (mock, told) = watched(Alerts::defaults().without_rule("new issue"));
    for _ in 0..10 {
        fail(Failure::Other(1)).unwrap_err();
    }
    mock.events();
    assert!(told.names().is_empty(), "10 a minute are allowed");
    for _ in 0..30 {
        fail(Failure::Other(1)).unwrap_err();
        mock.events();
    }
    assert_eq!(told.names(), ["+error rate"]);
    let alert = told.only("error rate");
    assert_eq!((alert.value, alert.threshold, alert.severity), (11.0, 10.0, Severity::High));
    assert_eq!(alert.summary, "errors.total is 11 within 60 s, over the limit 10");
    assert_eq!(
        (alert.environment.as_deref(), alert.release.as_deref()),
        (Some("production"), Some("shop@1.4.0"))
    );
    assert_eq!(alert.key, "shop-api/error rate");
    pass(&mock, 110);
    assert_eq!(told.names(), ["+error rate"], "not before it was quiet for a minute");
    pass(&mock, 20);
    assert_eq!(told.names(), ["+error rate", "-error rate"]);
    for _ in 0..11 {
        fail(Failure::Other(1)).unwrap_err();
    }
    mock.events();
    assert_eq!(told.names(), ["+error rate", "-error rate", "+error rate"]);
    assert!(mock.metrics().is_empty(), "watched, and not reported");
}

#[test]
fn an_alert_is_an_event_and_no_error() {
    let (mock, told) = watched(Alerts::defaults());
    fail(Failure::Declined).unwrap_err();
    let event = mock.event("Alert: payment failures");
    assert_eq!((event.kind, event.level), (EventKind::Message, Level::Error));
    assert_eq!(event.fingerprint, ["alert", "payment failures"]);
    assert_eq!(event.tag("alert.rule"), Some("payment failures"));
    assert_eq!(event.context_value("alert", "value").unwrap().as_f64(), Some(1.0));
    assert_eq!(mock.errors().len(), 1);
    assert_eq!(told.names(), ["+new issue", "+payment failures"]);
}

#[test]
fn a_kind_of_error_is_new_once() {
    let (mock, told) = watched(Alerts::new().with_rule(AlertRule::new_issue("new")));
    for number in 0..3 {
        fail(Failure::Other(number)).unwrap_err();
    }
    capture_error(&std::fmt::Error);
    assert_eq!(mock.errors().len(), 4);
    assert_eq!(told.names(), ["+new", "+new"]);
    let alerts = told.0.lock().unwrap();
    assert_eq!(alerts[0].summary, "new issue: Failure: other 0");
    assert_ne!(alerts[0].key, alerts[1].key);
    assert_eq!(mock.events().len(), 4, "a new issue is an event already");
}

#[test]
fn the_defaults_know_what_services_fear() {
    let (mock, told) = watched(Alerts::defaults().without_rule("new issue"));
    report(5_001);
    fail(Failure::Corrupted).unwrap_err();
    for _ in 0..20 {
        query(2_100, false).unwrap();
    }
    mock.events();
    assert_eq!(told.names(), ["+slow command", "+critical errors", "+slow queries"]);
    let command = told.only("slow command");
    assert!(command.value >= 5001.0 && command.summary.starts_with("commands.duration is 5"));
    let queries = told.only("slow queries");
    assert!(
        queries.value >= 0.98 * 2100.0 && queries.summary.starts_with("p95 of database.duration")
    );
    pass(&mock, 500);
    for _ in 0..6 {
        query(1, true).unwrap_err();
    }
    for _ in 0..11 {
        fail(Failure::WrongPassword).unwrap_err();
    }
    mock.events();
    let names = told.names();
    assert!(names.contains(&"+database errors".to_owned()), "{names:?}");
    assert!(names.contains(&"+auth failures".to_owned()), "expected ones count: {names:?}");
}

#[test]
fn rules_of_ones_own_look_at_any_metric() {
    let rules = Alerts::new()
        .with_rule(
            AlertRule::count("refunds", "business.refund", 2, MINUTE)
                .with_attribute("plan", "pro")
                .with_severity(Severity::Low),
        )
        .with_rule(AlertRule::quantile(
            "chat",
            "chat.response",
            0.5,
            Duration::from_millis(100),
            MINUTE,
        ))
        .with_events(false);
    let (mock, told) = watched(rules);
    for plan in ["pro", "free", "free", "pro", "free"] {
        count!("business.refund", plan = plan);
    }
    for millis in 0..40 {
        timing!("chat.response", Duration::from_millis(90 + millis));
    }
    mock.events();
    assert_eq!(told.names(), ["+chat"]);
    count!("business.refund", plan = "pro");
    mock.assert_no_events();
    assert_eq!(told.names(), ["+chat", "+refunds"]);
}

#[test]
fn a_callback_that_panics_harms_nobody() {
    let alerts = Alerts::defaults().with_callback(|_| panic!("in the callback"));
    let (mock, told) = watched(alerts);
    fail(Failure::Declined).unwrap_err();
    mock.event("Alert: payment failures");
    assert_eq!(told.names().len(), 2);
}
