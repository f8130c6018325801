use std::time::{Duration, SystemTime};

use crate::errors::Severity;
use crate::record::Text;

/// A rule that is broken, or isn't any more.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Alert {
    /// The rule's name.
    pub rule: Text,
    /// Whether it begins or ends.
    pub state: AlertState,
    /// How bad it is.
    pub severity: Severity,
    /// What is measured: a number, or milliseconds where a duration is. 0 for a new issue.
    pub value: f64,
    /// What the value is over, or has to come down to.
    pub threshold: f64,
    /// Over how long it is measured.
    pub window: Duration,
    /// What happened, in a sentence.
    pub summary: String,
    /// When it began.
    pub since: SystemTime,
    /// When this was found.
    pub timestamp: SystemTime,
    /// What the program runs in, such as `production`.
    pub environment: Option<Text>,
    /// The program's release.
    pub release: Option<Text>,
    /// Who says it: [`Alerts::with_source`](crate::alerts::Alerts::with_source).
    pub source: Text,
    /// The same for the beginning and the end of one alert, and for the same rule at its next time.
    pub key: String,
}

/// Whether an [`Alert`] begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// The rule is broken.
    Firing,
    /// It was, and isn't any more.
    Resolved,
}
