//! A check-in in Sentry's types.

use sentry_core::ClientOptions;
use sentry_core::protocol::{
    self, MonitorCheckIn, MonitorCheckInStatus, MonitorConfig, MonitorIntervalUnit,
};
use sentry_core::types::Uuid;

use crate::record::{CheckIn, CheckInStatus, Monitor, MonitorSchedule, ScheduleUnit};

/// Characters of a slug.
const SLUG: usize = 50;

/// The begin of a run says what is to be expected of the job; its end doesn't need to repeat it.
pub(super) fn build(check_in: &CheckIn, options: &ClientOptions) -> MonitorCheckIn {
    let is_end = check_in.status != CheckInStatus::InProgress;
    let is_alone = check_in.is_alone;
    MonitorCheckIn {
        check_in_id: Uuid::from_bytes(check_in.id.to_bytes()),
        monitor_slug: slug(&check_in.monitor.slug),
        status: match check_in.status {
            CheckInStatus::InProgress => MonitorCheckInStatus::InProgress,
            CheckInStatus::Ok => MonitorCheckInStatus::Ok,
            CheckInStatus::Error => MonitorCheckInStatus::Error,
        },
        environment: options.environment.as_deref().map(str::to_owned),
        duration: check_in.duration.map(|duration| duration.as_secs_f64()),
        monitor_config: if is_end && !is_alone { None } else { config(&check_in.monitor) },
    }
}

/// Sentry refuses what has other characters.
fn slug(text: &str) -> String {
    let fitting = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() || c == '_' => c,
        _ => '-',
    };
    text.chars().take(SLUG).map(fitting).collect()
}

fn config(monitor: &Monitor) -> Option<MonitorConfig> {
    Some(MonitorConfig {
        schedule: schedule(monitor.schedule.as_ref()?),
        checkin_margin: monitor.margin,
        max_runtime: monitor.max_runtime,
        timezone: monitor.timezone.as_deref().map(str::to_owned),
        failure_issue_threshold: monitor.failure_threshold,
        recovery_threshold: monitor.recovery_threshold,
    })
}

/// The crate's own check of crontabs refuses some that Sentry takes, such as `@daily` and `mon-fri`.
fn schedule(schedule: &MonitorSchedule) -> protocol::MonitorSchedule {
    match schedule {
        MonitorSchedule::Crontab(crontab) => {
            protocol::MonitorSchedule::Crontab { value: crontab.to_string() }
        }
        MonitorSchedule::Interval(value, unit) => {
            protocol::MonitorSchedule::Interval { value: *value, unit: self::unit(*unit) }
        }
    }
}

const fn unit(unit: ScheduleUnit) -> MonitorIntervalUnit {
    match unit {
        ScheduleUnit::Minute => MonitorIntervalUnit::Minute,
        ScheduleUnit::Hour => MonitorIntervalUnit::Hour,
        ScheduleUnit::Day => MonitorIntervalUnit::Day,
        ScheduleUnit::Week => MonitorIntervalUnit::Week,
        ScheduleUnit::Month => MonitorIntervalUnit::Month,
        ScheduleUnit::Year => MonitorIntervalUnit::Year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_become_what_sentry_takes() {
        assert_eq!(slug("nightly-report_2"), "nightly-report_2");
        assert_eq!(slug("Nightly Report/é"), "nightly-report--");
        assert_eq!(slug(&"x".repeat(80)).len(), SLUG);
    }
}
