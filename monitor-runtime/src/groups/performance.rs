//! The context `performance`: how the trace has gone so far.

use std::num::NonZeroU64;

use super::trace_counters::{self, Counts};
use crate::context::local::{self, Local};
use crate::hub::Hub;
use crate::record::Attributes;

/// Notes that something was found in a cache. Errors of the same trace say the rate.
///
/// ```
/// # let cached = Some(1);
/// match cached {
///     Some(_) => monitor_runtime::cache_hit!(),
///     None => monitor_runtime::cache_miss!(),
/// }
/// ```
#[macro_export]
macro_rules! cache_hit {
    () => {
        $crate::__private::cache_hit()
    };
}

/// Notes that something wasn't found in a cache: see [`cache_hit!`](crate::cache_hit).
#[macro_export]
macro_rules! cache_miss {
    () => {
        $crate::__private::cache_miss()
    };
}

/// What `cache_hit!` becomes.
pub fn cache_hit() {
    local::with(|local| trace_counters::count_cache(local.trace.get(), true));
}

/// What `cache_miss!` becomes.
pub fn cache_miss() {
    local::with(|local| trace_counters::count_cache(local.trace.get(), false));
}

/// The numbers of one moment; the context is made of them on the collector.
#[derive(Clone, Copy)]
pub(crate) struct Performance {
    counts: Counts,
    active_transactions: u32,
    /// At least one.
    response_nanos: Option<NonZeroU64>,
}

impl Performance {
    /// `response_nanos` is how long the call took that failed.
    #[inline]
    pub(crate) fn now(local: &Local, hub: &Hub, response_nanos: Option<u64>) -> Self {
        let counts = trace_counters::of(local, local.trace.get());
        let active_transactions = hub.active_roots().count();
        Self { counts, active_transactions, response_nanos: response_nanos.map(at_least_one) }
    }

    pub(super) fn values(self) -> Attributes {
        let counts = self.counts;
        // Room for all that may follow.
        let mut values = Attributes::with_capacity(4);
        values.push(("database_query_count".into(), counts.queries.into()));
        values.push(("active_transactions".into(), self.active_transactions.into()));
        let lookups = counts.hits + counts.misses;
        if lookups > 0 {
            let rate = f64::from(counts.hits) / f64::from(lookups);
            values.push(("cache_hit_rate".into(), rate.into()));
        }
        if let Some(nanos) = self.response_nanos {
            #[expect(clippy::cast_precision_loss, reason = "a rounded number of milliseconds")]
            let millis = (nanos.get() / 1000) as f64 / 1000.0;
            values.push(("response_time".into(), millis.into()));
        }
        values
    }
}

/// So that it takes one word; a nanosecond more isn't seen in what is shown.
fn at_least_one(nanos: u64) -> NonZeroU64 {
    NonZeroU64::new(nanos).unwrap_or(NonZeroU64::MIN)
}
