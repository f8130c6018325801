//! Check-ins where no function of one's own runs the whole of a job.

use std::time::Duration;

use super::run::{Run, once};
use crate::context::scope;
use crate::record::{CheckInStatus, EventId, Monitor};

/// A run of a job, from [`start_check_in`] to its end.
///
/// Dropped without a word, as by `?`, by a panic, or with the future that holds it, the run has failed.
#[must_use = "the run has failed when this is dropped without a word"]
pub struct CheckInGuard {
    /// `None` where nothing is recorded.
    run: Option<Run>,
}

/// Says that a run of a job begins: what [`#[cron_monitor]`](macro@crate::cron_monitor) does for a
/// function.
///
/// ```
/// use monitor_runtime::{Monitor, start_check_in};
///
/// # fn export() -> Result<(), std::io::Error> { Ok(()) }
/// # fn main() -> Result<(), std::io::Error> {
/// let run = start_check_in(Monitor::new("nightly-export").with_crontab("0 3 * * *"));
/// export()?;
/// run.ok();
/// # Ok(())
/// # }
/// ```
pub fn start_check_in(monitor: Monitor) -> CheckInGuard {
    CheckInGuard { run: scope::hub().map(|hub| Run::begin(hub, monitor)) }
}

impl CheckInGuard {
    /// Says that the run went well.
    pub fn ok(mut self) {
        self.end(true);
    }

    /// Says that the run failed.
    pub fn error(mut self) {
        self.end(false);
    }

    /// The id that all check-ins of this run have; `None` where nothing is recorded.
    pub fn id(&self) -> Option<EventId> {
        self.run.as_ref().map(Run::id)
    }

    fn end(&mut self, ok: bool) {
        if let Some(run) = self.run.take() {
            run.end(ok);
        }
    }
}

impl Drop for CheckInGuard {
    fn drop(&mut self) {
        self.end(false);
    }
}

/// Sends one check-in alone: for a job whose end is all that is known of it, or a heartbeat.
///
/// Returns its id, or `None` where nothing is recorded.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{CheckInStatus, Monitor, ScheduleUnit, capture_check_in};
///
/// let worker = Monitor::new("queue-worker").with_interval(10, ScheduleUnit::Minute);
/// capture_check_in(worker, CheckInStatus::Ok, Duration::from_millis(250));
/// ```
pub fn capture_check_in(
    monitor: Monitor,
    status: CheckInStatus,
    duration: impl Into<Option<Duration>>,
) -> Option<EventId> {
    Some(once(scope::hub()?, monitor, status, duration.into()))
}
