//! Five situations by the `sentry` crate as its documentation shows them; one a process.

use std::error::Error;
use std::fmt;

#[derive(Debug)]
struct OrderError(std::num::ParseIntError);

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("order x can't be loaded")
    }
}

impl Error for OrderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn main() {
    let options = sentry::ClientOptions::new()
        .dsn(&std::env::var("SENTRY_DSN").unwrap())
        .release("shop@1.4.0")
        .environment("test")
        .traces_sample_rate(1.0);
    let _guard = sentry::init(options);
    match std::env::args().nth(1).unwrap().as_str() {
        "error" => {
            sentry::capture_error(&OrderError("x".parse::<u32>().unwrap_err()));
        }
        "transaction" => {
            let context = sentry::TransactionContext::new("GET /orders", "http.server");
            let transaction = sentry::start_transaction(context);
            let span = transaction.start_child("db.query", "SELECT an order");
            span.set_data("rows", 1.into());
            span.finish();
            transaction.finish();
        }
        "panic" => {
            let _ = std::panic::catch_unwind(|| panic!("out of stock"));
        }
        "check-in" => {
            let check_in = sentry::protocol::MonitorCheckIn {
                check_in_id: sentry::types::random_uuid(),
                monitor_slug: "nightly".to_owned(),
                status: sentry::protocol::MonitorCheckInStatus::Ok,
                environment: Some("test".to_owned()),
                duration: Some(1.5),
                monitor_config: None,
            };
            let envelope = sentry::protocol::EnvelopeItem::from(check_in).into();
            sentry::Hub::current().client().unwrap().send_envelope(envelope);
        }
        "metric" => sentry::metrics::counter("orders", 1).attribute("tenant", "acme").capture(),
        other => panic!("no situation {other}"),
    }
}
