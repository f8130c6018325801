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
#[derive(Clone, Copy, Debug, Default)]
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

    /// Numbers of queries, of hits and of misses, and the others.
    #[cfg(all(test, feature = "sentry"))]
    pub(crate) fn of(counts: [u32; 3], active: u32, response_nanos: Option<u64>) -> Self {
        let [queries, hits, misses] = counts;
        let counts = Counts { queries, hits, misses };
        let response_nanos = response_nanos.map(at_least_one);
        Self { counts, active_transactions: active, response_nanos }
    }

    pub(crate) fn values(self) -> Attributes {
        // Room for all that may follow.
        let mut values = Attributes::with_capacity(4);
        values.push(("database_query_count".into(), self.queries().into()));
        values.push(("active_transactions".into(), self.active_transactions().into()));
        let mut add = |key: &'static str, value: Option<f64>| {
            values.extend(value.map(|value| (key.into(), value.into())));
        };
        add("cache_hit_rate", self.cache_hit_rate());
        #[expect(clippy::cast_precision_loss, reason = "a rounded number of milliseconds")]
        add("response_time", self.response_micros().map(|micros| micros as f64 / 1000.0));
        values
    }

    pub(crate) const fn queries(self) -> u32 {
        self.counts.queries
    }

    pub(crate) const fn active_transactions(self) -> u32 {
        self.active_transactions
    }

    pub(crate) fn cache_hit_rate(self) -> Option<f64> {
        let Counts { hits, misses, .. } = self.counts;
        let lookups = hits + misses;
        (lookups > 0).then(|| f64::from(hits) / f64::from(lookups))
    }

    /// How long the call took that failed.
    pub(crate) fn response_micros(self) -> Option<u64> {
        self.response_nanos.map(|nanos| nanos.get() / 1000)
    }
}

/// So that it takes one word; a nanosecond more isn't seen in what is shown.
fn at_least_one(nanos: u64) -> NonZeroU64 {
    NonZeroU64::new(nanos).unwrap_or(NonZeroU64::MIN)
}
