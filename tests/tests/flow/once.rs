//! An error is one event on its whole way, whatever it is turned into; another error is another.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{self, Poll, Waker};

use monitor_runtime::{
    Config, Context, MockBackend, MockGuard, MonitorError, breadcrumb, capture_errors,
    capture_message, traced, with_scope,
};

use crate::failure::{Refused, Unavailable};

/// An error without a source, whose text says nothing of what it was made from.
#[derive(Debug)]
struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request failed")
    }
}

impl Error for Failed {}

impl From<Refused> for Failed {
    fn from(_: Refused) -> Self {
        Self
    }
}

#[traced]
#[capture_errors]
fn inner(fails: bool) -> Result<u8, Refused> {
    if fails { Err(Refused("db")) } else { Ok(1) }
}

/// Sampled or not: the rule is the same.
fn mocks() -> [MockGuard; 2] {
    [1.0, 0.0].map(|rate| MockBackend::install_with(Config::new().with_traces_sample_rate(rate)))
}

fn titles(call: impl Fn()) -> Vec<String> {
    let [sampled, unsampled] = mocks();
    let unsampled_titles = {
        call();
        titles_of(&unsampled)
    };
    drop(unsampled);
    call();
    assert_eq!(titles_of(&sampled), unsampled_titles);
    unsampled_titles
}

fn titles_of(mock: &MockBackend) -> Vec<String> {
    mock.errors().iter().map(|event| event.title()).collect()
}

const REFUSED: &str = "Refused: connection refused by db";

#[test]
fn a_conversion_makes_no_second_event() {
    #[capture_errors]
    fn by_question_mark() -> Result<u8, Failed> {
        Ok(inner(true)?)
    }
    #[capture_errors]
    fn to_a_text() -> Result<u8, String> {
        by_question_mark().map_err(|_| "something went wrong".to_owned())
    }
    #[traced]
    #[capture_errors]
    fn to_a_box() -> Result<u8, Box<dyn Error + Send + Sync>> {
        to_a_text().map_err(|_| Box::new(Failed) as _)
    }
    #[traced]
    #[capture_errors]
    fn to_a_missing_value() -> Option<u8> {
        to_a_box().ok()
    }
    assert_eq!(titles(|| assert!(to_a_missing_value().is_none())), [REFUSED]);
}

#[test]
fn an_error_after_a_handled_one_is_another() {
    #[traced]
    #[capture_errors]
    fn with_a_source_of_its_own() -> Result<u8, Unavailable> {
        let _handled = inner(true);
        Err(Unavailable { source: Refused("cache") })
    }
    #[traced]
    #[capture_errors]
    fn of_the_same_type() -> Result<u8, Refused> {
        let _handled = inner(true);
        Err(Refused("cache"))
    }
    #[traced]
    #[capture_errors]
    fn after_another_call() -> Result<u8, Failed> {
        let _handled = inner(true);
        let _fine = inner(false);
        Err(Failed)
    }
    #[traced]
    #[capture_errors]
    fn after_a_breadcrumb() -> Result<u8, Failed> {
        let _handled = inner(true);
        breadcrumb!("db", "goes on without");
        Err(Failed)
    }
    let failed = "Failed: the request failed";
    for (call, second) in [
        ((|| drop(with_a_source_of_its_own())) as fn(), "Unavailable: service unavailable"),
        (|| drop(of_the_same_type()), "Refused: connection refused by cache"),
        (|| drop(after_another_call()), failed),
        (|| drop(after_a_breadcrumb()), failed),
    ] {
        assert_eq!(titles(call), [REFUSED, second]);
    }
}

#[test]
fn an_error_of_a_call_that_had_nothing_inside_is_its_own() {
    #[traced]
    #[capture_errors]
    fn calls(inside: bool) -> Result<u8, Failed> {
        if inside {
            let _handled = inner(true);
            return Ok(1);
        }
        Err(Failed)
    }
    // The same place in the path, where another error was left before.
    #[traced]
    fn one_after_the_other() {
        let _ = calls(true);
        let _ = calls(false);
    }
    assert_eq!(titles(one_after_the_other), [REFUSED, "Failed: the request failed"]);
}

#[test]
fn an_error_that_is_kept_and_returned_later_is_the_same() {
    #[traced]
    #[capture_errors]
    fn other() -> Result<u8, Failed> {
        Err(Failed)
    }
    #[traced]
    #[capture_errors]
    fn keeps() -> Result<u8, Unavailable> {
        let kept = inner(true);
        let _ = other();
        let _ = inner(false);
        capture_message("meanwhile", monitor_runtime::Level::Info);
        Ok(kept?)
    }
    assert_eq!(titles(|| drop(keeps())), [REFUSED, "Failed: the request failed"]);
}

#[test]
fn an_error_is_kept_across_a_trace_inside_and_a_scope() {
    #[traced(root)]
    fn trace_inside() {
        let _handled = inner(true);
    }
    #[traced]
    #[capture_errors]
    fn keeps() -> Result<u8, Unavailable> {
        let kept = with_scope(|| inner(true));
        trace_inside();
        Ok(kept?)
    }
    let mock = MockBackend::install();
    assert!(keeps().is_err());
    assert_eq!(titles_of(&mock), [REFUSED, REFUSED]);
}

