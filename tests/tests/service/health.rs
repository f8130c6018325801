//! Health checks: run at once, each with a timeout, and one event if one fails.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::time::Duration;

use monitor_runtime::{
    CheckStatus, Config, HealthCheck, HealthRegistry, Level, MockBackend, Value, current_span,
    health_check, traced,
};

use crate::failure::Refused;

#[health_check(name = "database")]
async fn database() -> Result<(), Refused> {
    tokio::task::yield_now().await;
    Ok(())
}

#[health_check]
fn disk() -> Result<&'static str, Refused> {
    Ok("12 GB free")
}

#[health_check(name = "ai provider")]
async fn provider() -> Result<(), Refused> {
    Err(Refused)
}

#[health_check]
#[traced(op = "health.check")]
async fn panics() {
    tokio::task::yield_now().await;
    panic!("password=hunter2 is wrong");
}

/// Never answers: what is waited for in the test is real time, and nothing else depends on it.
const SHORT: Duration = Duration::from_millis(20);

#[tokio::test]
async fn all_well_is_no_event() {
    let mock = MockBackend::install();
    let registry = HealthRegistry::new().with(database::check()).with(disk::check());
    let report = registry.run().await;
    assert!(report.is_healthy(), "{report}");
    assert_eq!(report.status_code(), 200);
    assert_eq!(report.check("disk").unwrap().detail.as_deref(), Some("12 GB free"));
    mock.assert_no_events();
    // The functions are what they were.
    assert_eq!(database().await, Ok(()));
    assert_eq!(disk(), Ok("12 GB free"));
}

