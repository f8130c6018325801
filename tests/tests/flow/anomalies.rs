//! What a program does that it shouldn't, and what a clock does: recorded as well as may be, and counted.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use monitor_runtime::{Config, MockBackend, SpanGuard, current_span, span, testing, traced};
use tokio::task::yield_now;

#[traced]
fn leaf() {}

#[traced]
fn well_behaved() {
    leaf();
    let _outer = span!("app.outer", "outer");
    let _inner = span!("app.inner", "inner");
    leaf();
}

#[test]
fn calls_that_end_in_order_are_not_counted() {
    let mock = MockBackend::install();
    well_behaved();
    let _ = std::panic::catch_unwind(|| {
        let _guard = span!("app.panics", "panics");
        std::panic::resume_unwind(Box::new(()));
    });
    assert_eq!(mock.spans().len(), 6);
    assert_eq!((mock.loss().out_of_order, mock.loss().clock_steps), (0, 0));
}

#[test]
fn calls_that_end_out_of_order_are_counted() {
    let mock = MockBackend::install();
    let root = span!("app.root", "root");
    let outer = span!("app.outer", "outer");
    let inner = span!("app.inner", "inner");
    drop(outer);
    drop(inner);
    leaf();
    drop(root);
    // The one that left another open, and that other.
    assert_eq!(mock.loss().out_of_order, 2);
    assert!(mock.loss().is_empty(), "nothing is lost: {}", mock.loss());
    assert_eq!(mock.spans().len(), 4);
    assert_eq!(mock.span("leaf").parent, Some(mock.span("root").id));
}

#[test]
fn a_call_around_a_forgotten_guard_is_counted() {
    let mock = MockBackend::install();
    for _ in 0..3 {
        let _root = span!("app.root", "root");
        std::mem::forget(span!("app.lost", "lost"));
    }
    assert_eq!(mock.loss().out_of_order, 3);
    assert_eq!(mock.transactions().len(), 3);
    assert_eq!(current_span().span_id(), None);
}

/// Begins a span in one poll and ends it in the next.
struct AcrossPolls(Option<SpanGuard>);

impl Future for AcrossPolls {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.0.take() {
            Some(guard) => {
                drop(guard);
                Poll::Ready(())
            }
            None => {
                self.0 = Some(span!("app.across", "across"));
                Poll::Pending
            }
        }
    }
}

#[traced]
async fn holds_a_guard() {
    AcrossPolls(None).await;
    leaf();
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_guard_dropped_on_another_poll_is_counted() {
    let mock = MockBackend::install();
    let mut future = pin!(holds_a_guard());
    assert!(poll_once(future.as_mut()).is_pending());
    assert_eq!(current_span().span_id(), None, "nothing is left behind on the thread");
    {
        // Deeper this time.
        let _outer = span!("app.outer", "outer");
        let _inner = span!("app.inner", "inner");
        assert!(poll_once(future.as_mut()).is_ready());
    }
    assert_eq!(current_span().span_id(), None);
    assert_eq!(mock.loss().out_of_order, 1);
    assert_eq!(mock.span("across").parent, Some(mock.span("holds_a_guard").id));
    assert_eq!(mock.span("leaf").parent, Some(mock.span("holds_a_guard").id));
    assert_eq!(mock.span("inner").parent, Some(mock.span("outer").id));
}

#[traced]
async fn waits() {
    yield_now().await;
}

#[traced]
async fn waits_inside() {
    waits().await;
}

#[test]
fn a_clock_that_steps_back_is_counted() {
    let mock = MockBackend::install_with(Config::new());
    let mut future = Box::pin(waits_inside());
    testing::advance(Duration::from_secs(3600));
    assert!(poll_once(future.as_mut()).is_pending());
    // Another thread's clock wasn't advanced.
    std::thread::scope(|scope| {
        scope.spawn(|| assert!(poll_once(future.as_mut()).is_ready()));
    });
    assert_eq!(mock.loss().clock_steps, 2);
    assert!(mock.loss().is_empty(), "nothing is lost: {}", mock.loss());
    for span in mock.spans() {
        assert!(span.duration().is_zero() && span.busy().is_zero() && !span.slow, "{span:?}");
    }
    assert_eq!(mock.spans().len(), 2);
}
