use std::fmt;
use std::time::Duration;

use crate::record::Text;

/// How all checks of a [`HealthRegistry`](crate::HealthRegistry) ended.
///
/// Ready for an HTTP handler: [`status_code`](Self::status_code) and [`to_json`](Self::to_json). With
/// the feature `serde` it serialises to the same JSON. Its `Display` is for people: a line a check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HealthReport {
    /// A report a check, in the order in which they were registered.
    pub checks: Vec<CheckReport>,
    /// How long all of them took together.
    pub duration: Duration,
}

/// How one check ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckReport {
    /// The check's name.
    pub name: Text,
    /// How it ended.
    pub status: CheckStatus,
    /// What it says, without secrets: the error's text, what a panic says, or what is well.
    pub detail: Option<String>,
    /// How long it took.
    pub duration: Duration,
}

/// Whether what a check looks at is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckStatus {
    /// It is.
    Healthy,
    /// It isn't.
    Unhealthy,
    /// There was no answer in time.
    TimedOut,
    /// The check panicked.
    Panicked,
}

impl CheckStatus {
    /// The status in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::TimedOut => "timed_out",
            Self::Panicked => "panicked",
        }
    }

    /// Whether it is [`CheckStatus::Healthy`].
    pub const fn is_healthy(self) -> bool {
        matches!(self, Self::Healthy)
    }
}

impl HealthReport {
    /// Whether all checks are healthy.
    pub fn is_healthy(&self) -> bool {
        self.checks.iter().all(|check| check.status.is_healthy())
    }

    /// The checks that aren't healthy.
    pub fn failed(&self) -> impl Iterator<Item = &CheckReport> {
        self.checks.iter().filter(|check| !check.status.is_healthy())
    }

    /// The report of one check.
    pub fn check(&self, name: &str) -> Option<&CheckReport> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// What an HTTP server answers: 200, or 503 if something isn't healthy.
    pub fn status_code(&self) -> u16 {
        if self.is_healthy() { 200 } else { 503 }
    }

    /// `healthy` or `unhealthy`.
    pub(super) fn status(&self) -> &'static str {
        if self.is_healthy() { "healthy" } else { "unhealthy" }
    }

    /// The report as JSON:
    ///
    /// ```text
    /// {"status":"unhealthy","duration_ms":12.5,"checks":[
    ///     {"name":"database","status":"unhealthy","duration_ms":12.5,"detail":"connection refused"}]}
    /// ```
    ///
    /// There is no `detail` where a check says nothing.
    pub fn to_json(&self) -> String {
        super::json::text(self)
    }
}

impl fmt::Display for HealthReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status())?;
        for check in &self.checks {
            write!(f, "\n  {}: {}", check.name, check.status.as_str())?;
            if let Some(detail) = &check.detail {
                write!(f, " ({detail})")?;
            }
            write!(f, ", {:?}", check.duration)?;
        }
        Ok(())
    }
}
