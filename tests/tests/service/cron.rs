//! Scheduled jobs: a check-in at the begin of a run and one at its end.

use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use monitor_runtime::record::{CheckIn, MonitorSchedule};
use monitor_runtime::{
    CheckInStatus, Config, MockBackend, Monitor, ScheduleUnit, capture_check_in, capture_errors,
    cron_monitor, current_span, start_check_in, task, testing, traced,
};

use crate::failure::Refused;

#[cron_monitor(
    slug = "nightly-report",
    schedule = "0 3 * * mon-fri",
    margin = 5,
    max_runtime = 45,
    timezone = "Europe/Berlin",
    failure_threshold = 2,
    recovery_threshold = 3
)]
#[task]
fn report(fails: bool) -> Result<u32, Refused> {
    testing::advance(Duration::from_secs(90));
    if fails { Err(Refused) } else { Ok(3) }
}

fn said(mock: &MockBackend) -> Vec<(String, CheckInStatus)> {
    let said =
        |check_in: &std::sync::Arc<CheckIn>| (check_in.monitor.slug.to_string(), check_in.status);
    mock.check_ins().iter().map(said).collect()
}

fn statuses(mock: &MockBackend) -> Vec<CheckInStatus> {
    said(mock).into_iter().map(|(_, status)| status).collect()
}

const FAILED: [CheckInStatus; 2] = [CheckInStatus::InProgress, CheckInStatus::Error];
const DONE: [CheckInStatus; 2] = [CheckInStatus::InProgress, CheckInStatus::Ok];

#[test]
fn a_run_says_that_it_begins_and_how_it_ended() {
    let mock = MockBackend::install();
    report(false).unwrap();
    let check_ins = mock.check_ins();
    let [begin, end] = check_ins.as_slice() else { panic!("{check_ins:#?}") };
    assert_eq!(statuses(&mock), DONE);
    assert_eq!(begin.id, end.id);
    assert_eq!(begin.duration, None);
    assert_eq!(end.duration.map(|took| took.as_secs()), Some(90));
    let wanted = Monitor::new("nightly-report")
        .with_crontab("0 3 * * mon-fri")
        .with_margin(5)
        .with_max_runtime(45)
        .with_timezone("Europe/Berlin")
        .with_failure_threshold(2)
        .with_recovery_threshold(3);
    assert_eq!(*begin.monitor, wanted);
    // The run is found from its trace, and the other way round.
    assert_eq!(begin.trace_id, Some(mock.transaction("report").trace_id));
    assert_eq!(mock.span("report").op(), "task");
}

#[test]
fn an_error_is_a_failed_run_and_an_event() {
    let mock = MockBackend::install();
    report(true).unwrap_err();
    assert_eq!(statuses(&mock), FAILED);
    assert_eq!(mock.errors().len(), 1);
}

#[cron_monitor(slug = "bare", schedule = every(10, minutes))]
fn bare(fails: bool) -> Result<(), Refused> {
    if fails { Err(Refused) } else { Ok(()) }
}

#[test]
fn alone_it_makes_no_span_and_captures_nothing() {
    let mock = MockBackend::install();
    bare(false).unwrap();
    bare(true).unwrap_err();
    assert_eq!(statuses(&mock), [DONE, FAILED].concat());
    let ids: Vec<_> = mock.check_ins().iter().map(|check_in| check_in.id).collect();
    assert!(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2], "{ids:?}");
    let schedule = mock.check_ins()[0].monitor.schedule.clone();
    assert_eq!(schedule, Some(MonitorSchedule::Interval(10, ScheduleUnit::Minute)));
    assert_eq!(mock.check_ins()[0].trace_id, None);
    assert!(mock.transactions().is_empty() && mock.events().is_empty());
}

#[cron_monitor(slug = "panics")]
#[traced]
fn panics() {
    panic!("no more");
}

#[test]
fn a_panic_is_a_failed_run() {
    let mock = MockBackend::install();
    catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
    assert_eq!(statuses(&mock), FAILED);
    assert_eq!(mock.check_ins()[0].monitor.schedule, None);
}

#[cron_monitor(slug = "async", schedule = "@hourly")]
#[capture_errors]
async fn asynchronous(outcome: Option<Result<u8, Refused>>) -> Result<u8, Refused> {
    tokio::task::yield_now().await;
    match outcome {
        Some(outcome) => outcome,
        None => pending().await,
    }
}

#[tokio::test]
async fn an_async_run_ends_with_its_future() {
    let mock = MockBackend::install();
    asynchronous(Some(Ok(1))).await.unwrap();
    asynchronous(Some(Err(Refused))).await.unwrap_err();
    assert_eq!(statuses(&mock), [DONE, FAILED].concat());
    assert_eq!(mock.errors().len(), 1);
}

#[test]
fn a_future_that_is_dropped_is_a_failed_run() {
    let mock = MockBackend::install();
    drop(asynchronous(None));
    assert!(mock.check_ins().is_empty(), "it never began");
    {
        let mut run = pin!(asynchronous(None));
        assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(statuses(&mock), [CheckInStatus::InProgress]);
    }
    assert_eq!(statuses(&mock), FAILED);
}

#[cron_monitor(slug = "returned")]
fn returned(fails: bool) -> impl Future<Output = Result<(), Refused>> {
    async move { if fails { Err(Refused) } else { Ok(()) } }
}

#[tokio::test]
async fn a_returned_future_is_part_of_the_run() {
    let mock = MockBackend::install();
    let run = returned(true);
    assert_eq!(statuses(&mock), [CheckInStatus::InProgress]);
    run.await.unwrap_err();
    assert_eq!(statuses(&mock), FAILED);
}

#[test]
fn a_run_is_reported_whatever_the_sampling() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    report(false).unwrap();
    assert_eq!(statuses(&mock), DONE);
    assert!(mock.check_ins()[0].trace_id.is_some());
    assert!(mock.transactions().is_empty());
}

#[test]
fn by_hand_a_run_without_a_word_has_failed() {
    let mock = MockBackend::install();
    let run = start_check_in(Monitor::new("import"));
    let id = run.id();
    run.ok();
    start_check_in(Monitor::new("import")).error();
    drop(start_check_in(Monitor::new("import")));
    assert_eq!(statuses(&mock), [DONE, FAILED, FAILED].concat());
    assert_eq!(Some(mock.check_ins()[1].id), id);
}

#[test]
fn one_check_in_may_be_all_there_is() {
    let mock = MockBackend::install();
    let worker = Monitor::new("worker").with_interval(1, ScheduleUnit::Hour);
    let id = capture_check_in(worker, CheckInStatus::Ok, Duration::from_millis(250));
    let check_ins = mock.check_ins();
    assert_eq!(check_ins.len(), 1);
    assert_eq!((Some(check_ins[0].id), check_ins[0].is_alone), (id, true));
    assert_eq!(check_ins[0].duration, Some(Duration::from_millis(250)));
}

#[test]
fn where_nothing_is_recorded_nothing_happens() {
    assert_eq!(capture_check_in(Monitor::new("x"), CheckInStatus::Ok, None), None);
    bare(false).unwrap();
    assert_eq!(current_span().trace_id(), None);
}
