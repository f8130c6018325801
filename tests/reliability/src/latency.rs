//! How long a request of the program takes: without monitoring, and beside servers of all kinds.

use std::hint::black_box;
use std::time::{Duration, Instant};

use monitor_runtime::{Config, capture_errors, traced};

use crate::server::Server;

const REQUESTS: usize = 20_000;

#[traced(op = "http.server", fields(id))]
pub(crate) fn request(id: u64) -> u64 {
    let found = (0..5).map(|number| query(id + number)).filter(Result::is_ok).count() as u64;
    found + work(id)
}

#[traced(op = "db.query")]
#[capture_errors]
fn query(id: u64) -> Result<u64, std::num::ParseIntError> {
    // One request in 20 fails.
    if id % 100 == 0 { "x".parse() } else { Ok(work(id)) }
}

/// Some 10 µs of the program's own.
fn work(id: u64) -> u64 {
    (0..10_000).fold(id, |sum, number| black_box(sum ^ number))
}

pub(crate) fn run() {
    println!("| server | p50 | p99 | p99.9 | slowest |");
    println!("|---|---|---|---|---|");
    measure("no monitoring", None);
    for fault in ["well", "slow", "hang", "limit", "reset", "gone"] {
        let server = Server::start(fault);
        let dsn = server.dsn.clone();
        if fault == "gone" {
            server.stop();
            measure(fault, Some(&dsn));
        } else {
            measure(fault, Some(&dsn));
            server.stop();
        }
    }
}

fn measure(name: &str, dsn: Option<&str>) {
    let config = Config::new().with_traces_sample_rate(1.0).with_environment("production");
    let config = match dsn {
        Some(dsn) => config.with_dsn(dsn),
        None => config,
    };
    let guard = monitor_runtime::init(config).unwrap();
    let mut times: Vec<Duration> = (0..REQUESTS as u64)
        .map(|id| {
            let start = Instant::now();
            black_box(request(id * 5 + 1));
            let took = start.elapsed();
            // A service isn't busy all the time; without this the collector has no core.
            std::thread::sleep(Duration::from_micros(200));
            took
        })
        .collect();
    drop(guard);
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let [p50, p99, p999, max] = [at(0.5), at(0.99), at(0.999), at(1.0)];
    println!("| {name} | {p50:.1?} | {p99:.1?} | {p999:.1?} | {max:.1?} |");
}
