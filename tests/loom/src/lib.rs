//! The chunk's protocol under every order of steps that the memory model allows.
//!
//! `cargo test --release --manifest-path tests/loom/Cargo.toml`

#![cfg(test)]

/// Stands for `monitor-runtime/src/sync.rs`.
mod sync {
    pub(crate) use loom::sync::atomic;

    pub(crate) fn zeros<const N: usize>() -> [atomic::AtomicU64; N] {
        std::array::from_fn(|_| atomic::AtomicU64::new(0))
    }
}

#[path = "../../../monitor-runtime/src/collect/chunk.rs"]
#[expect(dead_code, reason = "only some of it is used here")]
mod chunk;

use loom::sync::atomic::{AtomicU64, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

/// Room for three records.
type Chunk = chunk::Chunk<6>;

/// A record of two words that belong together.
fn write(chunk: &Chunk, number: u64) -> bool {
    let Some((slots, end)) = chunk.room::<2>() else { return false };
    slots[0].store(number, Ordering::Relaxed);
    slots[1].store(number * 10, Ordering::Relaxed);
    chunk.commit_to(end);
    true
}

/// What was published since the last time; each record must be whole.
fn read(words: &[AtomicU64], into: &mut Vec<u64>) {
    assert_eq!(words.len() % 2, 0, "half a record was published");
    for record in words.chunks(2) {
        let [number, tenfold] = [0, 1].map(|at| record[at].load(Ordering::Relaxed));
        assert_eq!(tenfold, number * 10, "a record is torn");
        into.push(number);
    }
}

/// Reads what there is of the same owner; whether the chunk is done with.
fn drain(chunk: &Chunk, seen: &mut Vec<u64>) -> bool {
    chunk.drain(chunk.number(), |words| read(words, seen)) == Some(true)
}

#[test]
fn what_the_collector_reads_is_whole_and_comes_once() {
    loom::model(|| {
        let chunk = Arc::new(Chunk::new());
        let writer = thread::spawn({
            let chunk = Arc::clone(&chunk);
            move || {
                assert!(write(&chunk, 1) && write(&chunk, 2) && write(&chunk, 3));
                assert!(!write(&chunk, 4), "there is no more room");
                chunk.leave();
            }
        });
        let mut seen = Vec::new();
        let done = drain(&chunk, &mut seen);
        // Once it is done with, nothing follows.
        assert!(!done || seen == [1, 2, 3]);
        writer.join().unwrap();
        assert!(done || drain(&chunk, &mut seen));
        assert_eq!(seen, [1, 2, 3]);
    });
}

/// A full chunk is read, made as good as new, and written by another thread while the collector
/// comes by again.
#[test]
fn a_chunk_that_is_used_again_starts_anew() {
    loom::model(|| {
        let chunk = Arc::new(Chunk::new());
        let free: Arc<Mutex<Option<Arc<Chunk>>>> = Arc::default();
        assert!(write(&chunk, 1));
        chunk.leave();
        let second = thread::spawn({
            let free = Arc::clone(&free);
            move || {
                let chunk = free.lock().unwrap().take();
                chunk.is_some_and(|chunk| write(&chunk, 2))
            }
        });
        let mut seen = Vec::new();
        for _ in 0..2 {
            if drain(&chunk, &mut seen) {
                chunk.reset();
                *free.lock().unwrap() = Some(Arc::clone(&chunk));
            }
        }
        let wrote = second.join().unwrap();
        drain(&chunk, &mut seen);
        assert_eq!(seen, if wrote { vec![1, 2] } else { vec![1] });
    });
}

/// A chunk that gets another owner while the collector is on its way to it: what that one writes is left for
/// the next time, when what it wrote before is read first.
#[test]
fn a_later_owner_is_not_read_under_the_number_of_an_earlier_one() {
    loom::model(|| {
        let chunk = Arc::new(Chunk::new());
        chunk.take(1);
        let owner = thread::spawn({
            let chunk = Arc::clone(&chunk);
            move || {
                chunk.take(2);
                assert!(write(&chunk, 1));
            }
        });
        let mut seen = Vec::new();
        chunk.drain(1, |words| read(words, &mut seen));
        assert!(seen.is_empty());
        owner.join().unwrap();
        assert_eq!(chunk.drain(1, |words| read(words, &mut seen)), None);
        assert_eq!(chunk.drain(2, |words| read(words, &mut seen)), Some(false));
        assert_eq!(seen, [1]);
    });
}

/// A thread that exits hands the rest of its chunk on: the next owner writes behind what is there.
#[test]
fn the_next_owner_goes_on_where_the_last_one_stopped() {
    loom::model(|| {
        let chunk = Arc::new(Chunk::new());
        let free: Arc<Mutex<Option<Arc<Chunk>>>> = Arc::default();
        let first = thread::spawn({
            let (chunk, free) = (Arc::clone(&chunk), Arc::clone(&free));
            move || {
                assert!(write(&chunk, 1));
                assert!(chunk.end() == 2);
                *free.lock().unwrap() = Some(chunk);
            }
        });
        let second = thread::spawn({
            let free = Arc::clone(&free);
            move || {
                let chunk = free.lock().unwrap().take();
                chunk.is_some_and(|chunk| write(&chunk, 2))
            }
        });
        let mut seen = Vec::new();
        drain(&chunk, &mut seen);
        first.join().unwrap();
        let wrote = second.join().unwrap();
        drain(&chunk, &mut seen);
        assert_eq!(seen, if wrote { vec![1, 2] } else { vec![1] });
    });
}
