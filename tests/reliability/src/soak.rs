//! 1,000,000 spans and 100,000 errors in a minute.

use std::thread;
use std::time::{Duration, Instant};

use monitor_runtime::{Config, capture_errors, traced};

use crate::process::{megabytes, status};
use crate::server::Server;

/// Roots a thread makes; each has nine spans below it, one of which fails.
const ROOTS: u64 = 50_000;
const THREADS: u64 = 2;
const MINUTE: Duration = Duration::from_secs(60);
/// How long what is left afterwards is waited for.
const FLUSH: Duration = Duration::from_secs(30);

#[traced(op = "http.server", fields(id))]
fn request(id: u64) -> u64 {
    (0..8).map(step).sum::<u64>() + u64::from(query(id).is_err())
}

#[traced(op = "function")]
fn step(number: u64) -> u64 {
    number
}

#[traced(op = "db.query", description = "SELECT 1")]
#[capture_errors]
fn query(id: u64) -> Result<u64, std::num::ParseIntError> {
    if id == u64::MAX { Ok(id) } else { "x".parse() }
}

/// Without the limits a minute, which would keep most of the errors back.
fn unlimited(dsn: &str) -> Config {
    let config = Config::new().with_dsn(dsn);
    config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX)
}

/// Records against one server and says what it cost.
pub(crate) fn run(fault: &str) {
    let server = Server::start(fault);
    println!("{:.1} MB, {} thread before", megabytes("VmRSS"), status("Threads"));
    let config = unlimited(&server.dsn).with_traces_sample_rate(1.0);
    let guard = monitor_runtime::init(config).unwrap();
    thread::sleep(Duration::from_secs(1));
    println!("{:.1} MB, {} threads at rest", megabytes("VmRSS"), status("Threads"));
    let start = Instant::now();
    let slowest = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(move || record(start))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
    });
    println!("recorded in {:.1?}; the slowest call took {slowest:.1?}", start.elapsed());
    println!("{:.0} MB at most, {} threads", megabytes("VmHWM"), status("Threads"));
    let is_complete = monitor_runtime::flush(FLUSH);
    assert!(say() == 0 || !is_complete, "all is accounted for");
    let start = Instant::now();
    drop(guard);
    println!("the end took {:.2?}", start.elapsed());
    say();
    println!("the server says {:?}", server.stop());
}

/// What became of it; how much isn't known yet.
fn say() -> u64 {
    let delivery = monitor_runtime::delivery();
    let recorded = [("error", ROOTS * THREADS), ("span", ROOTS * THREADS * 10)];
    let waiting = recorded.map(|(category, recorded)| {
        let (delivered, dropped) = (delivery.delivered(category), delivery.dropped(category));
        let waiting = recorded.strict_sub(delivered + dropped);
        println!("{category}: {recorded} = {delivered} + {dropped} dropped + {waiting} waiting");
        waiting
    });
    println!("{delivery}");
    waiting.iter().sum()
}

/// The time of the slowest call.
fn record(start: Instant) -> Duration {
    let mut slowest = Duration::ZERO;
    for number in 0..ROOTS {
        // In groups: a sleep takes longer than one call's share.
        if number % 100 == 0 {
            let due = start + MINUTE * number as u32 / ROOTS as u32;
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        let before = Instant::now();
        std::hint::black_box(request(number));
        slowest = slowest.max(before.elapsed());
    }
    slowest
}

/// How long the end takes while the server doesn't answer, of a timeout of 2 s.
pub(crate) fn exit() {
    for fault in ["well", "hang", "limit", "reset"] {
        let server = Server::start(fault);
        let guard = monitor_runtime::init(unlimited(&server.dsn)).unwrap();
        for number in 0..200 {
            let _ = query(number);
        }
        let start = Instant::now();
        drop(guard);
        println!("{fault}: {:.2?} for the end, {:?}", start.elapsed(), server.stop());
    }
}
