use std::time::SystemTime;

use super::distribution::Distribution;
use super::value::{Attributes, Text, Value};

/// What was counted or measured under one name and one set of attributes, since the last time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Metric {
    /// The metric's name, with dots between its parts: `commands.executed`.
    pub name: Text,
    /// In what the value is measured, in Sentry's words: `millisecond`, `byte`. Counters have none.
    pub unit: Option<Text>,
    /// What tells it from others of the name, in the order of their keys.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::map"))]
    pub attributes: Attributes,
    /// The value.
    pub value: MetricValue,
    /// When this began to be counted: the time of the last report.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub since: SystemTime,
    /// When the counting ended.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub timestamp: SystemTime,
}

/// The value of a [`Metric`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum MetricValue {
    /// How much was counted.
    Counter(u64),
    /// The last value that was set.
    Gauge(f64),
    /// How the measured values are distributed.
    Distribution(Distribution),
}

/// The kinds of metrics, which are Sentry's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MetricKind {
    /// Only goes up.
    Counter,
    /// Goes up and down; the last value counts.
    Gauge,
    /// Many values, of which the spread is asked for.
    Distribution,
}

impl Metric {
    /// The metric's kind.
    pub const fn kind(&self) -> MetricKind {
        match self.value {
            MetricValue::Counter(_) => MetricKind::Counter,
            MetricValue::Gauge(_) => MetricKind::Gauge,
            MetricValue::Distribution(_) => MetricKind::Distribution,
        }
    }

    /// The value of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// How much was counted; 0 for other kinds.
    pub const fn count(&self) -> u64 {
        match &self.value {
            MetricValue::Counter(count) => *count,
            _ => 0,
        }
    }

    /// The last value; `None` for other kinds.
    pub const fn gauge(&self) -> Option<f64> {
        match &self.value {
            MetricValue::Gauge(value) => Some(*value),
            _ => None,
        }
    }

    /// The measured values; `None` for other kinds.
    pub const fn distribution(&self) -> Option<&Distribution> {
        match &self.value {
            MetricValue::Distribution(values) => Some(values),
            _ => None,
        }
    }
}

impl MetricValue {
    /// Takes in what was recorded after this, of the same kind.
    pub(crate) fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Counter(count), Self::Counter(more)) => *count = count.saturating_add(more),
            (Self::Distribution(values), Self::Distribution(more)) => values.merge(&more),
            (value, later) => *value = later,
        }
    }
}
