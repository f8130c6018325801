//! What the programs do.

use monitor_runtime::{Breadcrumb, User, traced};
use sentry_core::protocol::{Log, LogLevel};
use sentry_core::{Hub, Level};

/// A root with a scope, and a call into Sentry's own functions below it.
#[traced(op = "http.server", name = "GET /orders")]
pub(crate) fn handle() {
    monitor_runtime::set_user(User::new(42));
    monitor_runtime::set_tag("tenant", "acme");
    monitor_runtime::set_context("cart", [("items", 3)]);
    monitor_runtime::add_breadcrumb(Breadcrumb::new("auth", "token refreshed"));
    call();
}

#[traced(op = "function")]
fn call() {
    sentry_core::capture_message("by sentry", Level::Warning);
    Hub::current().capture_log(log());
    sentry_core::metrics::counter("orders", 1).capture();
}

fn log() -> Log {
    Log {
        level: LogLevel::Info,
        body: "by sentry".to_owned(),
        trace_id: None,
        timestamp: std::time::SystemTime::now(),
        severity_number: None,
        attributes: sentry_core::protocol::Map::new(),
    }
}
