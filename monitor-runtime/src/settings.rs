//! A [`Config`](crate::Config) once it is checked: what the hot paths and the collector read.

use std::time::Duration;

/// Breadcrumbs that a scope keeps; the default of every Sentry SDK.
pub(crate) const DEFAULT_MAX_BREADCRUMBS: usize = 100;
/// Spans that a transaction may hold: 4.8 MB while it waits for its root.
pub(crate) const DEFAULT_MAX_SPANS: usize = 100_000;
/// Bytes of a recorded text.
pub(crate) const DEFAULT_MAX_VALUE_LENGTH: usize = 1024;

/// The settings of one hub.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// From 0 to 1.
    pub(crate) traces_sample_rate: f64,
    pub(crate) max_breadcrumbs: usize,
    pub(crate) max_spans_per_trace: usize,
    pub(crate) max_value_length: usize,
    /// Whether the inputs of AI calls may be recorded.
    pub(crate) send_default_pii: bool,
    pub(crate) shutdown_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            traces_sample_rate: 1.0,
            max_breadcrumbs: DEFAULT_MAX_BREADCRUMBS,
            max_spans_per_trace: DEFAULT_MAX_SPANS,
            max_value_length: DEFAULT_MAX_VALUE_LENGTH,
            send_default_pii: false,
            shutdown_timeout: Duration::from_secs(2),
        }
    }
}
