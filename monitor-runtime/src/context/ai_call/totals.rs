use std::sync::atomic::{AtomicU64, Ordering};

use crate::record::Usage;

/// The tokens of the calls inside an agent, added up as they end, on whichever thread.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Whether anything was added: a sum of nothing isn't 0.
    calls: AtomicU64,
    counts: [Count; 5],
}

/// A count that was reported by some of the calls, or by none.
#[derive(Debug, Default)]
struct Count {
    reported: AtomicU64,
    sum: AtomicU64,
}

impl Count {
    fn add(&self, count: Option<u64>) {
        if let Some(count) = count {
            // Counts are at most what Sentry's whole numbers hold; past 2^64 it begins anew, after
            // more tokens than there were ever.
            self.sum.fetch_add(count, Ordering::Relaxed);
            self.reported.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn get(&self) -> Option<u64> {
        let reported = self.reported.load(Ordering::Relaxed) > 0;
        reported.then(|| self.sum.load(Ordering::Relaxed))
    }
}

impl Totals {
    pub(super) fn add(&self, usage: &Usage) {
        let parts =
            [usage.input, usage.output, usage.cache_read, usage.cache_creation, usage.reasoning];
        for (count, part) in self.counts.iter().zip(parts) {
            count.add(part);
        }
        self.calls.fetch_add(1, Ordering::Release);
    }

    /// What all calls used that have ended by now.
    pub(super) fn sum(&self) -> Option<Usage> {
        if self.calls.load(Ordering::Acquire) == 0 {
            return None;
        }
        let [input, output, cache_read, cache_creation, reasoning] =
            self.counts.each_ref().map(Count::get);
        Some(Usage { input, output, cache_read, cache_creation, reasoning })
    }
}
