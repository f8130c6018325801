//! Metrics whose names the program makes when it runs.

use std::time::Duration;

use super::hub_metrics::is_on;
use super::instrument::{Label, Named};
use super::number::{Count, Measure};
use crate::context::seen::FieldValue;
use crate::record::{MetricKind, Value};

/// Counts. [`count!`](crate::count!) is quicker, where the name stands in the program's text.
///
/// ```
/// use monitor_runtime::metrics;
///
/// # let queue = "mail";
/// metrics::count(&format!("{queue}.sent"), 1, &[("retry", false.into())]);
/// ```
pub fn count(name: &str, count: impl Count, attributes: &[(&str, Value)]) {
    record(MetricKind::Counter, name, None, count.count(), attributes);
}

/// Sets a gauge; `unit` in Sentry's words, such as `byte`.
pub fn gauge(
    name: &str,
    unit: Option<&'static str>,
    value: impl Measure,
    attributes: &[(&str, Value)],
) {
    record(MetricKind::Gauge, name, unit, value.measure().to_bits(), attributes);
}

/// Adds a value to a distribution; `unit` in Sentry's words, such as `byte`.
pub fn distribution(
    name: &str,
    unit: Option<&'static str>,
    value: impl Measure,
    attributes: &[(&str, Value)],
) {
    record(MetricKind::Distribution, name, unit, value.measure().to_bits(), attributes);
}

/// Adds a duration to a distribution of milliseconds.
pub fn timing(name: &str, duration: Duration, attributes: &[(&str, Value)]) {
    let millis = (duration.as_secs_f64() * 1000.0).to_bits();
    record(MetricKind::Distribution, name, Some(MILLISECOND), millis, attributes);
}

/// Sentry's word for it.
pub(super) const MILLISECOND: &str = "millisecond";

fn record(
    kind: MetricKind,
    name: &str,
    unit: Option<&'static str>,
    bits: u64,
    attributes: &[(&str, Value)],
) {
    if is_on() {
        let labels: Vec<Label<'_>> =
            attributes.iter().map(|(key, value)| (*key, FieldValue::of(value))).collect();
        let named = Named { kind, name, unit };
        named.record(named.key(), bits, &labels);
    }
}
