//! A million calls of all kinds that end in any way, and the sum of what becomes of their spans.
//!
//! `cargo run --release --features ours --bin stress -- [calls] [flood]`
//!
//! Futures move between threads, are dropped half-way and are forgotten; threads exit; panics pass;
//! guards are leaked, and dropped in the wrong order. Each call knows how many spans it records: what
//! is delivered must add up to that, and memory must not grow with it. With `flood` nobody waits for
//! the collector: then what is counted as lost belongs to the sum, and what waits for lost roots.

use std::collections::VecDeque;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use monitor_benches::cpu;
use monitor_benches::work::{Yields, step};
use monitor_runtime::__private as rt;
use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, Loss, traced};

const THREADS: u64 = 4;
/// Spans that may wait for roots that never end.
const WAITING: u64 = 1_000_000;
/// Calls of a thread after which it waits for the collector.
const PACE: u64 = 5000;

static DELIVERED: AtomicU64 = AtomicU64::new(0);
static LOST: AtomicU64 = AtomicU64::new(0);
static UNFINISHED: AtomicU64 = AtomicU64::new(0);

struct Counting;

impl Backend for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        DELIVERED.fetch_add(transaction.spans.len() as u64, Ordering::Relaxed);
    }

    fn lost(&self, loss: &Loss) {
        LOST.fetch_add(loss.buffer_full + loss.over_span_limit, Ordering::Relaxed);
        UNFINISHED.fetch_add(loss.unfinished, Ordering::Relaxed);
    }
}

#[traced]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[traced]
fn branch(n: u64) -> u64 {
    leaf(leaf(n))
}

#[traced(root)]
fn tree(n: u64) -> u64 {
    branch(n)
}

#[traced]
async fn waits(n: u64) -> u64 {
    Yields(2).await;
    step(n)
}

#[traced(root)]
async fn task(n: u64) -> u64 {
    leaf(n);
    waits(n).await
}

#[traced]
fn panics() {
    std::panic::resume_unwind(Box::new(()));
}

#[traced(root)]
fn is_left_by_a_panic() {
    panics();
}

static FIRST: rt::Callsite = rt::Callsite::new("function", "first", "stress");
static SECOND: rt::Callsite = rt::Callsite::new("function", "second", "stress");

#[traced(root)]
fn leaks_a_guard() {
    leaf(1);
    std::mem::forget(rt::enter(&FIRST));
    leaf(2);
}

#[traced(root)]
fn ends_out_of_order() {
    let first = rt::enter(&FIRST);
    let second = rt::enter(&SECOND);
    drop(first);
    drop(second);
}

type Task = Pin<Box<dyn Future<Output = u64> + Send>>;

/// What the threads share.
#[derive(Default)]
struct Shared {
    moving: Mutex<VecDeque<Task>>,
    expected: AtomicU64,
    /// Spans whose root never ends.
    orphaned: AtomicU64,
}

fn poll(task: &mut Task) -> bool {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

impl Shared {
    fn work(&self, number: u64) {
        let expected = match number % 8 {
            0 | 1 => {
                tree(number);
                4
            }
            2 => {
                self.moving.lock().unwrap().push_back(Box::pin(task(number)));
                3
            }
            3 => {
                let mut task: Task = Box::pin(task(number));
                poll(&mut task);
                3
            }
            4 if number % 64 == 4 => {
                let mut task: Task = Box::pin(task(number));
                poll(&mut task);
                std::mem::forget(task);
                self.orphaned.fetch_add(1, Ordering::Relaxed);
                0
            }
            4 => {
                let _ = catch_unwind(is_left_by_a_panic);
                2
            }
            5 if number % 512 == 5 => {
                std::thread::spawn(move || tree(number)).join().unwrap();
                4
            }
            5 | 6 => {
                leaks_a_guard();
                3
            }
            _ => {
                ends_out_of_order();
                3
            }
        };
        self.expected.fetch_add(expected, Ordering::Relaxed);
        self.move_on();
    }

    /// Polls a future that any thread has begun; whether there was one.
    fn move_on(&self) -> bool {
        let next = self.moving.lock().unwrap().pop_front();
        let Some(mut task) = next else { return false };
        if !poll(&mut task) {
            self.moving.lock().unwrap().push_back(task);
        }
        true
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let calls = arguments.next().map_or(1_000_000, |n| n.parse().expect("a number"));
    let floods = arguments.next().is_some_and(|word| word == "flood");
    let config = Config::new()
        .with_environment("production")
        .with_traces_sample_rate(1.0)
        .with_max_transactions_per_minute(u32::MAX)
        .with_backend(Counting);
    let guard = monitor_runtime::init(config).expect("a config without a DSN");
    let shared = Shared::default();
    let quarter = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (shared, quarter) = (&shared, &quarter);
            scope.spawn(move || {
                for number in (thread..calls).step_by(THREADS as usize) {
                    shared.work(number);
                    if !floods && number / THREADS % PACE == 0 {
                        monitor_runtime::flush(Duration::from_secs(60));
                    }
                    if number == calls / 4 {
                        quarter.store(cpu::peak_kib(), Ordering::Relaxed);
                    }
                }
                while shared.move_on() {}
            });
        }
    });
    monitor_runtime::flush(Duration::from_secs(60));
    drop(guard);
    report(&shared, calls, floods, cpu::peak_kib() - quarter.load(Ordering::Relaxed));
}

fn report(shared: &Shared, calls: u64, floods: bool, grown_kib: u64) {
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let (expected, orphaned) = (load(&shared.expected), load(&shared.orphaned));
    let (delivered, lost, unfinished) = (load(&DELIVERED), load(&LOST), load(&UNFINISHED));
    println!(
        "{calls} calls: {expected} spans ended below roots that ended; {delivered} delivered, {lost} \
         counted as lost; {orphaned} below forgotten roots, {unfinished} of them given up; peak of \
         memory {grown_kib} KiB over that at a quarter"
    );
    if !floods {
        assert_eq!((delivered, lost), (expected, 0), "each span is delivered");
    }
    let waiting = (expected + orphaned).checked_sub(delivered + lost + unfinished);
    let waiting = waiting.expect("no span is delivered or counted twice");
    assert!(waiting <= WAITING, "{waiting} spans are neither delivered nor counted");
}
