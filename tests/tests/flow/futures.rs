//! Async functions: the context moves with the future, poll by poll.

use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};

use monitor_runtime::{
    Config, Context, InContextExt, JoinSet, Level, MockBackend, Status, capture_errors,
    capture_message, current_span, set_tag, slow_threshold, spawn, spawn_blocking, testing, traced,
};
use tokio::task::yield_now;

use crate::failure::Refused;

#[traced(op = "db.query")]
async fn query(rows: u32) -> u32 {
    yield_now().await;
    inner();
    yield_now().await;
    rows
}

#[traced]
fn inner() {}

#[traced]
async fn request() -> u32 {
    let (a, b) = tokio::join!(query(1), query(2));
    a + b
}

#[tokio::test]
async fn futures_that_run_at_once_keep_their_places() {
    let mock = MockBackend::install();
    assert_eq!(request().await, 3);
    assert_eq!(
        mock.snapshot(),
        "\
transaction request [function] ok
  query [db.query] ok
    inner [function] ok
  query [db.query] ok
    inner [function] ok
"
    );
    assert_eq!(current_span().trace_id(), None);
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut TaskContext::from_waker(Waker::noop()))
}

#[traced]
async fn never_ends(guarded: bool) {
    let _guard = guarded.then_some(CallsInDrop);
    pending::<()>().await;
}

struct CallsInDrop;

impl Drop for CallsInDrop {
    fn drop(&mut self) {
        inner();
    }
}

#[test]
fn a_future_dropped_half_way_is_cancelled() {
    let mock = MockBackend::install();
    {
        let mut future = pin!(never_ends(true));
        assert!(poll_once(future.as_mut()).is_pending());
        assert_eq!(current_span().span_id(), None, "nothing is current between polls");
    }
    drop(never_ends(false));
    let transaction = mock.transaction("never_ends");
    assert_eq!(transaction.root().status, Status::Cancelled);
    // What runs while it is dropped still belongs to it.
    assert_eq!(mock.span("inner").parent, Some(transaction.root().id));
    assert_eq!(mock.spans().len(), 2, "a future that was never polled has no span");
}

#[capture_errors(panics)]
#[traced]
async fn panics_at_the_second_poll() {
    yield_now().await;
    panic!("second poll");
}

#[tokio::test]
async fn a_panic_in_a_task_ends_its_span() {
    let mock = MockBackend::install();
    let outcome = spawn(panics_at_the_second_poll()).await;
    assert!(outcome.unwrap_err().is_panic());
    assert_eq!(mock.span("panics_at_the_second_poll").status, Status::Panicked);
    assert_eq!(mock.event("second poll").level, Level::Fatal);
}

#[traced]
#[capture_errors]
async fn fails(tenant: u32) -> Result<(), Refused> {
    set_tag("tenant", tenant);
    for _ in 0..tenant % 5 {
        yield_now().await;
    }
    Err(Refused("db"))
}