#[test]
fn an_error_is_kept_where_its_future_goes_on_on_another_thread() {
    #[traced]
    #[capture_errors]
    async fn keeps() -> Result<u8, Unavailable> {
        let kept = inner(true);
        let mut waited = false;
        poll_fn(|_| match std::mem::replace(&mut waited, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
        Ok(kept?)
    }
    /// Begins here, ends elsewhere; on either thread something else fails meanwhile.
    fn polled_on_two_threads(future: impl Future<Output = Result<u8, Unavailable>> + Send) {
        let mut future = pin!(future);
        let poll = |future: Pin<&mut dyn Future<Output = _>>| {
            future.poll(&mut task::Context::from_waker(Waker::noop())).is_ready()
        };
        assert!(!poll(future.as_mut()));
        let _handled = inner(true);
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(poll(future.as_mut())));
        });
    }
    #[traced(root)]
    fn context() -> Context {
        Context::current()
    }
    let mock = MockBackend::install();
    polled_on_two_threads(keeps());
    assert_eq!(titles_of(&mock), [REFUSED, REFUSED]);
    mock.clear();
    polled_on_two_threads(context().wrap(keeps()));
    assert_eq!(titles_of(&mock), [REFUSED, REFUSED]);
}

#[test]
fn attempts_that_fail_alike_are_events_each() {
    #[traced]
    #[capture_errors]
    fn retries() -> Result<u8, Failed> {
        inner(true).or_else(|_| inner(true)).map_err(Failed::from)
    }
    assert_eq!(titles(|| drop(retries())), [REFUSED, REFUSED]);
}

#[tokio::test]
async fn across_an_await_only_what_it_says_counts() {
    #[traced]
    #[capture_errors]
    async fn inner_async() -> Result<u8, Refused> {
        tokio::task::yield_now().await;
        Err(Refused("db"))
    }
    #[traced]
    #[capture_errors]
    async fn converts() -> Result<u8, Failed> {
        Ok(inner_async().await?)
    }
    #[traced]
    #[capture_errors]
    async fn waits_then_fails() -> Result<u8, Failed> {
        let _handled = inner_async().await;
        tokio::task::yield_now().await;
        Err(Failed)
    }
    let mock = MockBackend::install();
    assert!(converts().await.is_err());
    assert_eq!(titles_of(&mock), [REFUSED]);
    mock.clear();
    assert!(waits_then_fails().await.is_err());
    assert_eq!(titles_of(&mock), [REFUSED, "Failed: the request failed"]);
    mock.clear();
    // On one thread, in turns: what one leaves isn't taken for the other's.
    tokio::join!(async { drop(waits_then_fails().await) }, async {
        tokio::task::yield_now().await;
        drop(waits_then_fails().await);
    });
    assert_eq!(titles_of(&mock).len(), 4);
}

#[traced(op = "db.query")]
fn leaf() -> Result<u8, Refused> {
    Err(Refused("db"))
}

#[traced]
fn between() -> Result<u8, Refused> {
    leaf()
}

#[test]
fn the_path_has_the_calls_that_the_error_left_before() {
    #[traced]
    #[capture_errors]
    fn captures() -> Result<u8, Failed> {
        Ok(between()?)
    }
    #[traced]
    #[capture_errors]
    fn handles() -> Result<u8, Failed> {
        let _handled = between();
        let _fine = inner(false);
        Err(Failed)
    }
    #[traced]
    fn outer(call: fn() -> Result<u8, Failed>) {
        drop(call());
    }
    let mock = MockBackend::install();
    outer(captures);
    outer(handles);
    let path = |at: usize| -> Vec<_> {
        mock.errors()[at].path.iter().map(|frame| frame.function).collect()
    };
    assert_eq!(path(0), ["leaf", "between", "captures", "outer"]);
    assert_eq!(path(1), ["handles", "outer"]);
    let leaf = mock.errors()[0].path[0];
    assert!(leaf.file.ends_with("once.rs") && leaf.line > 0);
}

#[derive(Debug, MonitorError)]
enum Lookup {
    #[monitor(expected)]
    NotFound,
    Corrupt,
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::NotFound) { "not found" } else { "corrupt" })
    }
}

impl Error for Lookup {}

#[test]
fn an_expected_error_that_becomes_a_worse_one_is_an_event() {
    #[derive(Debug, MonitorError)]
    #[monitor(category = "import")]
    struct Broken;

    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("not found where it must be")
        }
    }

    impl Error for Broken {}

    #[traced]
    #[capture_errors]
    fn looks(error: Lookup) -> Result<u8, Lookup> {
        Err(error)
    }
    #[traced]
    #[capture_errors]
    fn needs() -> Result<u8, Broken> {
        looks(Lookup::NotFound).map_err(|_| Broken)
    }
    #[traced]
    #[capture_errors]
    fn asks() -> Result<u8, String> {
        looks(Lookup::NotFound).map_err(|_| "nothing".to_owned())
    }
    assert_eq!(titles(|| drop(asks())), [""; 0]);
    assert_eq!(titles(|| drop(needs())), ["Broken: not found where it must be"]);
    assert_eq!(titles(|| drop(looks(Lookup::Corrupt))), ["Lookup: corrupt"]);
}
