//! What is said of metrics.

use std::time::Duration;

use super::Config;

/// Metrics.
impl Config {
    /// Switches metrics on: those of [`count!`](crate::count!) and its kin, and those that annotated
    /// functions and errors give by themselves. Default: off; then a `count!` costs a load and a
    /// branch.
    ///
    /// What is counted is added up in the process, whatever is sampled, and reported once a minute.
    pub fn with_metrics(mut self, on: bool) -> Self {
        self.settings.metrics.on = on;
        self
    }

    /// Sets how often metrics are reported; they are at each flush and at the end, too. Default:
    /// 60 s. Less than a second counts as a second.
    pub fn with_metrics_interval(mut self, interval: Duration) -> Self {
        self.settings.metrics.interval = interval.max(Duration::from_secs(1));
        self
    }

    /// Sets how many sets of attributes are told apart in each metric. What comes with further ones
    /// is added up under the attribute `otel.metric.overflow`, and counted in
    /// [`Loss::metric_overflow`](crate::Loss::metric_overflow). Default: 100.
    pub fn with_max_attribute_sets(mut self, max: usize) -> Self {
        self.settings.metrics.max_attribute_sets = max;
        self
    }
}
