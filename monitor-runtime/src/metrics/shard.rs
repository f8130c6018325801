//! What one thread counts: it alone writes, the collector reads.

use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::hashed::Key;

/// Series that a thread counts by itself: 24 KiB. What it records of further ones goes by way of the
/// chunks.
const ENTRIES: usize = 768;
/// Places to look for one: sparse, so that the first look mostly finds it.
const PLACES: usize = 2048;

static POOL: Mutex<Pool> = Mutex::new(Pool { all: Vec::new(), free: Vec::new() });

struct Pool {
    all: Vec<&'static Shard>,
    /// Those of threads that have ended.
    free: Vec<&'static Shard>,
}

/// Atomics so that the collector may read while the owner writes; there is no read-modify-write.
pub(crate) struct Shard {
    /// Numbers of entries, from 1.
    places: [AtomicU16; PLACES],
    entries: [Entry; ENTRIES],
    /// Entries that are complete.
    len: AtomicUsize,
}

pub(crate) struct Entry {
    key: AtomicU64,
    series: AtomicU32,
    /// What was counted ever. Only the owner changes it.
    count: AtomicU64,
    /// What the collector knows of that.
    taken: AtomicU64,
}

impl Entry {
    /// Counts on the thread that owns the shard.
    #[inline]
    pub(crate) fn add(&self, count: u64) {
        let before = self.count.load(Ordering::Relaxed);
        self.count.store(before.wrapping_add(count), Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn series(&self) -> u32 {
        self.series.load(Ordering::Relaxed)
    }

    fn take(&self) -> u64 {
        let count = self.count.load(Ordering::Relaxed);
        count.wrapping_sub(self.taken.swap(count, Ordering::Relaxed))
    }
}

impl Shard {
    fn new() -> Self {
        Self {
            places: [const { AtomicU16::new(0) }; PLACES],
            entries: [const {
                Entry {
                    key: AtomicU64::new(0),
                    series: AtomicU32::new(0),
                    count: AtomicU64::new(0),
                    taken: AtomicU64::new(0),
                }
            }; ENTRIES],
            len: AtomicUsize::new(0),
        }
    }

    /// The entry of a key, if the thread has one.
    #[inline]
    pub(super) fn find(&self, key: Key) -> Option<&Entry> {
        let mut place = place_of(key);
        loop {
            let number = usize::from(self.places[place].load(Ordering::Relaxed));
            let entry = self.entries.get(number.wrapping_sub(1))?;
            if entry.key.load(Ordering::Relaxed) == key.0 {
                return Some(entry);
            }
            place = (place + 1) % PLACES;
        }
    }

    /// Makes an entry on the thread that owns the shard, where there is room.
    pub(super) fn add(&self, key: Key, series: u32) -> Option<&Entry> {
        let len = self.len.load(Ordering::Relaxed);
        let entry = self.entries.get(len)?;
        entry.key.store(key.0, Ordering::Relaxed);
        entry.series.store(series, Ordering::Relaxed);
        let mut place = place_of(key);
        while self.places[place].load(Ordering::Relaxed) != 0 {
            place = (place + 1) % PLACES;
        }
        self.places[place].store(u16::try_from(len + 1).ok()?, Ordering::Relaxed);
        self.len.store(len + 1, Ordering::Release);
        Some(entry)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
const fn place_of(key: Key) -> usize {
    key.0 as usize % PLACES
}

/// A shard for the calling thread alone.
pub(crate) fn take() -> &'static Shard {
    pool(|pool| {
        pool.free.pop().unwrap_or_else(|| {
            // Leaked: used again by other threads until the process ends.
            let shard: &'static Shard = Box::leak(Box::new(Shard::new()));
            pool.all.push(shard);
            shard
        })
    })
}

/// Gives a shard back, with all that it counts.
pub(crate) fn give(shard: &'static Shard) {
    pool(|pool| pool.free.push(shard));
}

/// Hands what all threads have counted since the last time to `read`. Called by one thread at a time.
pub(crate) fn drain(mut read: impl FnMut(u32, u64)) {
    for shard in pool(|pool| pool.all.clone()) {
        let len = shard.len.load(Ordering::Acquire);
        for entry in shard.entries.iter().take(len) {
            let count = entry.take();
            if count > 0 {
                read(entry.series(), count);
            }
        }
    }
}

fn pool<T>(f: impl FnOnce(&mut Pool) -> T) -> T {
    f(&mut POOL.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_holds_so_many_series_and_finds_each() {
        let shard = Shard::new();
        let key = |n: usize| Key::new(0, "m").with_word(n as u64);
        for n in 0..ENTRIES {
            assert!(shard.find(key(n)).is_none());
            shard.add(key(n), u32::try_from(n).unwrap()).unwrap().add(n as u64);
        }
        assert!(shard.add(key(ENTRIES), 0).is_none());
        assert!(shard.find(key(ENTRIES)).is_none());
        for n in 0..ENTRIES {
            let entry = shard.find(key(n)).unwrap();
            assert_eq!((entry.series() as usize, entry.take()), (n, n as u64));
        }
    }
}
