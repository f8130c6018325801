//! The `metrics` crate's macros, delivered by us.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use ::metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata,
    SharedString, Unit,
};

use super::hashed;
use super::hub_metrics::is_on;
use super::instrument::{Label, Named};
use crate::collect::Plain;
use crate::context::seen::FieldValue;
use crate::record::MetricKind;

/// Handles that are kept; further ones are made at each call.
const MAX_HANDLES: usize = 10_000;

/// A recorder for the [`metrics`](::metrics) crate: what programs and libraries record by its macros
/// is recorded as by [`count!`](crate::count!), [`gauge!`](crate::gauge!) and
/// [`distribution!`](crate::distribution!). Needs the feature `metrics`, and
/// [`Config::with_metrics`](crate::Config::with_metrics).
///
/// ```
/// use monitor_runtime::{Config, MockBackend, metrics::Recorder};
///
/// let mock = MockBackend::install_with(Config::new().with_metrics(true));
/// ::metrics::with_local_recorder(&Recorder::new(), || {
///     ::metrics::counter!("orders.placed", "plan" => "pro").increment(2);
/// });
/// assert_eq!(mock.metric("orders.placed").count(), 2);
/// ```
///
/// For the whole process: `metrics::set_global_recorder(Recorder::new())`. Units are those that
/// `describe_histogram!` and `describe_gauge!` give. Gauges that are moved by `increment` begin at 0.
#[derive(Default)]
pub struct Recorder {
    handles: RwLock<HashMap<(MetricKind, Key), Arc<Handle>>>,
    units: RwLock<HashMap<KeyName, &'static str>>,
}

/// One metric with one set of labels.
struct Handle {
    kind: MetricKind,
    key: Key,
    unit: Option<&'static str>,
    hashed: hashed::Key,
    /// The last absolute count, or the bits of a gauge's value.
    last: AtomicU64,
}

impl Recorder {
    /// A recorder that knows no metric yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn handle(&self, kind: MetricKind, key: &Key) -> Arc<Handle> {
        let id = (kind, key.clone());
        let handles = self.handles.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = handles.get(&id) {
            return Arc::clone(known);
        }
        drop(handles);
        let units = self.units.read().unwrap_or_else(PoisonError::into_inner);
        let unit =
            units.iter().find(|(name, _)| name.as_str() == key.name()).map(|(_, unit)| *unit);
        drop(units);
        let made = Arc::new(Handle::new(kind, key.clone(), unit));
        let mut handles = self.handles.write().unwrap_or_else(PoisonError::into_inner);
        if handles.len() >= MAX_HANDLES {
            return made;
        }
        Arc::clone(handles.entry(id).or_insert(made))
    }

    fn describe(&self, name: KeyName, unit: Option<Unit>) {
        if let Some(unit) = unit.and_then(sentry_unit) {
            self.units.write().unwrap_or_else(PoisonError::into_inner).insert(name, unit);
        }
    }
}

impl ::metrics::Recorder for Recorder {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(name, unit);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(name, unit);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        match is_on() {
            true => Counter::from_arc(self.handle(MetricKind::Counter, key)),
            false => Counter::noop(),
        }
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        match is_on() {
            true => Gauge::from_arc(self.handle(MetricKind::Gauge, key)),
            false => Gauge::noop(),
        }
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        match is_on() {
            true => Histogram::from_arc(self.handle(MetricKind::Distribution, key)),
            false => Histogram::noop(),
        }
    }
}

impl Handle {
    fn new(kind: MetricKind, key: Key, unit: Option<&'static str>) -> Self {
        let named = Named { kind, name: key.name(), unit };
        let hashed = labels(&key).iter().fold(named.key(), super::instrument::with_label);
        Self { kind, unit, hashed, last: AtomicU64::new(0), key }
    }

    fn record(&self, bits: u64) {
        let named = Named { kind: self.kind, name: self.key.name(), unit: self.unit };
        named.record_hashed(self.hashed, bits, || labels(&self.key));
    }

    fn move_to(&self, value: impl Fn(f64) -> f64) {
        let moved = |bits: u64| Some(value(f64::from_bits(bits)).to_bits());
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
        let before = before.unwrap_or_else(|bits| bits);
        self.record(value(f64::from_bits(before)).to_bits());
    }
}

impl CounterFn for Handle {
    fn increment(&self, value: u64) {
        self.record(value);
    }

    fn absolute(&self, value: u64) {
        let before = self.last.fetch_max(value, Ordering::Relaxed);
        self.record(value.saturating_sub(before));
    }
}

impl GaugeFn for Handle {
    fn increment(&self, value: f64) {
        self.move_to(|before| before + value);
    }

    fn decrement(&self, value: f64) {
        self.move_to(|before| before - value);
    }

    fn set(&self, value: f64) {
        self.move_to(|_| value);
    }
}

impl HistogramFn for Handle {
    fn record(&self, value: f64) {
        self.record(value.to_bits());
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

fn labels(key: &Key) -> Vec<Label<'_>> {
    let plain = |text| FieldValue::Plain(Plain::Text(text));
    key.labels().map(|label| (label.key(), plain(label.value()))).collect()
}

/// Sentry's word.
fn sentry_unit(unit: Unit) -> Option<&'static str> {
    Some(match unit {
        Unit::Percent => "percent",
        Unit::Seconds => "second",
        Unit::Milliseconds => "millisecond",
        Unit::Microseconds => "microsecond",
        Unit::Nanoseconds => "nanosecond",
        Unit::Tebibytes => "tebibyte",
        Unit::Gibibytes => "gibibyte",
        Unit::Mebibytes => "mebibyte",
        Unit::Kibibytes => "kibibyte",
        Unit::Bytes => "byte",
        _ => return None,
    })
}
