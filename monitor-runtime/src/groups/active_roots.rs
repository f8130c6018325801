use std::sync::atomic::{AtomicI64, Ordering};

use crate::context::local::Local;

/// Counters, so that threads that begin transactions at the same time don't wait for each other.
const STRIPES: usize = 8;

/// How many transactions run, sampled or not.
#[derive(Default)]
pub(crate) struct ActiveRoots {
    stripes: [Stripe; STRIPES],
}

/// Alone on its cache lines.
#[derive(Default)]
#[repr(align(128))]
struct Stripe(AtomicI64);

impl ActiveRoots {
    pub(crate) fn begin(&self, local: &Local) {
        self.stripe(local).fetch_add(1, Ordering::Relaxed);
    }

    /// May be another stripe than at the beginning: only the sum counts.
    pub(crate) fn end(&self, local: &Local) {
        self.stripe(local).fetch_sub(1, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn count(&self) -> u32 {
        let sum: i64 = self.stripes.iter().map(|stripe| stripe.0.load(Ordering::Relaxed)).sum();
        sum.try_into().unwrap_or_default()
    }

    fn stripe(&self, local: &Local) -> &AtomicI64 {
        // The thread's own memory tells threads apart.
        let address = std::ptr::from_ref(local).addr();
        &self.stripes[(address >> 12) % STRIPES].0
    }
}
