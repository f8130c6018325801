use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{EventId, Monitor, TraceId};

/// A word of a scheduled job: that a run begins, or how one ended.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CheckIn {
    /// The same for the begin and the end of a run.
    pub id: EventId,
    /// The job.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::shared"))]
    pub monitor: Arc<Monitor>,
    /// What there is to say.
    pub status: CheckInStatus,
    /// When it was said.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub timestamp: SystemTime,
    /// How long the run took, once it has ended.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::optional_nanos"))]
    pub duration: Option<Duration>,
    /// The trace in which the job runs; `None` outside of every span.
    pub trace_id: Option<TraceId>,
    /// Whether nothing else is said of this run.
    pub is_alone: bool,
}

/// What a check-in says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum CheckInStatus {
    /// The run begins.
    InProgress,
    /// The run went well.
    Ok,
    /// The run failed.
    Error,
}

impl CheckInStatus {
    /// Sentry's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for CheckInStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
