use std::time::SystemTime;

use super::{Attributes, Level, Value, value::Text};

/// One step on the way to an error; the last 100 of a scope go out with it.
///
/// ```
/// use monitor_runtime::{Breadcrumb, Level};
///
/// monitor_runtime::add_breadcrumb(
///     Breadcrumb::new("auth", "token refreshed").with_level(Level::Debug).with("attempt", 2),
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Breadcrumb {
    /// When it happened.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub timestamp: SystemTime,
    /// What it belongs to, such as `query`, `auth`, `command`.
    pub category: Text,
    /// What happened.
    pub message: Text,
    /// How serious it is.
    pub level: Level,
    /// Anything else.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::map"))]
    pub data: Attributes,
}

impl Breadcrumb {
    /// A breadcrumb of this moment, at level [`Level::Info`].
    pub fn new(category: impl Into<Text>, message: impl Into<Text>) -> Self {
        Self {
            timestamp: crate::clock::wall_time(),
            category: category.into(),
            message: message.into(),
            level: Level::Info,
            data: Vec::new(),
        }
    }

    /// Sets the level.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Adds any other fact.
    #[must_use]
    pub fn with(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.data.push((key.into(), value.into()));
        self
    }
}
