//! Release health: requests that end well, with an error, with a panic.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use monitor_runtime::record::SessionAggregate;
use monitor_runtime::{
    Config, Filter, JoinSet, Level, MockBackend, MockGuard, MonitorLayer, SessionMode,
    SessionStatus, capture_errors, capture_message, end_session, start_session, testing, traced,
};
use tower::ServiceExt;

use crate::failure::Refused;

fn requests(change: impl FnOnce(Config) -> Config) -> MockGuard {
    MockBackend::install_with(change(Config::new().with_sessions(SessionMode::Request)))
}

/// All together: exited, errored, crashed.
fn counts(mock: &MockBackend) -> (u64, u64, u64) {
    let add = |(exited, errored, crashed), counted: &SessionAggregate| {
        (exited + counted.exited, errored + counted.errored, crashed + counted.crashed)
    };
    mock.session_aggregates().iter().fold((0, 0, 0), add)
}

#[traced(root, op = "queue.process")]
#[capture_errors(panics)]
fn process(fails: bool, panics: bool) -> Result<(), Refused> {
    start_session();
    assert!(!panics, "no more");
    if fails { Err(Refused) } else { Ok(()) }
}

#[test]
fn each_request_ends_well_or_with_an_error_or_with_a_panic() {
    let mock = requests(|config| config.with_traces_sample_rate(0.0));
    for _ in 0..3 {
        process(false, false).unwrap();
    }
    process(true, false).unwrap_err();
    catch_unwind(AssertUnwindSafe(|| process(false, true))).unwrap_err();
    assert_eq!(counts(&mock), (3, 1, 1));
    assert!(mock.sessions().is_empty(), "those of processes are off");
    assert_eq!(mock.errors().len(), 2);
}

#[test]
fn they_are_counted_by_the_minute_in_which_they_began() {
    let mock = requests(|config| config);
    process(false, false).unwrap();
    testing::advance(Duration::from_secs(61));
    process(false, false).unwrap();
    process(true, false).unwrap_err();
    // A minute may be told in parts: what was sent when the clock moved, and what came after.
    let mut minutes = BTreeMap::new();
    for counted in mock.session_aggregates() {
        let (exited, errored) = minutes.entry(counted.started).or_default();
        (*exited, *errored) = (*exited + counted.exited, *errored + counted.errored);
    }
    let minutes: Vec<(SystemTime, (u64, u64))> = minutes.into_iter().collect();
    let [(first, earlier), (second, later)] = minutes[..] else { panic!("{minutes:?}") };
    assert_eq!((earlier, later), ((1, 0), (1, 1)));
    let apart = second.duration_since(first).unwrap();
    assert!(apart == Duration::from_secs(60) || apart == Duration::from_secs(120), "{apart:?}");
}

#[test]
fn what_a_rule_drops_is_no_error_and_what_a_limit_leaves_out_is() {
    let rule = Filter::message("connection refused");
    let mock = requests(|config| config.with_filter(rule));
    process(true, false).unwrap_err();
    assert_eq!(counts(&mock), (1, 0, 0));
    for change in [
        |config: Config| config.with_max_events_per_fingerprint(1),
        |config: Config| config.with_max_events_per_callsite(1),
    ] {
        let mock = requests(change);
        for _ in 0..5 {
            process(true, false).unwrap_err();
        }
        assert_eq!(mock.errors().len(), 1);
        assert_eq!(counts(&mock), (0, 5, 0));
    }
}

#[tokio::test]
async fn what_a_request_has_spawned_is_part_of_it() {
    let mock = requests(|config| config);
    let (go, wait) = tokio::sync::oneshot::channel::<()>();

    #[traced]
    async fn request(wait: tokio::sync::oneshot::Receiver<()>, tasks: &mut JoinSet<()>) {
        start_session();
        tasks.spawn(async {
            wait.await.unwrap();
            capture_message("too late", Level::Error);
        });
    }

    let mut tasks = JoinSet::new();
    request(wait, &mut tasks).await;
    assert_eq!(counts(&mock), (0, 0, 0), "its task is still running");
    go.send(()).unwrap();
    tasks.join_next().await.unwrap().unwrap();
    assert_eq!(counts(&mock), (0, 1, 0));
}

#[test]
fn a_session_may_end_before_its_scope() {
    let mock = requests(|config| config);

    #[traced]
    fn two() {
        start_session();
        capture_message("bad", Level::Error);
        end_session();
        start_session();
        capture_message("not so bad", Level::Warning);
        end_session();
        capture_message("nobody's", Level::Error);
    }

    two();
    assert_eq!(counts(&mock), (1, 1, 0));
}

#[tokio::test]
async fn the_layer_makes_a_session_of_each_request() {
    let mock = requests(|config| config);
    let fails = || async {
        capture_message("broken", Level::Error);
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let app = Router::new().route("/fails", get(fails)).route("/works", get(|| async { "ok" }));
    let app = app.layer(MonitorLayer::new());
    for uri in ["/works", "/fails", "/works"] {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap();
    }
    assert_eq!(counts(&mock), (2, 1, 0));
}

#[test]
fn a_process_that_panics_has_crashed() {
    let config = Config::new().with_sessions(SessionMode::Application).with_capture_panics(true);
    let mock = MockBackend::install_with(config);
    start_session();
    assert_eq!(mock.sessions().len(), 1);
    catch_unwind(AssertUnwindSafe(|| process(false, true))).unwrap_err();
    let sessions = mock.sessions();
    assert_eq!(sessions.len(), 2);
    assert_eq!((sessions[1].status, sessions[1].errors), (SessionStatus::Crashed, 1));
    // That was its end.
    process(true, false).unwrap_err();
    assert_eq!(mock.sessions().len(), 2);
    assert!(mock.session_aggregates().is_empty());
}

#[test]
fn nothing_is_counted_unless_asked_for() {
    let mock = MockBackend::install();
    process(true, false).unwrap_err();
    assert!(mock.sessions().is_empty() && mock.session_aggregates().is_empty());
}
