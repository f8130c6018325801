//! The same situations by the attributes, and by hand where the others do it by hand.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use monitor_runtime::{
    CheckInStatus, Config, Monitor, capture_check_in, capture_errors, count, traced,
};

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

#[capture_errors]
fn load(id: &str) -> Result<u32, OrderError> {
    id.parse().map_err(OrderError)
}

#[traced(op = "http.server", name = "GET /orders")]
fn orders() -> u32 {
    query()
}

#[traced(op = "db.query", description = "SELECT an order", fields(rows = 1))]
fn query() -> u32 {
    7
}

#[capture_errors(panics)]
fn sell() -> Result<u32, OrderError> {
    panic!("out of stock")
}

fn main() {
    let config = Config::from_env().unwrap().with_traces_sample_rate(1.0).with_metrics(true);
    let _guard = monitor_runtime::init(config).unwrap();
    match std::env::args().nth(1).unwrap().as_str() {
        "error" => drop(load("x")),
        "transaction" => drop(orders()),
        "panic" => drop(std::panic::catch_unwind(sell)),
        "check-in" => {
            let duration = Duration::from_millis(1500);
            capture_check_in(Monitor::new("nightly"), CheckInStatus::Ok, duration);
        }
        "metric" => count!("orders", tenant = "acme"),
        other => panic!("no situation {other}"),
    }
}
