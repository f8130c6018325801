//! `cargo run -p monitor-examples --features alerts --example alerts -- acme shop`
//!
//! Prints the rules as requests to Sentry's API, and breaks one of them in the process.

use std::time::Duration;

use monitor_runtime::alerts::{AlertRule, AlertState, Alerts};
use monitor_runtime::{Config, Console, business_event};

fn alerts() -> Alerts {
    let minute = Duration::from_secs(60);
    Alerts::defaults().with_rule(AlertRule::count("many refunds", "business.refund", 5, minute))
}

fn main() -> Result<(), monitor_runtime::ConfigError> {
    let mut names = std::env::args().skip(1);
    if let (Some(organization), Some(project)) = (names.next(), names.next()) {
        for request in alerts().for_sentry(&organization, &project) {
            println!("POST https://sentry.io{}\n{}\n", request.path, request.body);
        }
    }
    let told = alerts().with_callback(|alert| {
        let word = if alert.state == AlertState::Firing { "alert" } else { "resolved" };
        eprintln!("{word}: {}: {}", alert.rule, alert.summary);
    });
    let config = Config::new().with_metrics(true).with_alerts(told).with_backend(Console::stderr());
    let _guard = monitor_runtime::init(config)?;
    for _ in 0..6 {
        business_event!("refund", plan = "pro");
    }
    Ok(())
}