#[tokio::test]
async fn roots_that_run_at_once_in_one_task_keep_their_scopes() {
    let mock = MockBackend::install();
    let mut futures: Vec<_> = (0..100).map(|tenant| Box::pin(fails(tenant))).collect();
    poll_fn(|cx| {
        futures.retain_mut(|future| future.as_mut().poll(cx).is_pending());
        if futures.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let mut tenants: Vec<u32> =
        mock.errors().iter().map(|event| event.tag("tenant").unwrap().parse().unwrap()).collect();
    tenants.sort_unstable();
    assert_eq!(tenants, (0..100).collect::<Vec<_>>());
    for event in mock.errors() {
        let transactions = mock.transactions();
        let own = transactions.iter().find(|t| t.trace_id == event.trace_id).unwrap();
        assert_eq!(own.scope.tag("tenant"), event.tag("tenant"));
    }
}

#[traced(op = "task")]
async fn task(number: u32) -> u32 {
    yield_now().await;
    number
}

#[traced]
fn blocking_task() {}

#[traced(op = "app.request")]
async fn spawns() -> u32 {
    set_tag("tenant", "a");
    let mut set = JoinSet::new();
    for number in 0..3 {
        set.spawn(task(number));
    }
    set.spawn_blocking(|| {
        blocking_task();
        10
    });
    let handle = spawn(async {
        set_tag("tenant", "b");
        capture_message("in the task", Level::Info);
        task(20).await
    });
    let blocking = spawn_blocking(blocking_task);
    let mut sum = handle.await.unwrap();
    blocking.await.unwrap();
    while let Some(number) = set.join_next().await {
        sum += number.unwrap();
    }
    capture_message("in the request", Level::Info);
    sum
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn spawned_work_belongs_to_its_maker() {
    let mock = MockBackend::install();
    assert_eq!(spawns().await, 33);
    let transaction = mock.transaction("spawns");
    assert_eq!(transaction.children().len(), 6, "{}", mock.snapshot());
    for span in transaction.children() {
        assert_eq!(span.parent, Some(transaction.root().id));
        assert_eq!(span.parent_operation(), Some("app.request"));
    }
    assert_eq!(mock.event("in the task").tag("tenant"), Some("b"));
    assert_eq!(mock.event("in the request").tag("tenant"), Some("a"));
    assert_eq!(mock.transactions().len(), 1);
}

#[traced]
async fn leaves_work_behind(
    release: tokio::sync::oneshot::Receiver<()>,
) -> Option<tokio::task::JoinHandle<()>> {
    Some(spawn(async move {
        release.await.unwrap();
        late().await;
    }))
}

#[traced]
async fn late() {
    yield_now().await;
    inner();
}

#[tokio::test]
async fn work_that_outlives_its_root_comes_in_the_same_trace() {
    let mock = MockBackend::install();
    let (release, released) = tokio::sync::oneshot::channel();
    let handle = leaves_work_behind(released).await.unwrap();
    assert_eq!(mock.transactions().len(), 1);
    release.send(()).unwrap();
    handle.await.unwrap();
    let (root, late) = (mock.transaction("leaves_work_behind"), mock.transaction("late"));
    assert_eq!(late.trace_id, root.trace_id);
    assert_eq!(late.root().parent, Some(root.root().id));
    assert_eq!(late.children().len(), 1);
    mock.assert_no_loss();
}

#[traced]
fn takes_the_context_along() {
    let context = Context::current();
    let thread = std::thread::spawn(move || context.run(inner));
    thread.join().unwrap();
    let future = async { inner() }.in_context();
    std::thread::spawn(move || {
        let mut future = pin!(future);
        assert!(poll_once(future.as_mut()).is_ready());
        assert_eq!(current_span().span_id(), None);
    })
    .join()
    .unwrap();
    Context::detached().run(inner);
}

#[test]
fn other_threads_and_executors_go_on_in_the_context() {
    let mock = MockBackend::install();
    takes_the_context_along();
    let transaction = mock.transaction("takes_the_context_along");
    assert_eq!(transaction.children().len(), 2);
    let detached = mock.transaction("inner");
    assert_ne!(detached.trace_id, transaction.trace_id);
}

#[tokio::test]
async fn a_task_sets_nothing_on_the_thread() {
    let mock = MockBackend::install();
    let tasks: Vec<_> = ["a", "b"]
        .map(|tenant| {
            tokio::spawn(async move {
                set_tag("tenant", tenant);
                yield_now().await;
                capture_message(tenant, Level::Info);
            })
        })
        .into();
    for task in tasks {
        task.await.unwrap();
    }
    for event in mock.events() {
        assert_eq!(event.tag("tenant"), None, "the thread's scope would be that of both tasks");
    }
    // In a task that belongs to something the tag is the task's own.
    let own = spawn(async {
        set_tag("tenant", "c");
        capture_message("own", Level::Info);
    });
    own.await.unwrap();
    assert_eq!(mock.event("own").tag("tenant"), Some("c"));
}

#[traced]
async fn waits() {
    testing::advance(std::time::Duration::from_millis(5));
    yield_now().await;
}

#[tokio::test]
async fn busy_time_is_that_inside_polls() {
    let mock = MockBackend::install();
    let mut future = Box::pin(waits());
    assert!(poll_once(future.as_mut()).is_pending());
    testing::advance(std::time::Duration::from_secs(20));
    assert!(poll_once(future.as_mut()).is_ready());
    let span = mock.span("waits");
    assert!(span.duration() >= std::time::Duration::from_millis(20_005));
    assert!(span.busy() >= std::time::Duration::from_millis(5));
    assert!(span.idle() >= std::time::Duration::from_secs(20));
    assert!(span.busy() < std::time::Duration::from_secs(20), "{:?}", span.busy());
}

#[slow_threshold(ms = 50)]
#[traced]
async fn waits_and_is_slow() {
    waits().await;
}

#[tokio::test]
async fn without_busy_time_a_future_is_busy_all_the_time() {
    let mock =
        MockBackend::install_with(Config::new().with_busy_time(false).with_traces_sample_rate(1.0));
    let mut future = Box::pin(waits_and_is_slow());
    assert!(poll_once(future.as_mut()).is_pending());
    testing::advance(std::time::Duration::from_secs(20));
    assert!(poll_once(future.as_mut()).is_ready());
    let span = mock.span("waits");
    assert_eq!(span.busy(), span.duration());
    assert!(span.duration() >= std::time::Duration::from_secs(20));
    // A limit of time asks for it.
    let slow = mock.span("waits_and_is_slow");
    assert!(slow.busy() < std::time::Duration::from_secs(20), "{:?}", slow.busy());
    assert_eq!(slow.id, span.parent.unwrap());
}

#[tokio::test]
async fn an_unsampled_root_keeps_its_tasks_unsampled() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    assert_eq!(spawns().await, 33);
    assert!(mock.transactions().is_empty());
    assert_eq!(mock.event("in the task").tag("tenant"), Some("b"));
    let ids: Vec<_> = mock.events().iter().map(|event| event.trace_id).collect();
    assert_eq!(ids[0], ids[1]);
}
