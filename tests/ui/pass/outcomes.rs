//! Every way out of a function, and every type that may say how it went.
#![deny(warnings)]

use std::fmt;
use std::ops::ControlFlow;
use std::task::Poll;

use monitor_runtime::{capture_errors, slow_threshold, traced};

#[derive(Debug, PartialEq)]
enum Problem {
    Expected,
    Other(String),
}

impl Problem {
    fn is_expected(&self) -> bool {
        matches!(self, Self::Expected)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl std::error::Error for Problem {}

/// An error that offers nothing.
struct Silent;

type Alias<T> = Result<T, Problem>;

#[capture_errors(
    kind = api(service = "stripe", endpoint = endpoint, status = 404),
    skip_if = Problem::is_expected,
    level = "fatal",
    fingerprint = ["payment", "declined"],
    tags(feature = "billing", attempt = attempt),
    context(request(endpoint, attempt = attempt + 1)),
    panics,
)]
fn everything(endpoint: &str, attempt: u8) -> Alias<u8> {
    match attempt {
        0 => Err(Problem::Expected),
        1 => Err(Problem::Other(endpoint.to_owned())),
        other => Ok(other),
    }
}

#[capture_errors(database(operation = "select", table = "users"), skip_if = |error| error.is_expected())]
async fn short_kind() -> Alias<()> {
    Err(Problem::Expected)
}

#[capture_errors(module, fingerprint = "x")]
fn bare_kind() -> Result<(), Silent> {
    Err(Silent)
}

#[capture_errors]
fn question_marks(text: &str) -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    let number: u8 = text.parse()?;
    if number == 0 {
        return Err("zero".into());
    }
    let doubled = 'doubled: {
        if number > 127 {
            break 'doubled 255;
        }
        number * 2
    };
    Ok(doubled)
}

#[traced]
#[slow_threshold(ms = 1_000, message = "Slow loop", rows = |count: &usize| *count, watchdog)]
fn looping(limit: usize) -> usize {
    let mut count = 0;
    loop {
        count += 1;
        if count > limit {
            return count;
        }
    }
}

#[slow_threshold(ms = 5, rows = |rows| rows.len())]
fn rows_of_an_option(some: bool) -> Option<Vec<u8>> {
    some.then(Vec::new)
}

#[traced]
fn flow(stop: bool) -> ControlFlow<u8, u8> {
    if stop { ControlFlow::Break(1) } else { ControlFlow::Continue(2) }
}

#[traced]
fn polled() -> Poll<Result<u8, Problem>> {
    Poll::Ready(Ok(1))
}

#[traced]
fn never(stop: bool) -> ! {
    assert!(!stop);
    std::process::exit(0)
}

#[traced]
async fn never_async() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

fn main() {
    assert_eq!(everything("x", 0), Err(Problem::Expected));
    assert_eq!(everything("x", 1), Err(Problem::Other("x".to_owned())));
    assert_eq!(everything("x", 2), Ok(2));
    drop(short_kind());
    assert!(bare_kind().is_err());
    assert_eq!(question_marks("4").unwrap(), 8);
    assert!(question_marks("0").is_err());
    assert_eq!(looping(3), 4);
    assert_eq!(rows_of_an_option(true), Some(Vec::new()));
    assert_eq!(flow(true), ControlFlow::Break(1));
    assert_eq!(polled(), Poll::Ready(Ok(1)));
    drop(never_async());
    never(false);
}
