//! Many tasks at once on several workers, with a backend for the whole process.

use std::collections::HashMap;
use std::time::Duration;

use monitor_runtime::{
    Config, JoinSet, MockBackend, User, capture_errors, set_tag, set_user, traced,
};

const TASKS: u32 = 10_000;

#[derive(Debug)]
struct Failed(u32);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "task {} failed", self.0)
    }
}

impl std::error::Error for Failed {}

/// A few numbers that differ from task to task: how often to yield.
fn yields(number: u32, salt: u32) -> u32 {
    (number ^ salt).wrapping_mul(0x9e37_79b9) >> 29
}

#[traced(op = "task", fields(number))]
#[capture_errors]
async fn work(number: u32) -> Result<(), Failed> {
    set_tag("task", number);
    set_user(User::new(number));
    for _ in 0..yields(number, 1) {
        tokio::task::yield_now().await;
    }
    step(number).await;
    Err(Failed(number))
}

#[traced(op = "step", fields(number))]
async fn step(number: u32) {
    for _ in 0..yields(number, 2) {
        tokio::task::yield_now().await;
    }
}

/// With the helper: all tasks belong to one root.
#[traced(op = "app.request")]
async fn spawns_with_helper() {
    let mut set = JoinSet::new();
    for number in 0..TASKS {
        set.spawn(work(number));
    }
    while let Some(outcome) = set.join_next().await {
        assert!(outcome.unwrap().is_err());
    }
}

/// Without: each task is a root of its own.
#[traced(op = "app.request")]
async fn spawns_without_helper() {
    let handles: Vec<_> = (0..TASKS).map(|number| tokio::spawn(work(number))).collect();
    for handle in handles {
        assert!(handle.await.unwrap().is_err());
    }
}

#[test]
fn ten_thousand_tasks_keep_their_own_context() {
    let mock = MockBackend::new();
    let config = Config::new()
        .with_traces_sample_rate(1.0)
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_backend(mock.clone());
    let guard = monitor_runtime::init(config).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();

    runtime.block_on(async { tokio::spawn(spawns_with_helper()).await.unwrap() });
    let transaction = mock.transaction("spawns_with_helper");
    assert_eq!(mock.transactions().len(), 1);
    assert_eq!(transaction.spans.len() as u32, 1 + 2 * TASKS);
    check_errors(&mock);
    check_steps(&mock);

    mock.clear();
    runtime.block_on(async { tokio::spawn(spawns_without_helper()).await.unwrap() });
    assert_eq!(mock.transactions().len() as u32, 1 + TASKS);
    assert!(mock.transaction("spawns_without_helper").children().is_empty());
    check_errors(&mock);
    check_steps(&mock);
    for transaction in mock.transactions().iter().filter(|t| t.root().name() == "work") {
        let number = transaction.root().attribute("number").unwrap().to_string();
        assert_eq!(transaction.scope.tag("task"), Some(number.as_str()));
    }

    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    mock.assert_no_loss();
    drop(guard);
}

/// One event a task, each with the task's own tag, user and span.
fn check_errors(mock: &MockBackend) {
    let events = mock.errors();
    assert_eq!(events.len() as u32, TASKS);
    let numbers: HashMap<_, _> = mock
        .spans()
        .into_iter()
        .filter(|span| span.op() == "task")
        .map(|span| (span.id, span.attribute("number").unwrap().to_string()))
        .collect();
    let mixed = events
        .iter()
        .filter(|event| {
            let own = event.exceptions[0].value.split(' ').nth(1);
            let user = event.scope.user().and_then(|user| user.id.as_deref());
            let span = event.span_id.and_then(|id| numbers.get(&id)).map(String::as_str);
            event.tag("task") != own || user != own || span != own
        })
        .count();
    assert_eq!(mixed, 0);
}

/// Each step hangs below the task of the same number.
fn check_steps(mock: &MockBackend) {
    let spans = mock.spans();
    let by_id: HashMap<_, _> = spans.iter().map(|span| (span.id, span)).collect();
    let steps: Vec<_> = spans.iter().filter(|span| span.op() == "step").collect();
    assert_eq!(steps.len() as u32, TASKS);
    for step in steps {
        let task = by_id[&step.parent.unwrap()];
        assert_eq!(task.attribute("number"), step.attribute("number"));
    }
}
