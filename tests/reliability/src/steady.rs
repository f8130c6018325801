//! The same load for a long time: does memory grow?

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, thread};

use monitor_runtime::Config;

use crate::latency::request;
use crate::process::{megabytes, status};
use crate::server::Server;

/// Requests a second, of six spans each.
const RATE: u32 = 500;

pub(crate) fn run() {
    let minutes = env::args().nth(2).map_or(10, |minutes| minutes.parse().unwrap());
    let server = Server::start("well");
    let config = Config::new().with_dsn(&server.dsn).with_traces_sample_rate(1.0);
    let guard = monitor_runtime::init(config).unwrap();
    let start = Instant::now();
    println!("| minute | memory | threads |\n|---|---|---|");
    for minute in 0..=minutes {
        println!("| {minute} | {:.1} MB | {} |", megabytes("VmRSS"), status("Threads"));
        for second in 0..60 * u32::from(minute < minutes) {
            for id in 0..RATE {
                black_box(request(u64::from(id) * 5 + 1));
            }
            let due = Duration::from_secs(60 * minute) + Duration::from_secs(u64::from(second) + 1);
            thread::sleep((start + due).saturating_duration_since(Instant::now()));
        }
    }
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    println!("{}", monitor_runtime::delivery());
    drop(guard);
    println!("the server says {:?}", server.stop());
}
