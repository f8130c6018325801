use super::value::Text;

/// A job that runs on a schedule, and what Sentry should expect of it.
///
/// `#[cron_monitor]` makes one of its arguments; by hand it goes to
/// [`start_check_in`](crate::start_check_in). With a schedule the first check-in makes the monitor in
/// Sentry, and later ones change it; without one it must be there already.
///
/// ```
/// use monitor_runtime::{Monitor, ScheduleUnit};
///
/// let nightly = Monitor::new("nightly-report").with_crontab("0 3 * * *").with_timezone("Europe/Berlin");
/// let heartbeat = Monitor::new("queue-worker").with_interval(10, ScheduleUnit::Minute);
/// # drop((nightly, heartbeat));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Monitor {
    /// Its name in Sentry: lower-case letters, digits, `-` and `_`, at most 50.
    pub slug: Text,
    /// When it runs.
    pub schedule: Option<MonitorSchedule>,
    /// Minutes after the expected time from which a run is missed. Sentry's default: 1.
    pub margin: Option<u64>,
    /// Minutes that a run may take before it has failed. Sentry's default: 30.
    pub max_runtime: Option<u64>,
    /// The time zone of the schedule, such as `Europe/Berlin`. Sentry's default: UTC.
    pub timezone: Option<Text>,
    /// How many runs in a row must fail before there is an issue. Sentry's default: 1.
    pub failure_threshold: Option<u64>,
    /// How many runs in a row must go well before the issue is resolved. Sentry's default: 1.
    pub recovery_threshold: Option<u64>,
}

/// When a job runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum MonitorSchedule {
    /// Five fields as in a crontab, or `@daily` and the like.
    Crontab(Text),
    /// So long after the run before.
    Interval(u64, ScheduleUnit),
}

/// The unit of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[expect(missing_docs, reason = "the names say it")]
pub enum ScheduleUnit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Monitor {
    /// The monitor with this slug.
    pub fn new(slug: impl Into<Text>) -> Self {
        Self {
            slug: slug.into(),
            schedule: None,
            margin: None,
            max_runtime: None,
            timezone: None,
            failure_threshold: None,
            recovery_threshold: None,
        }
    }

    /// Runs at the times of a crontab: minute, hour, day of the month, month, day of the week.
    #[must_use]
    pub fn with_crontab(self, crontab: impl Into<Text>) -> Self {
        Self { schedule: Some(MonitorSchedule::Crontab(crontab.into())), ..self }
    }

    /// Runs so long after the run before.
    #[must_use]
    pub fn with_interval(self, every: u64, unit: ScheduleUnit) -> Self {
        Self { schedule: Some(MonitorSchedule::Interval(every, unit)), ..self }
    }

    /// Sets how many minutes late a run may begin.
    #[must_use]
    pub fn with_margin(self, minutes: u64) -> Self {
        Self { margin: Some(minutes), ..self }
    }

    /// Sets how many minutes a run may take.
    #[must_use]
    pub fn with_max_runtime(self, minutes: u64) -> Self {
        Self { max_runtime: Some(minutes), ..self }
    }

    /// Sets the time zone of the schedule.
    #[must_use]
    pub fn with_timezone(self, timezone: impl Into<Text>) -> Self {
        Self { timezone: Some(timezone.into()), ..self }
    }

    /// Sets how many runs in a row must fail before there is an issue.
    #[must_use]
    pub fn with_failure_threshold(self, runs: u64) -> Self {
        Self { failure_threshold: Some(runs), ..self }
    }

    /// Sets how many runs in a row must go well before the issue is resolved.
    #[must_use]
    pub fn with_recovery_threshold(self, runs: u64) -> Self {
        Self { recovery_threshold: Some(runs), ..self }
    }
}
