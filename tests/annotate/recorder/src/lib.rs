//! Linked into a test program, it records every span of it, and says at the end how many there were.
//!
//! The count is appended to the file that `ANNOTATE_COUNT` names: `<spans> <functions> <lost>`.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use monitor_runtime::record::Transaction;
use monitor_runtime::{Backend, Config, Loss};

static SPANS: AtomicU64 = AtomicU64::new(0);
static LOST: AtomicU64 = AtomicU64::new(0);
/// The callsites seen: each is one function, and one address.
static FUNCTIONS: Mutex<Option<HashSet<usize>>> = Mutex::new(None);

struct Count;

impl Backend for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        SPANS.fetch_add(transaction.spans.len() as u64, Ordering::Relaxed);
        LOST.fetch_add(transaction.dropped_spans, Ordering::Relaxed);
        let mut functions = FUNCTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        let functions = functions.get_or_insert_default();
        for span in &transaction.spans {
            functions.insert(std::ptr::from_ref(span.callsite).addr());
        }
    }

    fn lost(&self, loss: &Loss) {
        let spans = loss.buffer_full + loss.over_span_limit + loss.unfinished;
        LOST.fetch_add(spans, Ordering::Relaxed);
    }
}

// A test program has a `main` that isn't ours.
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;
#[used]
#[unsafe(link_section = ".fini_array")]
static END: extern "C" fn() = end;

extern "C" fn start() {
    let config = Config::new().with_traces_sample_rate(1.0).with_backend(Count);
    // The guard would end it here.
    std::mem::forget(monitor_runtime::init(config));
}

extern "C" fn end() {
    monitor_runtime::flush(Duration::from_secs(20));
    let functions = FUNCTIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let functions = functions.as_ref().map_or(0, HashSet::len);
    let (spans, lost) = (SPANS.load(Ordering::Relaxed), LOST.load(Ordering::Relaxed));
    let Some(path) = std::env::var_os("ANNOTATE_COUNT") else { return };
    let file = File::options().create(true).append(true).open(path);
    let _ = file.and_then(|mut file| writeln!(file, "{spans} {functions} {lost}"));
}
