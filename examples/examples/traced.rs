//! `#[traced]`: spans with fields, tags and a user. Run it with `cargo run --example traced`.

use std::error::Error;

use monitor_runtime::{Config, current_span, span, traced};

struct Order {
    id: u64,
    total: f64,
}

/// The root of a trace. Only what is named is recorded: the rest of `order` stays here.
#[traced(op = "app.checkout", user = user, tags(plan), fields(order.id, total = order.total))]
fn checkout(user: &str, plan: &str, order: &Order) {
    let rows = load_prices(order.id);
    current_span().set("rows", rows);
    span!("app.render", "receipt", { render(rows) });
}

/// A span inside the caller's.
#[traced(op = "db.query", description = "SELECT * FROM prices WHERE order_id = ?")]
fn load_prices(order: u64) -> u64 {
    order % 10
}

/// Left out when it took less than 5 ms, or when no span is active.
#[traced(min_duration = "5ms", child_only)]
fn render(rows: u64) -> String {
    "-".repeat(usize::try_from(rows).unwrap_or(0))
}

fn main() -> Result<(), Box<dyn Error>> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    checkout("ada", "premium", &Order { id: 42, total: 99.5 });
    render(1);
    Ok(())
}
