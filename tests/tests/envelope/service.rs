//! A program as users write it.

use std::fmt;

use monitor_runtime::{Breadcrumb, User, capture_errors, traced};

#[derive(Debug)]
pub(crate) struct Timeout;

#[derive(Debug)]
pub(crate) struct OrderError {
    order: u64,
    source: Timeout,
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer from the database")
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {} can't be loaded", self.order)
    }
}

impl std::error::Error for Timeout {}

impl std::error::Error for OrderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// A root with a scope, two levels of children, and an error at the bottom.
#[traced(op = "http.server", name = "GET /orders")]
pub(crate) fn handle(order: u64) -> Result<u64, OrderError> {
    monitor_runtime::set_user(User::new(42).with("role", "Dispatcher"));
    monitor_runtime::set_tag("tenant", "acme");
    monitor_runtime::set_context("cart", [("items", 3)]);
    monitor_runtime::add_breadcrumb(Breadcrumb::new("auth", "token refreshed").with("attempt", 2));
    price(order)
}

#[traced(op = "function")]
fn price(order: u64) -> Result<u64, OrderError> {
    Ok(load(order)? * 2)
}

#[traced(op = "db.query", description = "SELECT an order", fields(order))]
#[capture_errors]
pub(crate) fn load(order: u64) -> Result<u64, OrderError> {
    if order == 13 {
        return Err(OrderError { order, source: Timeout });
    }
    Ok(order)
}

/// A root with many children.
#[traced(op = "task")]
pub(crate) fn many(count: u64) -> u64 {
    (0..count).map(step).sum()
}

#[traced(op = "task.step")]
fn step(number: u64) -> u64 {
    number
}

/// Fails each time.
#[capture_errors]
pub(crate) fn fail() -> Result<(), Timeout> {
    Err(Timeout)
}

/// Waits once.
#[traced(op = "queue.process")]
pub(crate) async fn wait() -> u64 {
    tokio::task::yield_now().await;
    7
}
