use std::time::Duration;

/// Which traces are kept although they weren't sampled, because of how they went.
///
/// What happens in an unsampled trace is recorded all the same, and once the root has ended the
/// collector keeps the trace or lets it go. So unsampled spans cost what sampled ones cost, up to
/// the delivery.
///
/// The decision doesn't reach the services that were called: they were told that the trace isn't
/// sampled.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{Config, TailSampling};
///
/// let tail = TailSampling::new().slower_than(Duration::from_secs(5));
/// let config = Config::new().with_traces_sample_rate(0.1).with_tail_sampling(tail);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "this does nothing until it is given to `Config::with_tail_sampling`"]
pub struct TailSampling {
    pub(crate) failed: bool,
    pub(crate) slow: bool,
    pub(crate) slower_than: Option<Duration>,
    pub(crate) max_spans: usize,
}

/// Spans of unsampled traces that wait for their roots: 4.8 MB.
const DEFAULT_MAX_SPANS: usize = 100_000;

impl Default for TailSampling {
    fn default() -> Self {
        Self { failed: true, slow: true, slower_than: None, max_spans: DEFAULT_MAX_SPANS }
    }
}

impl TailSampling {
    /// Keeps a trace in which a call failed or panicked, or was over its `#[slow_threshold]`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether a trace is kept in which a call failed or panicked. Default: yes.
    pub fn failed(mut self, keep: bool) -> Self {
        self.failed = keep;
        self
    }

    /// Sets whether a trace is kept in which a call was over its `#[slow_threshold]`. Default:
    /// yes.
    pub fn slow(mut self, keep: bool) -> Self {
        self.slow = keep;
        self
    }

    /// Keeps a trace whose root took at least this long. Default: such a trace is not kept for
    /// that.
    pub fn slower_than(mut self, duration: Duration) -> Self {
        self.slower_than = Some(duration);
        self
    }

    /// Sets how many spans of unsampled traces may wait for their roots, in the whole process.
    /// Past it the spans of the oldest such trace go; they are counted only if that trace is kept.
    /// Default: 100,000, of some 50 bytes each.
    pub fn max_spans(mut self, max: usize) -> Self {
        self.max_spans = max;
        self
    }
}
