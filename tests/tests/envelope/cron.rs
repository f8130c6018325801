//! Scheduled jobs: check-ins as Sentry receives them.

use std::time::Duration;

use monitor_runtime::{CheckInStatus, Monitor, ScheduleUnit, capture_check_in, cron_monitor, task};
use serde_json::{Value, json};

use crate::{Monitored, service::Timeout};

#[cron_monitor(
    slug = "nightly-report",
    schedule = "0 3 * * mon-fri",
    margin = 5,
    max_runtime = 45,
    timezone = "Europe/Berlin",
    failure_threshold = 2,
    recovery_threshold = 3
)]
#[task(name = "report")]
fn report(fails: bool) -> Result<u64, Timeout> {
    monitor_runtime::current_span().set("deleted_records", 7);
    if fails { Err(Timeout) } else { Ok(7) }
}

fn check_ins(monitored: &Monitored) -> Vec<Value> {
    monitored.items("check_in").into_iter().map(|item| item.payload).collect()
}

#[test]
fn a_run_is_two_check_ins_of_one_id() {
    let monitored = Monitored::start();
    report(false).unwrap();
    let found = check_ins(&monitored);
    let [begin, end] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((&begin["status"], &end["status"]), (&json!("in_progress"), &json!("ok")));
    assert_eq!(begin["check_in_id"], end["check_in_id"]);
    assert_eq!(begin["monitor_slug"], "nightly-report");
    assert_eq!(begin["environment"], "test");
    assert_eq!(
        begin["monitor_config"],
        json!({
            "schedule": {"type": "crontab", "value": "0 3 * * mon-fri"},
            "checkin_margin": 5,
            "max_runtime": 45,
            "timezone": "Europe/Berlin",
            "failure_issue_threshold": 2,
            "recovery_threshold": 3,
        })
    );
    assert_eq!(end.get("monitor_config"), None);
    assert!(begin.get("duration").is_none() && end["duration"].as_f64().unwrap() >= 0.0);
    // The transaction and the check-ins lead to one another.
    let transaction = monitored.only("transaction");
    let trace = &transaction["contexts"]["trace"];
    assert_eq!(end["contexts"]["trace"]["trace_id"], trace["trace_id"]);
    assert_eq!((&trace["op"], &trace["status"]), (&json!("task"), &json!("ok")));
    assert_eq!(trace["data"]["deleted_records"], 7);
    assert_eq!(monitor_runtime::delivery().delivered("monitor"), 2);
}

#[test]
fn a_failed_run_is_an_error_in_the_same_trace() {
    let monitored = Monitored::start();
    report(true).unwrap_err();
    let found = check_ins(&monitored);
    assert_eq!(found[1]["status"], "error");
    let event = monitored.only("event");
    assert_eq!(event["contexts"]["trace"]["trace_id"], found[1]["contexts"]["trace"]["trace_id"]);
    let transaction = monitored.only("transaction");
    assert_eq!(transaction["contexts"]["trace"]["status"], "internal_error");
}

#[test]
fn a_heartbeat_brings_its_config_along() {
    let monitored = Monitored::start();
    let worker = Monitor::new("Queue Worker").with_interval(10, ScheduleUnit::Minute);
    capture_check_in(worker, CheckInStatus::Ok, Duration::from_millis(1500));
    let check_in = monitored.only("check_in");
    assert_eq!(check_in["monitor_slug"], "queue-worker");
    assert_eq!(check_in["duration"], 1.5);
    assert_eq!(
        check_in["monitor_config"]["schedule"],
        json!({"type": "interval", "value": 10, "unit": "minute"})
    );
    assert_eq!(check_in.get("contexts"), None);
}

#[test]
fn a_limit_of_monitors_holds_them_back() {
    use monitor_tests::Reply;
    let monitored = Monitored::start();
    let limit = Reply::with_header(429, "X-Sentry-Rate-Limits", "60:monitor:organization:quota");
    monitored.ingest.script([limit]);
    let worker = || Monitor::new("worker");
    capture_check_in(worker(), CheckInStatus::Ok, None);
    assert!(monitor_runtime::flush(crate::PATIENCE));
    capture_check_in(worker(), CheckInStatus::Ok, None);
    assert_eq!(monitored.items("check_in").len(), 1, "the second was held back");
    assert_eq!(monitor_runtime::delivery().count("monitor", "ratelimit_backoff"), 1);
}
