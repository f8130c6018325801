use std::time::Duration;

use crate::errors::Severity;
use crate::record::Text;

const MINUTE: Duration = Duration::from_secs(60);
/// Values without which a percentile says nothing.
const MIN_VALUES: u64 = 20;
/// A value must come down to this share of its limit before an alert ends, so that one that wavers
/// about the limit is one alert.
const RESOLVE_AT: f64 = 0.8;

/// What must not happen: one rule of [`Alerts`](crate::alerts::Alerts).
///
/// It is broken once its value is over the limit. That is one alert, until the value has been at or
/// below 80 % of the limit for a minute: see [`with_resolve_at`](Self::with_resolve_at) and
/// [`with_quiet_time`](Self::with_quiet_time).
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::alerts::AlertRule;
///
/// let minute = Duration::from_secs(60);
/// AlertRule::count("many refunds", "business.refund", 5, minute).with_attribute("plan", "pro");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a rule does nothing until it is among the `Alerts` of a config"]
pub struct AlertRule {
    pub(super) name: Text,
    /// Added up, where there are several.
    pub(super) metrics: Vec<Text>,
    pub(super) attributes: Vec<(Text, Text)>,
    pub(super) condition: Condition,
    pub(super) window: Duration,
    pub(super) severity: Severity,
    pub(super) resolve_at: Option<f64>,
    pub(super) quiet: Duration,
}

/// When a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Condition {
    /// More than so many within the window.
    Count { above: f64 },
    /// A quantile of the values within the window is over so much.
    Quantile { share: f64, above: f64, at_least: u64 },
    /// Any value within the window is over so much.
    Longest { above: f64 },
    /// So many times as many as in a mean window before, and more than so many.
    Spike { factor: f64, above: f64 },
    /// An error of a kind that the process hasn't seen.
    NewIssue,
    /// An error that was resolved: Sentry knows that, the process doesn't.
    Regression,
}

/// Makes a rule.
impl AlertRule {
    /// Broken by more than `above` counts of a metric within `window`.
    pub fn count(
        name: impl Into<Text>,
        metric: impl Into<Text>,
        above: u64,
        window: Duration,
    ) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no limit has 2^53")]
        let above = above as f64;
        Self::new(name, vec![metric.into()], Condition::Count { above }, window)
    }

    /// Broken while a quantile of a metric of durations, such as 0.95, is over `above` within
    /// `window`. Fewer than 20 values say nothing.
    pub fn quantile(
        name: impl Into<Text>,
        metric: impl Into<Text>,
        share: f64,
        above: Duration,
        window: Duration,
    ) -> Self {
        let condition = Condition::Quantile { share, above: millis(above), at_least: MIN_VALUES };
        Self::new(name, vec![metric.into()], condition, window)
    }

    /// Broken by one duration of a metric over `above`.
    pub fn longest(name: impl Into<Text>, metric: impl Into<Text>, above: Duration) -> Self {
        let condition = Condition::Longest { above: millis(above) };
        Self::new(name, vec![metric.into()], condition, MINUTE)
    }

    /// Broken by more than `above` counts of a metric within `window`, if that is more than `factor`
    /// times the mean of the six windows before.
    pub fn spike(
        name: impl Into<Text>,
        metric: impl Into<Text>,
        factor: f64,
        above: u64,
        window: Duration,
    ) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no limit has 2^53")]
        let above = above as f64;
        Self::new(name, vec![metric.into()], Condition::Spike { factor, above }, window)
    }

    /// Broken by an error with a fingerprint, or of a type and a place, that the process hasn't seen
    /// before: of the last 10,000.
    pub fn new_issue(name: impl Into<Text>) -> Self {
        Self::new(name, Vec::new(), Condition::NewIssue, Duration::ZERO)
    }

    /// Broken by an error that was resolved in Sentry. Only Sentry can know that: the rule does
    /// nothing in the process, and is among those for Sentry's API.
    pub fn regression(name: impl Into<Text>) -> Self {
        Self::new(name, Vec::new(), Condition::Regression, Duration::ZERO)
    }

    fn new(
        name: impl Into<Text>,
        metrics: Vec<Text>,
        condition: Condition,
        window: Duration,
    ) -> Self {
        Self {
            name: name.into(),
            metrics,
            attributes: Vec::new(),
            condition,
            window: window.max(Duration::from_secs(1)),
            severity: Severity::High,
            resolve_at: None,
            quiet: MINUTE,
        }
    }
}

/// What else can be said.
impl AlertRule {
    /// Adds another metric of the same kind to what is looked at.
    pub fn or_metric(mut self, metric: impl Into<Text>) -> Self {
        self.metrics.push(metric.into());
        self
    }

    /// Looks only at what has this attribute. Given several times for one key, any of the values
    /// will do.
    pub fn with_attribute(mut self, key: impl Into<Text>, value: impl Into<Text>) -> Self {
        self.attributes.push((key.into(), value.into()));
        self
    }

    /// Sets how bad it is. Default: [`Severity::High`].
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets what the value must come down to before the alert ends: a count, or milliseconds.
    /// Default: 80 % of the limit.
    pub fn with_resolve_at(mut self, value: f64) -> Self {
        self.resolve_at = Some(value);
        self
    }

    /// Sets for how long the value must have stayed down before the alert ends. Default: a minute.
    pub fn with_quiet_time(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }

    /// The rule's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn resolve_at(&self, threshold: f64) -> f64 {
        self.resolve_at.unwrap_or(threshold * RESOLVE_AT).min(threshold)
    }

    /// The limit as far as it is known before anything happens.
    pub(super) const fn threshold(&self) -> f64 {
        match self.condition {
            Condition::Count { above }
            | Condition::Quantile { above, .. }
            | Condition::Longest { above }
            | Condition::Spike { above, .. } => above,
            Condition::NewIssue | Condition::Regression => 0.0,
        }
    }

    /// Whether a series of this name and with these attributes is looked at.
    pub(super) fn is_about<'a>(
        &self,
        name: &str,
        attribute: impl Fn(&str) -> Option<&'a crate::record::Value>,
    ) -> bool {
        let has = |key: &str| {
            let is = |value: &str| attribute(key).is_some_and(|given| given.to_string() == value);
            self.attributes.iter().any(|(known, value)| known == key && is(value))
        };
        self.metrics.iter().any(|metric| metric == name)
            && self.attributes.iter().all(|(key, _)| has(key))
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