#[tokio::test]
async fn whatever_fails_is_one_event_with_all_checks() {
    let mock = MockBackend::install();
    let registry = HealthRegistry::new()
        .with_timeout(Duration::from_secs(60))
        .with(database::check())
        .with(provider::check())
        .with(panics::check())
        .with(HealthCheck::future("hangs", pending::<()>).with_timeout(SHORT));
    let report = registry.run().await;
    assert_eq!(report.status_code(), 503);
    let statuses: Vec<_> = report.checks.iter().map(|check| check.status).collect();
    use CheckStatus::{Healthy, Panicked, TimedOut, Unhealthy};
    assert_eq!(statuses, [Healthy, Unhealthy, Panicked, TimedOut]);
    assert!(report.check("hangs").unwrap().duration >= SHORT);

    let event = mock.event("Health check failed");
    assert_eq!(mock.events().len(), 1);
    assert_eq!((event.level, event.mechanism.kind), (Level::Error, "health_check"));
    let of = |check: &str, key: &str| match event.context_value("health_check", check) {
        Some(Value::Map(values)) => {
            values.iter().find(|(name, _)| name == key).map(|(_, value)| value.to_string())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(of("database", "status").as_deref(), Some("healthy"));
    assert_eq!(of("database", "detail"), None);
    assert_eq!(of("ai provider", "detail").as_deref(), Some("connection refused"));
    assert_eq!(of("panics", "status").as_deref(), Some("panicked"));
    assert_eq!(of("hangs", "detail").as_deref(), Some("no answer within 20ms"));
    assert!(of("hangs", "duration_ms").unwrap().parse::<f64>().unwrap() >= 20.0);
    let failed = event.context_value("health_check", "failed").unwrap().to_string();
    assert_eq!(failed, r#"["ai provider", "panics", "hangs"]"#);
    // What goes out has no secrets, neither to Sentry nor over HTTP.
    assert!(!report.to_json().contains("hunter2"), "{report}");
    assert!(!of("panics", "detail").unwrap().contains("hunter2"));
    assert_eq!(mock.span("panics").op(), "health.check");
}

#[test]
fn checks_that_block_run_at_the_same_time_and_in_the_context() {
    let mock = MockBackend::install();
    let meeting = Arc::new(Barrier::new(2));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let check = |name: &'static str| {
        let (meeting, seen) = (Arc::clone(&meeting), Arc::clone(&seen));
        HealthCheck::blocking(name, move || {
            // One after the other they would wait for ever.
            meeting.wait();
            seen.lock().unwrap().push(current_span().trace_id());
            name == "first"
        })
    };
    let registry = HealthRegistry::new()
        .with_timeout(Duration::from_secs(60))
        .with(check("first"))
        .with(check("second"));

    #[traced]
    fn probe(registry: &HealthRegistry) -> u16 {
        registry.run_blocking().status_code()
    }

    assert_eq!(probe(&registry), 503);
    let trace = Some(mock.transaction("probe").trace_id);
    assert_eq!(*seen.lock().unwrap(), [trace, trace]);
    assert_eq!(Some(mock.event("Health check failed").trace_id), trace);
}

#[test]
fn a_check_that_hangs_is_not_started_again() {
    let starts = Arc::new(AtomicUsize::new(0));
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let (counted, gate) = (Arc::clone(&starts), Arc::clone(&released));
    let check = HealthCheck::blocking("hangs", move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let _ = gate.lock().unwrap().recv();
    });
    let registry = HealthRegistry::new().with(check.with_timeout(SHORT));
    assert_eq!(registry.run_blocking().checks[0].status, CheckStatus::TimedOut);
    let second = registry.run_blocking();
    assert_eq!(second.checks[0].status, CheckStatus::Unhealthy);
    assert_eq!(second.checks[0].detail.as_deref(), Some("still hanging from the run before"));
    assert_eq!(starts.load(Ordering::Relaxed), 1);
    // Once it has come back it is asked again.
    drop(release);
    while registry.run_blocking().checks[0].status != CheckStatus::Healthy {
        std::thread::yield_now();
    }
}

#[test]
fn a_check_that_panics_when_it_is_made_has_failed_too() {
    let mock = MockBackend::install();
    let check =
        HealthCheck::future("made", || -> std::future::Ready<()> { panic!("not even made") });
    let report = HealthRegistry::new().with(check).with(disk::check()).run_blocking();
    assert_eq!(report.check("made").unwrap().status, CheckStatus::Panicked);
    assert_eq!(report.check("made").unwrap().detail.as_deref(), Some("not even made"));
    assert!(report.check("disk").unwrap().status.is_healthy());
    assert_eq!(mock.events().len(), 1);
}

#[test]
fn without_monitoring_there_is_a_report_all_the_same() {
    let nothing = || None::<()>;
    let registry = HealthRegistry::new()
        .with(HealthCheck::blocking("a \"quoted\"\n name", || {
            Err::<(), _>("token=abcdefgh12345678")
        }))
        .with(HealthCheck::blocking("none", nothing))
        .with(HealthCheck::blocking("text", || "fine".to_owned()));
    let report = registry.run_blocking();
    let written: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(written, serde_json::to_value(&report).unwrap());
    assert_eq!(written["status"], "unhealthy");
    assert_eq!(written["checks"][0]["name"], "a \"quoted\"\n name");
    assert_eq!(written["checks"][0]["detail"], "token=[Filtered]");
    assert_eq!(written["checks"][1].get("detail"), None);
    assert_eq!(written["checks"][2]["status"], "healthy");
    let shown = report.to_string();
    assert!(shown.starts_with("unhealthy\n  a"), "{shown}");
}

#[test]
fn the_programs_own_rules_of_privacy_hold() {
    use monitor_runtime::Scrubber;
    let scrubber = Scrubber::new().with_pattern(|text| text.find("HR-1").map(|at| at..at + 4));
    let _mock = MockBackend::install_with(Config::new().with_scrubber(scrubber));
    let check = HealthCheck::blocking("hr", || Err::<(), _>("no HR-1"));
    let report = HealthRegistry::new().with(check).run_blocking();
    assert_eq!(report.checks[0].detail.as_deref(), Some("no [Filtered]"));
}
