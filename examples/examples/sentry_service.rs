//! A small service that sends to Sentry.
//!
//! ```sh
//! export SENTRY_DSN=https://PUBLIC_KEY@HOST/PROJECT_ID
//! cargo run -p monitor-examples --features sentry --example sentry_service
//! ```
//!
//! Any server that takes Sentry's envelopes will do, such as Spotlight on this machine:
//! `SENTRY_DSN=http://key@127.0.0.1:8969/1`. Without a DSN, or without the feature, the same goes
//! to the console. `SENTRY_DEBUG=1` shows what becomes of each envelope.

use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

use monitor_runtime::{Breadcrumb, Config, ConfigError, User, capture_errors, traced};

#[derive(Debug)]
enum OrderError {
    Unknown(u64),
    Payment { order: u64, source: CardDeclined },
}

#[derive(Debug)]
struct CardDeclined;

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(order) => write!(f, "there is no order {order}"),
            Self::Payment { order, .. } => write!(f, "order {order} can't be paid"),
        }
    }
}

impl fmt::Display for CardDeclined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the card was declined")
    }
}

impl std::error::Error for CardDeclined {}

impl std::error::Error for OrderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unknown(_) => None,
            Self::Payment { source, .. } => Some(source),
        }
    }
}

/// A request: the root of a trace, with what is known of the caller.
#[traced(op = "http.server", name = "POST /orders/{id}/checkout", root)]
fn checkout(user: u64, order: u64) -> Result<u64, OrderError> {
    monitor_runtime::set_user(User::new(user).with("plan", "premium"));
    monitor_runtime::set_tag("tenant", "acme");
    let amount = load(order)?;
    monitor_runtime::add_breadcrumb(Breadcrumb::new("order", "loaded").with("amount", amount));
    pay(order, amount)
}

/// A query. An order that isn't there is the caller's mistake: it fails the span and isn't sent.
#[traced(op = "db.query", description = "SELECT amount FROM orders", fields(order))]
#[capture_errors(skip_if = |error: &OrderError| matches!(error, OrderError::Unknown(_)))]
fn load(order: u64) -> Result<u64, OrderError> {
    if order > 100 { Err(OrderError::Unknown(order)) } else { Ok(order * 100) }
}

/// A call of another service, whose failures are sent.
#[traced(op = "http.client", description = "POST https://payments.example.org/charges")]
#[capture_errors(kind = api(service = "payments", endpoint = "/charges"))]
fn pay(order: u64, amount: u64) -> Result<u64, OrderError> {
    if order == 13 {
        return Err(OrderError::Payment { order, source: CardDeclined });
    }
    Ok(amount)
}

fn serve() {
    for order in [7, 13, 404] {
        match checkout(42, order) {
            Ok(amount) => println!("order {order}: {amount} paid"),
            Err(error) => println!("order {order}: {error}"),
        }
    }
}

fn start() -> Result<monitor_runtime::Guard, ConfigError> {
    let config = Config::from_env()?
        .with_default_release(monitor_runtime::release!())
        .with_shutdown_timeout(Duration::from_secs(5));
    monitor_runtime::init(config)
}

fn main() -> ExitCode {
    // Dropped at the end of `main`, when it delivers what is left.
    let _guard = match start() {
        Ok(guard) => guard,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    serve();
    ExitCode::SUCCESS
}
