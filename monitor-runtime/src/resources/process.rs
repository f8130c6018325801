use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::resource_usage::{ResourceReader, ResourceUsage};
use super::stat;

/// What the system says of this process.
pub(super) struct Process {
    /// When it was looked at last, and how much time of processors it had had then.
    last: Mutex<Option<(Instant, Duration)>>,
}

impl Default for Process {
    fn default() -> Self {
        Self { last: Mutex::new(cpu_time().map(|had| (Instant::now(), had))) }
    }
}

impl ResourceReader for Process {
    fn read(&self) -> Option<ResourceUsage> {
        let (resident_bytes, had) = (resident_bytes()?, cpu_time()?);
        let now = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.replace((now, had));
        let cpu_percent = before.map_or(0.0, |(then, had_then)| {
            percent(had.saturating_sub(had_then), now.saturating_duration_since(then))
        });
        Some(ResourceUsage { resident_bytes, cpu_percent })
    }
}

/// The share that this much time of processors is of all of it.
fn percent(used: Duration, passed: Duration) -> f64 {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of processors")]
    let available = passed.as_secs_f64() * processors as f64;
    if available == 0.0 { 0.0 } else { (100.0 * used.as_secs_f64() / available).min(100.0) }
}

/// Memory that the process holds; `None` where the system doesn't say it.
pub(crate) fn resident_bytes() -> Option<u64> {
    if cfg!(target_os = "linux") {
        return stat::resident_bytes(&std::fs::read_to_string("/proc/self/status").ok()?);
    }
    #[cfg(feature = "sysinfo")]
    return super::sysinfo::resident_bytes();
    #[cfg(not(feature = "sysinfo"))]
    None
}

fn cpu_time() -> Option<Duration> {
    if cfg!(target_os = "linux") {
        return stat::cpu_time(&std::fs::read_to_string("/proc/self/stat").ok()?);
    }
    #[cfg(feature = "sysinfo")]
    return super::sysinfo::cpu_time();
    #[cfg(not(feature = "sysinfo"))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_all_processors() {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let used = Duration::from_secs(5) * u32::try_from(processors).unwrap();
        assert_eq!(percent(used, Duration::from_secs(10)), 50.0);
        assert_eq!(percent(used, Duration::ZERO), 0.0);
        assert_eq!(percent(used * 10, Duration::from_secs(10)), 100.0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_is_read() {
        let usage = Process::default().read().unwrap();
        assert!((1 << 20..1 << 40).contains(&usage.resident_bytes), "{usage:?}");
        assert!((0.0..=100.0).contains(&usage.cpu_percent), "{usage:?}");
    }
}
