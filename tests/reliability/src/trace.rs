//! 1,000,000 spans below one root.

use std::time::{Duration, Instant};

use monitor_runtime::{Config, traced};

use crate::process::megabytes;
use crate::server::Server;

const SPANS: u64 = 1_000_000;

#[traced(op = "task")]
fn root() -> u64 {
    (0..SPANS).map(step).sum()
}

#[traced(op = "task.step")]
fn step(number: u64) -> u64 {
    number
}

pub(crate) fn run() {
    let server = Server::start("well");
    let config = Config::new().with_dsn(&server.dsn).with_traces_sample_rate(1.0);
    let guard = monitor_runtime::init(config).unwrap();
    let start = Instant::now();
    std::hint::black_box(root());
    println!("recorded in {:.1?}", start.elapsed());
    assert!(monitor_runtime::flush(Duration::from_secs(120)));
    let delivery = monitor_runtime::delivery();
    println!("{delivery}; {:.0} MB at most", megabytes("VmHWM"));
    // Each further part of the transaction has a root of its own.
    let parts = delivery.delivered("transaction");
    assert_eq!(delivery.delivered("span") + delivery.dropped("span"), SPANS + parts);
    drop(guard);
    println!("the server says {:?}", server.stop());
}
