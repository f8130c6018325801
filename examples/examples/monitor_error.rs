//! `#[derive(MonitorError)]`: errors that say how they are to be reported. Run it with
//! `cargo run --example monitor_error`.

use std::fmt;

use monitor_runtime::{Config, ConfigError, MonitorError, capture_errors, traced};

#[derive(Debug, MonitorError)]
#[monitor(category = "payment")]
enum PaymentError {
    /// What users do: a breadcrumb and a count, no event.
    #[monitor(expected)]
    QuotaExceeded { user_id: u64 },
    /// The number of the card is in no message, whatever `Display` says.
    #[monitor(severity = "high", fingerprint = ["payment-failed", "{user_id}"], tags(user_id))]
    Declined {
        user_id: u64,
        #[monitor(sensitive)]
        card: String,
        #[monitor(context)]
        amount: f64,
    },
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QuotaExceeded { user_id } => write!(f, "quota of user {user_id} exceeded"),
            Self::Declined { card, amount, .. } => write!(f, "card {card} declined for {amount}"),
        }
    }
}

impl std::error::Error for PaymentError {}

/// The error that `charge` returns becomes a `String` here, and no second event.
#[traced(op = "app.checkout")]
#[capture_errors]
fn checkout(user_id: u64, amount: f64) -> Result<(), String> {
    charge(user_id, amount).map_err(|error| error.to_string())
}

#[traced(op = "payment.charge")]
#[capture_errors]
fn charge(user_id: u64, amount: f64) -> Result<(), PaymentError> {
    if user_id == 0 {
        return Err(PaymentError::QuotaExceeded { user_id });
    }
    Err(PaymentError::Declined { user_id, card: "4111 1111 1111 1111".to_owned(), amount })
}

fn main() -> Result<(), ConfigError> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    println!("{:?}", checkout(0, 10.0));
    println!("{:?}", checkout(7, 99.5));
    Ok(())
}
