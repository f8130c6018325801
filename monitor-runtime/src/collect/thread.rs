//! The one thread that collects.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::collector::Collector;
use super::fork;
use crate::clock;
use crate::context::local;
use crate::hub::Hub;

/// How long a record waits at most before the collector reads it.
const INTERVAL: Duration = Duration::from_millis(100);

static REQUESTS: Mutex<Requests> = Mutex::new(Requests { asked: 0, done: 0, much: false });
static ASKED: Condvar = Condvar::new();
static DONE: Condvar = Condvar::new();

/// Flushes are numbered; a pass that begins after a request was made answers it.
struct Requests {
    asked: u64,
    done: u64,
    /// There is much to read.
    much: bool,
}

/// The process that has the thread; 0 before there was one.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// Starts the thread, once a process.
pub(crate) fn start() {
    let process = std::process::id();
    if PROCESS.swap(process, Ordering::AcqRel) == process {
        return;
    }
    fork::watch();
    let thread = std::thread::Builder::new().name("monitor-collector".into()).spawn(run);
    if let Err(error) = thread {
        crate::diagnostics::warn(&format!("no collector thread, nothing is delivered: {error}"));
    }
}

/// A forked child has a copy of the records and no thread that reads them: here it gets one. Called
/// where it costs nothing that matters.
pub(super) fn follow_fork() {
    if PROCESS.load(Ordering::Relaxed) != 0 && fork::happened() {
        start();
    }
}

/// Waits until everything that is recorded now is with the backends, or the time is over; whether
/// it is. What `hub` keeps for later, such as metrics, is among it.
pub(crate) fn flush(hub: Option<&Hub>, timeout: Duration) -> bool {
    follow_fork();
    let until = Instant::now() + timeout;
    let mut requests = REQUESTS.lock().unwrap_or_else(PoisonError::into_inner);
    requests.asked += 1;
    let ticket = requests.asked;
    if let Some(hub) = hub {
        hub.note_flush(ticket);
    }
    ASKED.notify_one();
    while requests.done < ticket {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let waited = DONE.wait_timeout(requests, left);
        requests = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
    true
}

/// Has the collector read now, without waiting for anything; whether it was told.
pub(super) fn wake() -> bool {
    let Ok(mut requests) = REQUESTS.try_lock() else { return false };
    requests.much = true;
    ASKED.notify_one();
    true
}

fn run() {
    // Hooks and backends run here. What they do isn't recorded: it would come back to them.
    local::unobserved(collect);
}

fn collect() {
    let mut collector = Collector::default();
    loop {
        let requests = wait();
        collector.pass();
        // A request is answered when what it found is delivered, which the next pass does. Under
        // load there is always more: that isn't waited for.
        for _ in 0..2 {
            if !requests.is_empty() && !collector.is_done() {
                collector.pass();
            }
        }
        Hub::tick_all(&requests);
        if !requests.is_empty() {
            // What was reported just now is delivered with the rest.
            collector.pass();
        }
        Hub::each_with_losses(Hub::report_losses);
        clock::calibrate();
        if let Some(last) = requests.last() {
            answer(last);
        }
    }
}

/// Waits for requests or for the interval to pass. The numbers of the requests.
fn wait() -> Range<u64> {
    let requests = REQUESTS.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = ASKED.wait_timeout_while(requests, INTERVAL, |r| r.asked == r.done && !r.much);
    let mut requests = waited.unwrap_or_else(PoisonError::into_inner).0;
    requests.much = false;
    requests.done + 1..requests.asked + 1
}

fn answer(asked: u64) {
    REQUESTS.lock().unwrap_or_else(PoisonError::into_inner).done = asked;
    DONE.notify_all();
}
