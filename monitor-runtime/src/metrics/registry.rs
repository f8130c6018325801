use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::hashed::Key;
use super::series::{Identity, Series};
use crate::record::{Attributes, MetricKind, Text, Value};

/// Metrics that a hub may have; one more is one that makes up names as it goes.
const MAX_METRICS: usize = 1000;
/// What the series of all further sets of attributes is called: OpenTelemetry's name for it.
const OVERFLOW: &str = "otel.metric.overflow";

/// The series of a hub, found by their keys.
pub(super) struct Registry {
    hub: u32,
    max_attribute_sets: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_key: HashMap<u64, u32>,
    metrics: HashMap<(MetricKind, Text), OfMetric>,
}

#[derive(Default)]
struct OfMetric {
    /// Each with its attributes in the order of their keys.
    series: Vec<(Attributes, u32)>,
    overflow: Option<u32>,
    /// Entries of `by_key`; there may be several of a series, as attributes have no order.
    keys: usize,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Series(u32),
    /// The series of all sets of attributes that are too many.
    Overflow(u32),
    /// There are too many metrics.
    TooMany,
}

/// What a call says of its series.
pub(super) struct Asked<'a> {
    pub(super) key: Key,
    pub(super) kind: MetricKind,
    pub(super) name: &'a str,
    pub(super) unit: Option<&'static str>,
}

impl Registry {
    pub(super) fn new(hub: u32, max_attribute_sets: usize) -> Self {
        Self { hub, max_attribute_sets, known: Mutex::default() }
    }

    /// The series, which is made if need be. `attributes` runs only then, and outside of the lock.
    pub(super) fn find(&self, asked: &Asked<'_>, attributes: impl FnOnce() -> Attributes) -> Found {
        let quick = self.lock(|known| {
            if let Some(series) = known.by_key.get(&asked.key.0) {
                return Some(Found::Series(*series));
            }
            let full =
                self.is_full(known.metrics.get(&(asked.kind, asked.name.to_owned().into()))?);
            full.then(|| self.overflow(known, asked))
        });
        quick.unwrap_or_else(|| {
            let mut attributes = attributes();
            attributes.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.lock(|known| self.add(known, asked, attributes))
        })
    }

    fn is_full(&self, metric: &OfMetric) -> bool {
        // The one without attributes isn't counted. Orders of the same attributes are bounded, too.
        let sets = metric.series.iter().filter(|(attributes, _)| !attributes.is_empty()).count();
        sets >= self.max_attribute_sets || metric.keys >= 4 * self.max_attribute_sets
    }

    fn add(&self, known: &mut Known, asked: &Asked<'_>, attributes: Attributes) -> Found {
        let id = (asked.kind, Text::Owned(asked.name.to_owned()));
        if known.metrics.len() >= MAX_METRICS && !known.metrics.contains_key(&id) {
            return Found::TooMany;
        }
        let metric = known.metrics.entry(id).or_default();
        let same =
            metric.series.iter().find(|(of, _)| *of == attributes).map(|(_, series)| *series);
        if same.is_none() && !attributes.is_empty() && self.is_full(metric) {
            return self.overflow(known, asked);
        }
        let identity = Identity { name: asked.name.to_owned().into(), attributes };
        let made = || Series::add(self.hub, asked.kind, asked.unit, identity.clone());
        let Some(series) = same.or_else(made) else { return Found::TooMany };
        if same.is_none() {
            metric.series.push((identity.attributes, series));
        }
        metric.keys += 1;
        known.by_key.insert(asked.key.0, series);
        Found::Series(series)
    }

    fn overflow(&self, known: &mut Known, asked: &Asked<'_>) -> Found {
        let id = (asked.kind, Text::Owned(asked.name.to_owned()));
        let metric = known.metrics.entry(id).or_default();
        let identity = || Identity {
            name: asked.name.to_owned().into(),
            attributes: vec![(Text::Borrowed(OVERFLOW), Value::Bool(true))],
        };
        metric.overflow =
            metric.overflow.or_else(|| Series::add(self.hub, asked.kind, asked.unit, identity()));
        metric.overflow.map_or(Found::TooMany, Found::Overflow)
    }

    fn lock<T>(&self, f: impl FnOnce(&mut Known) -> T) -> T {
        f(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(registry: &Registry, name: &str, attributes: &[(&'static str, u64)]) -> Found {
        let key = attributes
            .iter()
            .fold(Key::new(0, name), |key, (name, value)| key.with_text(name).with_word(*value));
        let asked = Asked { key, kind: MetricKind::Counter, name, unit: None };
        registry.find(&asked, || {
            attributes.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
        })
    }

    #[test]
    fn the_order_of_attributes_makes_no_difference() {
        let registry = Registry::new(1, 10);
        let one = find(&registry, "m", &[("a", 1), ("b", 2)]);
        assert_eq!(one, find(&registry, "m", &[("b", 2), ("a", 1)]));
        assert_ne!(one, find(&registry, "m", &[("a", 2), ("b", 1)]));
        assert_ne!(one, find(&registry, "n", &[("a", 1), ("b", 2)]));
    }

    #[test]
    fn a_million_values_take_the_memory_of_the_bound() {
        let registry = Registry::new(1, 100);
        let mut overflown = 0;
        for value in 0..1_000_000 {
            overflown +=
                u64::from(matches!(find(&registry, "m", &[("user", value)]), Found::Overflow(_)));
        }
        assert_eq!(overflown, 1_000_000 - 100);
        registry.lock(|known| {
            assert_eq!(known.by_key.len(), 100);
            assert_eq!(known.metrics[&(MetricKind::Counter, "m".into())].series.len(), 100);
        });
        // One that is known stays itself, and none at all is no set too many.
        assert!(matches!(find(&registry, "m", &[("user", 7)]), Found::Series(_)));
        assert!(matches!(find(&registry, "m", &[]), Found::Series(_)));
    }

    #[test]
    fn names_are_bounded() {
        let registry = Registry::new(1, 100);
        let found: Vec<_> =
            (0..=MAX_METRICS).map(|n| find(&registry, &n.to_string(), &[])).collect();
        let too_many: Vec<_> = found.iter().filter(|found| **found == Found::TooMany).collect();
        assert_eq!(too_many.len(), 1);
    }
}
