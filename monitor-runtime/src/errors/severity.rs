use std::fmt;

use crate::record::Level;

/// How bad an error is for those who run the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// Nobody needs to look.
    Low,
    /// Somebody should look in time.
    Medium,
    /// Users are harmed.
    High,
    /// The program can't do its work.
    Critical,
}

impl Severity {
    /// The name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level of an event of this severity, unless something else is said.
    pub const fn level(self) -> Level {
        match self {
            Self::Low => Level::Info,
            Self::Medium => Level::Warning,
            Self::High => Level::Error,
            Self::Critical => Level::Fatal,
        }
    }

    /// The severity of an event at this level, unless something else is said.
    pub const fn of(level: Level) -> Self {
        match level {
            Level::Debug | Level::Info => Self::Low,
            Level::Warning => Self::Medium,
            Level::Error => Self::High,
            Level::Fatal => Self::Critical,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
