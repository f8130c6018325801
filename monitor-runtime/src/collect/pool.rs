//! The chunks of the process: taken by threads, read by the collector, used again.

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};

use super::chunk::{Chunk, WORDS};

/// Memory for records on their way: over a million spans.
pub(crate) const DEFAULT_BYTES: usize = 64 << 20;

const CHUNK_BYTES: usize = WORDS * 8;

/// Full chunks after which the collector is woken before its time: 1 MB, which is still in a cache when it
/// is read, and some 20,000 spans, beside which the waking costs nothing.
const WORTH_WAKING: usize = 16;

/// Full chunks past which all are read before anything is delivered, so that threads have them back: 8 MB.
const TOO_MANY: usize = 128;

/// Free chunks that there are before one is used again: 2 MB, so that it has left the caches of the collector. To
/// write on what another processor has just read takes a quarter longer.
const AT_REST: usize = 32;

/// Below this a chunk that a thread gives back isn't worth handing on.
const WORTH_KEEPING: usize = 64;

static LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_BYTES / CHUNK_BYTES);
/// Chunks that became full since they were last read.
static FULL: AtomicUsize = AtomicUsize::new(0);
/// Chunks that nobody writes any more, and that aren't read to their ends.
static UNREAD: AtomicUsize = AtomicUsize::new(0);
static POOL: Mutex<Pool> =
    Mutex::new(Pool { all: Vec::new(), begun: Vec::new(), free: VecDeque::new(), taken: 0 });

struct Pool {
    all: Vec<&'static Chunk>,
    /// Chunks that threads have left before they were full.
    begun: Vec<&'static Chunk>,
    /// Empty ones. That which has been free for longest goes first.
    free: VecDeque<&'static Chunk>,
    /// How often one was taken.
    taken: u64,
}

impl Pool {
    /// A new chunk, unless the bound is reached.
    fn grow(&mut self) -> Option<&'static Chunk> {
        let may_grow = self.all.len() < LIMIT.load(Relaxed);
        may_grow.then(|| {
            // Leaked: chunks are used again until the process ends.
            let chunk: &'static Chunk = Box::leak(Box::new(Chunk::new()));
            self.all.push(chunk);
            chunk
        })
    }
}

fn pool<T>(f: impl FnOnce(&mut Pool) -> T) -> T {
    f(&mut POOL.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Sets how much memory may hold records on their way. Chunks that exist already stay.
pub(crate) fn set_limit(bytes: usize) {
    LIMIT.store((bytes / CHUNK_BYTES).max(2), Relaxed);
}

/// A chunk for the calling thread alone; `None` when the bound is reached.
pub(crate) fn take() -> Option<&'static Chunk> {
    super::thread::follow_fork();
    pool(|pool| {
        let begun = pool.begun.pop();
        let rested = || (pool.free.len() >= AT_REST).then(|| pool.free.pop_front()).flatten();
        let chunk =
            begun.or_else(rested).or_else(|| pool.grow()).or_else(|| pool.free.pop_front())?;
        pool.taken += 1;
        chunk.take(pool.taken);
        Some(chunk)
    })
}

/// Gives a chunk back that is full.
pub(crate) fn give_full(chunk: &'static Chunk) {
    leave(chunk);
    if FULL.fetch_add(1, Relaxed) + 1 >= WORTH_WAKING && super::thread::wake() {
        FULL.store(0, Relaxed);
    }
}

/// Whether threads write much more than is delivered meanwhile.
pub(super) fn is_behind() -> bool {
    UNREAD.load(Relaxed) > TOO_MANY
}

/// Gives a chunk back that another thread may write on, as an exiting thread does.
pub(crate) fn give_rest(chunk: &'static Chunk) {
    if chunk.end() + WORTH_KEEPING < WORDS {
        pool(|pool| pool.begun.push(chunk));
    } else {
        leave(chunk);
    }
}

fn leave(chunk: &Chunk) {
    UNREAD.fetch_add(1, Relaxed);
    chunk.leave();
}

/// Reads what all threads have published; whether that is all. What one of them wrote is read in the order
/// in which it was written, without a gap. Called by one thread at a time.
pub(super) fn drain(mut read: impl FnMut(&[std::sync::atomic::AtomicU64])) -> bool {
    FULL.store(0, Relaxed);
    // Under the lock: a thread that takes one gives it another number.
    let numbered = |chunk: &&'static Chunk| (chunk.number(), *chunk);
    let mut chunks: Vec<_> = pool(|pool| pool.all.iter().map(numbered).collect());
    let mut complete = true;
    chunks.sort_unstable_by_key(|(number, _)| *number);
    for (number, chunk) in chunks {
        match chunk.drain(number, &mut read) {
            Some(false) => {}
            Some(true) => {
                UNREAD.fetch_sub(1, Relaxed);
                chunk.reset();
                pool(|pool| pool.free.push_back(chunk));
            }
            // A thread took it meanwhile: what that one wrote before may be in another, which was read
            // already.
            None => complete = false,
        }
    }
    complete
}
