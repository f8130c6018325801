use std::time::Duration;

/// How latencies are watched: see [`Config::with_baselines`](crate::Config::with_baselines).
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{Baselines, Config};
///
/// let baselines = Baselines::new().with_factor(2.0).with_db_p95_limit(Duration::from_millis(500));
/// let config = Config::new().with_baselines(baselines);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "it does nothing until it is given to a config"]
pub struct Baselines {
    pub(super) window: Duration,
    pub(super) min_calls: u64,
    pub(super) factor: f64,
    pub(super) db_p95_limit: Duration,
    pub(super) max_functions: usize,
}

impl Default for Baselines {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(60),
            min_calls: 10,
            factor: 1.5,
            db_p95_limit: Duration::from_secs(2),
            max_functions: 1000,
        }
    }
}

impl Baselines {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a window is at least. Default: 60 s, so that what begins to be slow is reported
    /// within five minutes if the function is called ten times a minute or more. 0 counts as 1 ns.
    pub fn with_window(mut self, window: Duration) -> Self {
        self.window = window.max(Duration::from_nanos(1));
        self
    }

    /// Sets how many calls a window has at least; one with fewer goes on. Default: 10, of which four
    /// must be slower than the baseline's p90 to stand out.
    pub fn with_min_calls(mut self, calls: u64) -> Self {
        self.min_calls = calls.max(1);
        self
    }

    /// Sets by what the geometric mean or the p95 must be a multiple of the baseline's to be an
    /// anomaly, however certain it is. Default: 1.5.
    pub fn with_factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets over which p95 a database function is reported, whatever its baseline is. It goes by the
    /// last two windows, if they have 20 calls. Default: 2 s.
    pub fn with_db_p95_limit(mut self, limit: Duration) -> Self {
        self.db_p95_limit = limit;
        self
    }

    /// Sets how many functions are watched: the first ones that are called. Default: 1,000. Each
    /// takes 2 to 6 KiB, and 40 KiB if it takes from nanoseconds to years.
    pub fn with_max_functions(mut self, max: usize) -> Self {
        self.max_functions = max;
        self
    }
}
