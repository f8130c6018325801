//! What the forms are run with.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_util::Stream;
use monitor_runtime::MockBackend;

/// One form of function, called once.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    /// The spans of the annotated one: `name status`, with a comma between two.
    pub(crate) spans: &'static str,
    call: Box<dyn FnOnce() -> String>,
}

pub(crate) fn form<T: std::fmt::Debug>(
    name: &'static str,
    spans: &'static str,
    call: impl FnOnce() -> T + 'static,
) -> Form {
    Form { name, spans, call: Box::new(move || format!("{:?}", call())) }
}

/// The result of a form with what it logged, and its spans.
pub(crate) fn run(form: Form) -> (String, String) {
    let mock = MockBackend::install();
    LOG.take();
    let result = (form.call)();
    let log = LOG.take();
    let spans: Vec<String> = mock
        .spans()
        .iter()
        .map(|span| format!("{} {}", span.name(), format!("{:?}", span.status).to_lowercase()))
        .collect();
    (format!("{result} {log:?}"), spans.join(", "))
}

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Says what happens, in the order in which it happens.
pub(crate) fn log(text: impl Into<String>) {
    LOG.with_borrow_mut(|log| log.push(text.into()));
}

/// Says when it is dropped.
#[derive(Debug)]
pub(crate) struct Noisy(pub(crate) &'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        log(format!("drop {}", self.0));
    }
}

/// An error of nothing but a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused(pub(crate) &'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(out) = poll_once(future.as_mut()) {
            return out;
        }
    }
}

pub(crate) fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// All items of a stream.
pub(crate) fn collect<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    while let Some(item) = next(stream.as_mut()) {
        items.push(item);
    }
    items
}

/// The next item of a stream.
pub(crate) fn next<S: Stream + ?Sized>(mut stream: Pin<&mut S>) -> Option<S::Item> {
    loop {
        let polled = stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(item) = polled {
            return item;
        }
    }
}

/// Pending once.
pub(crate) async fn later() {
    let mut polled = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// The message of a panic.
pub(crate) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}
