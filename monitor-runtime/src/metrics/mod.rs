//! Counters, gauges and distributions, added up in the process and reported once a minute.
//!
//! Off until [`Config::with_metrics`](crate::Config::with_metrics). The macros
//! [`count!`](crate::count!), [`gauge!`](crate::gauge!), [`distribution!`](crate::distribution!) and
//! [`timing!`](crate::timing!) are for names that stand in the program's text; the functions here take
//! any. Everything is recorded whatever becomes of the trace.

mod automatic;
mod by_hand;
mod hashed;
mod hub_metrics;
mod instrument;
mod macros;
mod number;
mod rate;
#[cfg(feature = "metrics")]
mod recorder;
mod registry;
mod series;
mod shard;
mod totals;

pub use automatic::user_activity;
pub(crate) use automatic::{
    Ended, begin_error, call_ended, error_captured, error_expected, error_handled, error_left_out,
};
pub use by_hand::{count, distribution, gauge, timing};
pub(crate) use hub_metrics::{HubMetrics, Report, is_on};
pub use instrument::Instrument;
pub(crate) use instrument::{Label, Named};
pub use number::{Count, Measure};
#[cfg(feature = "metrics")]
pub use recorder::Recorder;
pub(crate) use series::Series;
pub(crate) use shard::{Shard, drain, give, take};

use std::time::Duration;

/// How many sets of attributes a metric may have: past this a metric is one whose use should be
/// thought over, says Prometheus's guide to instrumentation, too.
pub(crate) const DEFAULT_MAX_ATTRIBUTE_SETS: usize = 100;
/// How often metrics are reported.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);

/// What a `Config` says of metrics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MetricsSettings {
    pub(crate) on: bool,
    /// Alerts look at them, whether they are reported or not.
    pub(crate) watched: bool,
    pub(crate) interval: Duration,
    pub(crate) max_attribute_sets: usize,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self {
            on: false,
            watched: false,
            interval: DEFAULT_INTERVAL,
            max_attribute_sets: DEFAULT_MAX_ATTRIBUTE_SETS,
        }
    }
}
