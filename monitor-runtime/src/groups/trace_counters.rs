//! What happened in a trace so far, beside its spans: counted also where it isn't sampled.
//!
//! A fixed table: nothing is allocated, nothing is locked, and no trace has to be taken out. A
//! trace that finds its places taken gets that of the one that counted longest ago, which then
//! begins anew: with up to 4,096 busy traces that is rare.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::context::local::{self, Local};

/// Sets of places; a trace's key says which is its own.
const SETS: usize = 1024;
/// Places of a set.
const WAYS: usize = 4;

static TABLE: [[Slot; WAYS]; SETS] = [const { [const { Slot::new() }; WAYS] }; SETS];
/// Grows with each count: says which place was used last.
static AGE: AtomicU32 = AtomicU32::new(1);

/// Queries of the process, but for those that threads still count for themselves.
static QUERIES: AtomicU64 = AtomicU64::new(0);

struct Slot {
    /// The trace's key; 0 for nobody's.
    trace: AtomicU64,
    age: AtomicU32,
    queries: AtomicU32,
    hits: AtomicU32,
    misses: AtomicU32,
}

/// The counts of one trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) queries: u32,
    pub(super) hits: u32,
    pub(super) misses: u32,
}

impl Slot {
    const fn new() -> Self {
        Self {
            trace: AtomicU64::new(0),
            age: AtomicU32::new(0),
            queries: AtomicU32::new(0),
            hits: AtomicU32::new(0),
            misses: AtomicU32::new(0),
        }
    }

    fn is_of(&self, trace: u64) -> bool {
        self.trace.load(Ordering::Acquire) == trace
    }

    /// Makes the place this trace's; two threads that want the same one may lose a count.
    fn begin(&self, trace: u64) {
        for count in [&self.queries, &self.hits, &self.misses] {
            count.store(0, Ordering::Relaxed);
        }
        self.trace.store(trace, Ordering::Release);
    }
}

fn set(trace: u64) -> &'static [Slot; WAYS] {
    // Keys are random, but for the lowest and the highest bit.
    &TABLE[usize::try_from(trace >> 8).unwrap_or_default() % SETS]
}

fn slot(trace: u64) -> Option<&'static Slot> {
    if trace == 0 {
        return None;
    }
    let set = set(trace);
    let found = set.iter().find(|slot| slot.is_of(trace));
    let slot = found.or_else(|| {
        let oldest = set.iter().min_by_key(|slot| slot.age.load(Ordering::Relaxed))?;
        oldest.begin(trace);
        Some(oldest)
    })?;
    slot.age.store(AGE.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    Some(slot)
}

/// Counts a call to a database: on the thread's own words, until it comes to another trace.
#[inline]
pub(crate) fn count_query(local: &Local, trace: u64) {
    let (counted, queries) = local.queries.get();
    if counted == trace {
        local.queries.set((trace, queries.saturating_add(1)));
    } else {
        publish(counted, queries);
        local.queries.set((trace, 1));
    }
}

#[cold]
#[inline(never)]
fn publish(trace: u64, queries: u32) {
    QUERIES.fetch_add(queries.into(), Ordering::Relaxed);
    if let Some(slot) = slot(trace) {
        slot.queries.fetch_add(queries, Ordering::Relaxed);
    }
}

pub(super) fn count_cache(trace: u64, is_hit: bool) {
    if let Some(slot) = slot(trace) {
        let count = if is_hit { &slot.hits } else { &slot.misses };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// The calls to databases of the whole process so far, but for those of other threads' last traces.
pub(super) fn all_queries() -> u64 {
    let (_, own) = local::with(|local| local.queries.get());
    QUERIES.load(Ordering::Relaxed) + u64::from(own)
}

/// The counts of this trace so far; queries that another thread counts at this moment aren't among
/// them.
#[inline]
pub(super) fn of(local: &Local, trace: u64) -> Counts {
    if trace == 0 {
        return Counts::default();
    }
    let found = set(trace).iter().find(|slot| slot.is_of(trace));
    let mut counts = found.map_or_else(Counts::default, |slot| Counts {
        queries: slot.queries.load(Ordering::Relaxed),
        hits: slot.hits.load(Ordering::Relaxed),
        misses: slot.misses.load(Ordering::Relaxed),
    });
    let (counted, queries) = local.queries.get();
    if counted == trace {
        counts.queries = counts.queries.saturating_add(queries);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_of_one_set_count_apart_and_the_oldest_goes() {
        // The same set, which no random key of another test is likely to be in.
        let traces: Vec<u64> = (1..=WAYS as u64 + 1).map(|n| (n << 30 | 5) << 8).collect();
        for (at, trace) in traces[..WAYS].iter().enumerate() {
            (0..=at).for_each(|_| local::with(|l| count_query(l, *trace)));
            count_cache(*trace, at % 2 == 0);
        }
        for (at, trace) in traces[..WAYS].iter().enumerate() {
            let (queries, even) = (u32::try_from(at).unwrap() + 1, u32::from(at % 2 == 0));
            assert_eq!(
                local::with(|l| of(l, *trace)),
                Counts { queries, hits: even, misses: 1 - even }
            );
        }
        local::with(|l| {
            // Published when the thread comes to the next trace.
            count_query(l, traces[WAYS]);
            count_query(l, 0);
            assert_eq!(of(l, traces[0]), Counts::default());
            assert_eq!((of(l, traces[1]).queries, of(l, traces[WAYS]).queries), (2, 1));
            assert_eq!(of(l, 0), Counts::default());
        });
    }
}
