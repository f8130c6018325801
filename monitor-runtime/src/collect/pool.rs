//! The chunks of the process: taken by threads, read by the collector, used again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::chunk::{Chunk, WORDS};

/// Memory for records on their way: over a million spans.
pub(crate) const DEFAULT_BYTES: usize = 64 << 20;

const CHUNK_BYTES: usize = WORDS * 8;

/// Below this a chunk that a thread gives back isn't worth handing on.
const WORTH_KEEPING: usize = 64;

static LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_BYTES / CHUNK_BYTES);
static POOL: Mutex<Pool> = Mutex::new(Pool { all: Vec::new(), free: Vec::new() });

struct Pool {
    all: Vec<&'static Chunk>,
    /// Chunks without an owner and with space.
    free: Vec<&'static Chunk>,
}

fn pool<T>(f: impl FnOnce(&mut Pool) -> T) -> T {
    f(&mut POOL.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Sets how much memory may hold records on their way. Chunks that exist already stay.
pub(crate) fn set_limit(bytes: usize) {
    LIMIT.store((bytes / CHUNK_BYTES).max(2), Ordering::Relaxed);
}

/// A chunk for the calling thread alone; `None` when the bound is reached.
pub(crate) fn take() -> Option<&'static Chunk> {
    super::thread::follow_fork();
    pool(|pool| {
        pool.free.pop().or_else(|| {
            let may_grow = pool.all.len() < LIMIT.load(Ordering::Relaxed);
            may_grow.then(|| {
                // Leaked: chunks are used again until the process ends.
                let chunk: &'static Chunk = Box::leak(Box::new(Chunk::new()));
                pool.all.push(chunk);
                chunk
            })
        })
    })
}

/// Gives a chunk back that is full.
pub(crate) fn give_full(chunk: &'static Chunk) {
    chunk.leave();
}

/// Gives a chunk back that another thread may write on, as an exiting thread does.
pub(crate) fn give_rest(chunk: &'static Chunk) {
    if chunk.end() + WORTH_KEEPING < WORDS {
        pool(|pool| pool.free.push(chunk));
    } else {
        chunk.leave();
    }
}

/// Reads what all threads have published. Called by one thread at a time.
pub(super) fn drain(mut read: impl FnMut(&[std::sync::atomic::AtomicU64])) {
    let chunks = pool(|pool| pool.all.clone());
    for chunk in chunks {
        if chunk.drain(&mut read) {
            chunk.reset();
            pool(|pool| pool.free.push(chunk));
        }
    }
}
