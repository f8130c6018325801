//! Traces that stay on the thread on which they began are delivered at once. Of others nothing is missed.

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::task::{Poll, Waker};

use monitor_runtime::record::Transaction;
use monitor_runtime::{
    Context, MockBackend, MockGuard, SpanGuard, capture_errors, set_tag, span, traced,
};

thread_local! {
    static KEPT: RefCell<Vec<Context>> = const { RefCell::new(Vec::new()) };
    static OPEN: RefCell<Vec<SpanGuard>> = const { RefCell::new(Vec::new()) };
}

fn keep() {
    let context = Context::current();
    KEPT.with_borrow_mut(|kept| kept.push(context));
}

#[traced]
fn alone() {}

#[traced]
fn handed_on() {
    keep();
}

#[traced]
fn work() {}

/// A thread's first record is one of no whole trace: it has no buffer before.
fn installed() -> MockGuard {
    let mock = MockBackend::install();
    alone();
    mock.clear();
    mock
}

/// What comes after a root belongs to it.
fn assert_comes_late(mock: &MockBackend, root: &str, late: &str) {
    let (root, late) = (mock.transaction(root), mock.transaction(late));
    assert_eq!(late.trace_id, root.trace_id);
    assert_eq!(late.root().parent, Some(root.root().id));
    mock.assert_no_loss();
}

#[test]
fn roots_come_in_the_order_in_which_they_ended() {
    let mock = installed();
    for _ in 0..3 {
        alone();
        handed_on();
        alone();
    }
    let all = mock.transactions();
    let names: Vec<&str> = all.iter().map(|transaction| transaction.root().name()).collect();
    assert_eq!(names, ["alone", "handed_on", "alone"].repeat(3));
}

#[test]
fn another_thread_may_go_on_with_a_trace_that_was_handed_on() {
    let mock = installed();
    handed_on();
    // Delivered by now.
    assert_eq!(mock.transactions().len(), 1);
    let context = KEPT.take().remove(0);
    std::thread::spawn(move || context.run(work)).join().unwrap();
    assert_comes_late(&mock, "handed_on", "work");
}

#[test]
fn a_root_inside_of_one_that_was_handed_on_says_nothing_of_it() {
    #[traced]
    fn outer() {
        keep();
        inner();
    }
    #[traced(root)]
    fn inner() {
        alone();
    }
    let mock = installed();
    outer();
    assert_eq!(mock.transactions().len(), 2);
    KEPT.take().remove(0).run(work);
    assert_comes_late(&mock, "outer", "work");
}

#[test]
fn a_future_goes_on_elsewhere() {
    #[traced]
    async fn waits() {
        let mut is_first = true;
        std::future::poll_fn(|_| match std::mem::take(&mut is_first) {
            true => Poll::Pending,
            false => Poll::Ready(()),
        })
        .await;
    }
    #[traced]
    fn polls_once(kept: &mut Option<Pin<Box<dyn Future<Output = ()> + Send>>>) {
        let future = kept.insert(Box::pin(waits()));
        let polled = future.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    }
    let mock = installed();
    let mut kept = None;
    polls_once(&mut kept);
    let future = mock.context().wrap(kept.unwrap());
    assert_eq!(mock.transactions().len(), 1);
    std::thread::spawn(move || {
        let mut cx = std::task::Context::from_waker(Waker::noop());
        assert!(pin!(future).poll(&mut cx).is_ready());
    })
    .join()
    .unwrap();
    assert_comes_late(&mock, "polls_once", "waits");
}

#[test]
fn a_guard_may_outlive_the_root() {
    /// Makes no span, and so stands between the guard and the root.
    #[capture_errors]
    fn opens() -> Result<(), std::fmt::Error> {
        OPEN.with_borrow_mut(|open| open.push(span!("app.step", "open")));
        Ok(())
    }
    #[traced]
    fn leaves_open() {
        opens().unwrap();
    }
    let mock = installed();
    // The first call of a function takes another way than the others.
    for _ in 0..2 {
        mock.clear();
        leaves_open();
        assert_eq!(mock.transactions().len(), 1);
        drop(OPEN.take());
        assert_comes_late(&mock, "leaves_open", "open");
    }
}

#[test]
fn what_was_said_of_a_root_comes_with_it() {
    #[traced]
    fn says(n: u64) {
        set_tag("number", n);
    }
    let mock = installed();
    (0..10).for_each(says);
    let number = |transaction: &Transaction| transaction.scope.tag("number").map(str::to_owned);
    let numbers: Vec<_> = mock.transactions().iter().map(|one| number(one)).collect();
    assert_eq!(numbers, Vec::from_iter((0..10).map(|n: u64| Some(n.to_string()))));
}
