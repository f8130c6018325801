use std::fmt;
use std::time::{Duration, SystemTime};

use super::EventId;

/// What is known of the session of a process: how healthy a release is goes by these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SessionUpdate {
    /// The same for all updates of a session.
    pub id: EventId,
    /// Updates before this one.
    pub sequence: u64,
    /// When the session began.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub started: SystemTime,
    /// When this was so.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub timestamp: SystemTime,
    /// How long the session took, once it has ended.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::optional_nanos"))]
    pub duration: Option<Duration>,
    /// How it goes.
    pub status: SessionStatus,
    /// Errors so far.
    pub errors: u64,
}

/// How a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SessionStatus {
    /// It goes on.
    Ok,
    /// It has ended as it should.
    Exited,
    /// It has ended with a panic, or an error that `main` returned.
    Crashed,
}

impl SessionStatus {
    /// Sentry's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Exited => "exited",
            Self::Crashed => "crashed",
        }
    }
}

impl fmt::Display for SessionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many requests that began in one minute ended how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SessionAggregate {
    /// The minute.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub started: SystemTime,
    /// Without an error.
    pub exited: u64,
    /// With an error, and no panic.
    pub errored: u64,
    /// With a panic.
    pub crashed: u64,
}
