use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::process::Process;
use super::resource_usage::ResourceReader;
use crate::config::Config;

/// Watches what the process takes of the machine: see
/// [`Config::with_resource_monitor`](crate::Config::with_resource_monitor).
///
/// It reads `/proc` on Linux, and asks the crate `sysinfo` elsewhere, with the feature of that name.
///
/// ```
/// use monitor_runtime::{Config, ResourceMonitor};
///
/// let monitor = ResourceMonitor::new().with_max_rss_mb(2000).with_max_cpu_percent(90.0);
/// let config = Config::new().with_resource_monitor(monitor);
/// ```
#[derive(Clone)]
#[must_use = "it does nothing until it is given to a config"]
pub struct ResourceMonitor {
    pub(super) interval: Duration,
    pub(super) max_rss_mb: u64,
    pub(super) max_cpu_percent: f64,
    pub(super) reader: Arc<dyn ResourceReader>,
}

impl Default for ResourceMonitor {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(10),
            max_rss_mb: 500,
            max_cpu_percent: 80.0,
            reader: Arc::new(Process::default()),
        }
    }
}

impl ResourceMonitor {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how often the process is looked at, which costs some 50 µs. Default: 10 s.
    pub fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets over how many MB of resident memory, of 1,048,576 bytes each, its usage is high.
    /// Default: 500.
    pub fn with_max_rss_mb(mut self, megabytes: u64) -> Self {
        self.max_rss_mb = megabytes;
        self
    }

    /// Sets over how many percent of all processors its usage is high. Default: 80.
    pub fn with_max_cpu_percent(mut self, percent: f64) -> Self {
        self.max_cpu_percent = percent;
        self
    }

    /// Sets who says what the process takes. Default: the system.
    pub fn with_reader(mut self, reader: impl ResourceReader) -> Self {
        self.reader = Arc::new(reader);
        self
    }
}

impl fmt::Debug for ResourceMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceMonitor")
            .field("interval", &self.interval)
            .field("max_rss_mb", &self.max_rss_mb)
            .field("max_cpu_percent", &self.max_cpu_percent)
            .finish_non_exhaustive()
    }
}

/// Resources.
impl Config {
    /// Watches the process's memory and its share of the processors. Default: off.
    ///
    /// When one of them gets over its limit, all later events of the process carry a breadcrumb "High
    /// resource usage detected", whatever scope they are from, and when both are below again a second
    /// one. With [`with_metrics`](Self::with_metrics) the readings are the gauges
    /// `process.memory.usage`, in bytes, and `process.cpu.utilization`, from 0 to 1: OpenTelemetry's
    /// names.
    pub fn with_resource_monitor(mut self, monitor: ResourceMonitor) -> Self {
        self.settings.resources = Some(monitor);
        self
    }
}
