//! A hundred thousand roots a second from two threads, evenly, and the sum of what becomes of them.
//!
//! `cargo run --release --features ours --bin paced -- [seconds] [roots a second] [sentry]`
//!
//! Prints a line a second: roots that began and transactions that were delivered since the last line, the
//! memory of the process, and its CPU time. Each root is delivered or counted as lost; memory must not grow
//! with their number.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use monitor_benches::work::step;
use monitor_benches::{cpu, dropping};
use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, Loss, SentryBackend, SentryOptions, traced};

const THREADS: u64 = 2;
/// How often a thread looks at the time.
const TICK: Duration = Duration::from_millis(1);
/// Memory may be this much more at the end than after the first third.
const GROWTH_KIB: u64 = 8 * 1024;

static STARTED: AtomicU64 = AtomicU64::new(0);
static DELIVERED: AtomicU64 = AtomicU64::new(0);
static LOST: AtomicU64 = AtomicU64::new(0);

struct Counting;

impl Backend for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        assert_eq!(transaction.spans.len(), 2, "a root and the call inside");
        DELIVERED.fetch_add(1, Ordering::Relaxed);
    }

    /// Of a root that found no buffer its span is lost, and that of the call inside.
    fn lost(&self, loss: &Loss) {
        LOST.fetch_add(loss.buffer_full, Ordering::Relaxed);
    }
}

#[traced]
#[inline(never)]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[traced(root)]
#[inline(never)]
fn root(n: u64) -> u64 {
    leaf(n)
}

/// Begins as many roots as are due, again and again.
fn work(rate: u64, until: Duration) {
    let start = Instant::now();
    let mut done = 0;
    loop {
        let elapsed = start.elapsed().min(until);
        let due = (elapsed.as_secs_f64() * rate as f64) as u64;
        (done..due).for_each(|number| {
            std::hint::black_box(root(number));
        });
        STARTED.fetch_add(due - done, Ordering::Relaxed);
        done = due;
        if elapsed == until {
            return;
        }
        std::thread::sleep(TICK);
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| {
        words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default)
    };
    let (seconds, rate) = (number(0, 10), number(1, 100_000));
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(1.0)
        .with_max_transactions_per_minute(u32::MAX)
        .with_backend(Counting);
    let config = match words.iter().any(|word| word == "sentry") {
        true => {
            let options = SentryOptions::new(dropping::DSN).with_sink(|_| Ok(()));
            config.with_backend(SentryBackend::new(options).expect("a DSN"))
        }
        false => config,
    };
    let guard = monitor_runtime::init(config).expect("a config without a DSN");
    let over = AtomicBool::new(false);
    let third = std::thread::scope(|scope| {
        let watch = scope.spawn(|| watch(&over, seconds));
        let until = Duration::from_secs(seconds);
        let workers: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(move || work(rate / THREADS, until))).collect();
        workers.into_iter().for_each(|worker| worker.join().expect("no panic"));
        over.store(true, Ordering::Relaxed);
        watch.join().expect("no panic")
    });
    monitor_runtime::flush(Duration::from_secs(60));
    let delivery = monitor_runtime::delivery();
    drop(guard);
    report(third, &delivery);
}

/// Prints what happens, once a second; the peak of memory after the first third.
fn watch(over: &AtomicBool, seconds: u64) -> u64 {
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let (mut before, mut third) = ((0, 0, cpu::process()), 0);
    for second in 1.. {
        std::thread::sleep(Duration::from_secs(1));
        if over.load(Ordering::Relaxed) {
            break;
        }
        let now = (load(&STARTED), load(&DELIVERED), cpu::process());
        println!(
            "{second:>3} s: {} roots, {} delivered, {} KiB, {:.0} % of a CPU",
            now.0 - before.0,
            now.1 - before.1,
            cpu::resident_kib(),
            (now.2 - before.2) as f64 / 1e7
        );
        before = now;
        if second == seconds.div_ceil(3) {
            third = cpu::peak_kib();
        }
    }
    third
}

fn report(third: u64, delivery: &monitor_runtime::Delivery) {
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let (started, delivered, lost) = (load(&STARTED), load(&DELIVERED), load(&LOST));
    let grown = cpu::peak_kib().saturating_sub(third);
    println!(
        "{started} roots with a call each: {delivered} delivered, {lost} spans counted as lost; peak of \
         memory {} KiB, {grown} KiB over that after a third",
        cpu::peak_kib()
    );
    if delivery.delivered("transaction") + delivery.dropped("transaction") > 0 {
        println!("Sentry: {delivery}");
    }
    let missing = started - delivered;
    assert!(
        (missing..=2 * missing).contains(&lost),
        "each is delivered or counted: {missing} are not"
    );
    assert!(third == 0 || grown < GROWTH_KIB, "memory grows with the number of roots");
}
