//! Sentry's own functions, by hand: it has no attribute. The mode is an environment variable, `MODE`.

use monitor_benches::work::{Refused, SHAPE, Shape, Yields, step};
use monitor_benches::{Contestant, cases, dropping};
use sentry::{SentryFutureExt, TransactionContext, TransactionOrSpan};

/// A span below the current one, or a transaction.
struct InSpan {
    span: TransactionOrSpan,
    parent: Option<TransactionOrSpan>,
}

impl InSpan {
    fn enter(name: &'static str, root: bool) -> Self {
        let parent = sentry::configure_scope(|scope| scope.get_span());
        let span: TransactionOrSpan = match &parent {
            Some(parent) if !root => parent.start_child("function", name).into(),
            _ => sentry::start_transaction(TransactionContext::new(name, "function")).into(),
        };
        sentry::configure_scope(|scope| scope.set_span(Some(span.clone())));
        Self { span, parent }
    }
}

impl Drop for InSpan {
    fn drop(&mut self) {
        self.span.clone().finish();
        sentry::configure_scope(|scope| scope.set_span(self.parent.take()));
    }
}

#[inline(never)]
fn leaf(n: u64) -> u64 {
    let _span = InSpan::enter("leaf", false);
    step(n)
}

fn root(n: u64) -> u64 {
    let _span = InSpan::enter("root", true);
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[inline(never)]
fn nested(depth: u64) -> u64 {
    let _span = InSpan::enter("nested", false);
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

fn root_nested(n: u64) -> u64 {
    let _span = InSpan::enter("root_nested", true);
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    let span = InSpan::enter("fields", false);
    span.span.set_data("id", id.into());
    span.span.set_data("offset", offset.into());
    span.span.set_data("name", name.into());
    span.span.set_data("shape", format!("{shape:?}").into());
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

fn root_fields(n: u64) -> u64 {
    let _span = InSpan::enter("root_fields", true);
    (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
}

#[inline(never)]
fn fallible(n: u64) -> Result<u64, Refused> {
    let _span = InSpan::enter("fallible", false);
    let outcome = if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) };
    if let Err(error) = &outcome {
        sentry::capture_error(error);
    }
    outcome
}

fn root_ok(n: u64) -> u64 {
    let _span = InSpan::enter("root_ok", true);
    (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
}

fn root_stacked(n: u64) -> u64 {
    root_ok(n)
}

fn root_err(n: u64) -> u64 {
    let _span = InSpan::enter("root_err", true);
    (0..n).fold(0, |sum, _| sum ^ fallible(u64::MAX).unwrap_or(1))
}

#[inline(never)]
async fn ready(n: u64) -> u64 {
    let _span = InSpan::enter("ready", false);
    step(n)
}

#[inline(never)]
async fn yielding(n: u64) -> u64 {
    let _span = InSpan::enter("yielding", false);
    Yields(10).await;
    step(n)
}

fn root_async(n: u64, yields: bool) -> impl Future<Output = u64> + Send {
    let work = async move {
        let _span = InSpan::enter("root_async", true);
        let mut sum = 0;
        for _ in 0..n {
            sum = if yields { yielding(sum).await } else { ready(sum).await };
        }
        sum
    };
    work.bind_hub(sentry::Hub::new_from_top(sentry::Hub::current()))
}

fn orphan(n: u64) -> u64 {
    leaf(n)
}

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    let rate = if mode == "unsampled" { 0.0 } else { 1.0 };
    let _guard = sentry::init(dropping::options().traces_sample_rate(rate));
    monitor_benches::run(&Contestant {
        cases: cases!(),
        batch: 10_000,
        flush: || {
            let client = sentry::Hub::current().client();
            client.map(|client| client.flush(None));
        },
        delivered: dropping::spans,
    });
}
