//! A handler, a query, a slow call, a failing call and an AI call, as the console draws them.
//!
//! `cargo run --example quickstart` needs no network. With `SENTRY_DSN` set and
//! `--features sentry` the same program delivers to Sentry.

use std::{error::Error, fmt, time::Duration};

use monitor_runtime::{Config, Usage, ai_call, breadcrumb, capture_errors, slow_threshold, traced};

#[traced(op = "http.server", name = "GET /summary", user = user, fields(user))]
async fn summary(user: u64) -> Result<String, DbError> {
    breadcrumb!("auth", "user {user} signed in");
    let orders = load_orders(user).await?;
    Ok(ask(&orders).await.0)
}

#[traced(op = "db.query", description = "SELECT * FROM orders WHERE user = ?")]
#[capture_errors(kind = database(operation = "select", table = "orders"))]
#[slow_threshold(ms = 20, rows = Vec::len)]
async fn load_orders(user: u64) -> Result<Vec<u64>, DbError> {
    breadcrumb!("query", "orders of user {user}");
    match user {
        2 => tokio::time::sleep(Duration::from_millis(30)).await, // no index
        3 => return Err(DbError("no such table: orders")),
        _ => tokio::time::sleep(Duration::from_millis(3)).await,
    }
    Ok(vec![10, 20, 30])
}

#[ai_call(provider = "openai", model = "gpt-4o", usage = |(_, usage)| *usage)]
async fn ask(orders: &[u64]) -> (String, Usage) {
    tokio::time::sleep(Duration::from_millis(8)).await; // the model thinks
    (format!("{} orders", orders.len()), Usage::new(812, 64))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    for user in 1..=3 {
        match summary(user).await {
            Ok(text) => println!("user {user}: {text}"),
            Err(error) => println!("user {user}: {error}"),
        }
    }
    Ok(())
}

#[derive(Debug)]
struct DbError(&'static str);

impl Error for DbError {}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
