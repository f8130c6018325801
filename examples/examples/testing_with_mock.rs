//! How to test that code is instrumented as it should be.
//!
//! `cargo run --example testing_with_mock` shows what the mock received;
//! `cargo test --example testing_with_mock` runs the tests below.

use std::time::Duration;

use monitor_runtime::{MockBackend, capture_errors, set_tag, slow_threshold, testing, traced};

#[traced(op = "app.transfer", user = from, fields(amount))]
async fn transfer(from: u64, to: u64, amount: u64) -> Result<(), String> {
    set_tag("currency", "EUR");
    withdraw(from, amount).await?;
    monitor_runtime::spawn(notify(to)).await.map_err(|error| error.to_string())
}

#[traced(op = "db.query")]
#[capture_errors(kind = database(operation = "update", table = "accounts"))]
#[slow_threshold(ms = 500)]
async fn withdraw(account: u64, amount: u64) -> Result<(), String> {
    if amount > 1_000 {
        // As if the query took that long, without a sleep.
        testing::advance(Duration::from_millis(700));
    }
    if account == 0 { Err("no such account".into()) } else { Ok(()) }
}

#[traced(op = "mail.send", fields(to))]
async fn notify(to: u64) {
    tokio::task::yield_now().await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mock = MockBackend::install();
    let _ = transfer(7, 8, 5_000).await;
    let _ = transfer(0, 8, 20).await;
    println!("{}", mock.snapshot());
}

#[cfg(test)]
mod tests {
    use monitor_runtime::record::EventKind;
    use monitor_runtime::{Level, Status, Value};

    use super::*;

    /// Each test has a mock of its own: they run in parallel and never see each other.
    #[tokio::test]
    async fn a_transfer_is_one_trace() {
        let mock = MockBackend::install();
        transfer(7, 8, 20).await.unwrap();

        let transaction = mock.transaction("transfer");
        assert_eq!(transaction.root().attribute("amount").and_then(Value::as_u64), Some(20));
        let parent_of = |name| mock.span(name).parent;
        assert_eq!(parent_of("withdraw"), Some(transaction.root().id));
        assert_eq!(parent_of("notify"), Some(transaction.root().id), "spawned work belongs to it");
        mock.assert_no_events();
    }

    #[tokio::test]
    async fn an_error_carries_its_scope() {
        let mock = MockBackend::install();
        transfer(0, 8, 20).await.unwrap_err();

        assert_eq!(mock.transaction("transfer").root().status, Status::Error);
        let error = mock.event("no such account");
        assert_eq!(error.level, Level::Error);
        assert_eq!(error.tag("currency"), Some("EUR"));
        assert_eq!(error.tag("db.table"), Some("accounts"));
        assert_eq!(error.scope.user().and_then(|user| user.id.as_deref()), Some("0"));
        assert_eq!(mock.errors().len(), 1, "the outer function doesn't capture it again");
    }

    #[tokio::test]
    async fn a_slow_query_is_reported() {
        let mock = MockBackend::install();
        transfer(7, 8, 5_000).await.unwrap();

        assert!(mock.span("withdraw").slow);
        assert_eq!(mock.event("Slow query detected").kind, EventKind::Slow);
    }

    #[tokio::test]
    async fn everything_as_text() {
        let mock = MockBackend::install();
        transfer(7, 8, 20).await.unwrap();

        let expected = "\
transaction transfer [app.transfer] ok
    amount = 20
  withdraw [db.query] ok
  notify [mail.send] ok
      to = 8
";
        assert_eq!(mock.snapshot(), expected);
    }
}
