use std::time::Duration;

use super::MEGABYTE;
use super::resource_monitor::ResourceMonitor;
use super::resource_usage::ResourceUsage;
use crate::hub::{Hub, Periodic, Tick};
use crate::record::{Breadcrumb, Level};

/// Looks at the process for a hub.
struct Watcher {
    monitor: ResourceMonitor,
    due: Duration,
    was: Over,
}

/// Which limits are exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Over {
    memory: bool,
    cpu: bool,
}

/// Looks at the process for this hub from now on, if it is asked to.
pub(crate) fn watch(hub: &'static Hub) {
    if let Some(monitor) = hub.settings().resources.clone() {
        let due = hub.clock().now() + monitor.interval;
        hub.add_periodic(Watcher { monitor, due, was: Over::default() });
    }
}

impl Periodic for Watcher {
    fn tick(&mut self, tick: &Tick) {
        if tick.now < self.due {
            return;
        }
        self.due = tick.now + self.monitor.interval;
        if let Some(usage) = self.monitor.reader.read() {
            set_gauges(tick.hub, usage);
            self.compare(tick.hub, usage);
        }
    }
}

impl Watcher {
    fn compare(&mut self, hub: &Hub, usage: ResourceUsage) {
        let limit = self.monitor.max_rss_mb.saturating_mul(MEGABYTE);
        let memory = usage.resident_bytes > limit;
        let now = Over { memory, cpu: usage.cpu_percent > self.monitor.max_cpu_percent };
        let was = std::mem::replace(&mut self.was, now);
        let begins = (now.memory && !was.memory) || (now.cpu && !was.cpu);
        if begins {
            let crumb = self.breadcrumb("High resource usage detected", usage);
            hub.add_breadcrumb(crumb.with_level(Level::Warning));
        } else if now == Over::default() && was != now {
            hub.add_breadcrumb(self.breadcrumb("Resource usage is normal again", usage));
        }
    }

    fn breadcrumb(&self, message: &'static str, usage: ResourceUsage) -> Breadcrumb {
        let tenths = |value: f64| (value * 10.0).round() / 10.0;
        Breadcrumb::new("resources", message)
            .with("rss_mb", tenths(float(usage.resident_bytes) / float(MEGABYTE)))
            .with("max_rss_mb", self.monitor.max_rss_mb)
            .with("cpu_percent", tenths(usage.cpu_percent))
            .with("max_cpu_percent", self.monitor.max_cpu_percent)
    }
}

fn set_gauges(hub: &'static Hub, usage: ResourceUsage) {
    if let Some(metrics) = hub.metrics() {
        let bytes = float(usage.resident_bytes);
        metrics.gauge_here(hub, "process.memory.usage", Some("byte"), bytes);
        let share = usage.cpu_percent / 100.0;
        metrics.gauge_here(hub, "process.cpu.utilization", Some("ratio"), share);
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact to the byte for 9 PB")]
const fn float(bytes: u64) -> f64 {
    bytes as f64
}
