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
    /// By kind, then by name.
    metrics: [HashMap<String, OfMetric>; 3],
}

#[derive(Default)]
struct OfMetric {
    /// Each with its attributes in the order of their keys.
    series: Vec<(Attributes, u32)>,
    overflow: Option<u32>,
    /// Sets of attributes; none at all isn't counted.
    sets: usize,
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
    pub(super) has_attributes: bool,
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
            let metric = known.metrics[asked.kind as usize].get_mut(asked.name)?;
            let too_many = asked.has_attributes && self.is_full(metric);
            too_many.then(|| self.overflow(metric, asked))
        });
        quick.unwrap_or_else(|| {
            let mut attributes = attributes();
            attributes.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.lock(|known| self.add(known, asked, attributes))
        })
    }

    fn is_full(&self, metric: &OfMetric) -> bool {
        // Orders of the same attributes are bounded, too.
        metric.sets >= self.max_attribute_sets || metric.keys >= 4 * self.max_attribute_sets
    }

    fn add(&self, known: &mut Known, asked: &Asked<'_>, attributes: Attributes) -> Found {
        let names: usize = known.metrics.iter().map(HashMap::len).sum();
        let of_kind = &mut known.metrics[asked.kind as usize];
        if names >= MAX_METRICS && !of_kind.contains_key(asked.name) {
            return Found::TooMany;
        }
        let metric = of_kind.entry(asked.name.to_owned()).or_default();
        let same =
            metric.series.iter().find(|(of, _)| *of == attributes).map(|(_, series)| *series);
        if same.is_none() && !attributes.is_empty() && self.is_full(metric) {
            return self.overflow(metric, asked);
        }
        let identity = Identity { name: asked.name.to_owned().into(), attributes };
        let made = || Series::add(self.hub, asked.kind, asked.unit, identity.clone());
        let Some(series) = same.or_else(made) else { return Found::TooMany };
        if same.is_none() {
            metric.sets += usize::from(!identity.attributes.is_empty());
            metric.series.push((identity.attributes, series));
        }
        metric.keys += 1;
        known.by_key.insert(asked.key.0, series);
        Found::Series(series)
    }

    fn overflow(&self, metric: &mut OfMetric, asked: &Asked<'_>) -> Found {
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
        let has_attributes = !attributes.is_empty();
        let asked = Asked { key, kind: MetricKind::Counter, name, unit: None, has_attributes };
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
            assert_eq!(known.metrics[MetricKind::Counter as usize]["m"].series.len(), 100);
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
