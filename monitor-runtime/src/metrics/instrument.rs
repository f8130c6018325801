use std::sync::atomic::{AtomicU64, Ordering};

use super::hashed::Key;
use super::hub_metrics::is_on;
use super::registry::{Asked, Found};
use crate::collect::{Header, METRIC, METRIC_WORDS, Plain};
use crate::context::local::{self, Local};
use crate::context::seen::FieldValue;
use crate::context::with_text;
use crate::hub::Hub;
use crate::record::{Attributes, MetricKind, Status};

/// Bytes of an attribute's text: what Sentry takes of a tag.
const MAX_TEXT: usize = 200;

/// An attribute of a metric.
pub(crate) type Label<'a> = (&'a str, FieldValue<'a>);

/// The static of one `count!`, `gauge!`, `distribution!` or `timing!`.
#[derive(Debug)]
pub struct Instrument {
    kind: MetricKind,
    name: &'static str,
    unit: Option<&'static str>,
    /// Of kind and name; 0 until it is first used.
    key: AtomicU64,
}

/// A metric whose name the program makes when it runs.
pub(crate) struct Named<'a> {
    pub(crate) kind: MetricKind,
    pub(crate) name: &'a str,
    pub(crate) unit: Option<&'static str>,
}

#[doc(hidden)]
impl Instrument {
    /// A counter.
    #[must_use]
    pub const fn counter(name: &'static str) -> Self {
        Self { kind: MetricKind::Counter, name, unit: None, key: AtomicU64::new(0) }
    }

    /// A gauge.
    #[must_use]
    pub const fn gauge(name: &'static str, unit: Option<&'static str>) -> Self {
        Self { kind: MetricKind::Gauge, name, unit, key: AtomicU64::new(0) }
    }

    /// A distribution.
    #[must_use]
    pub const fn distribution(name: &'static str, unit: Option<&'static str>) -> Self {
        Self { kind: MetricKind::Distribution, name, unit, key: AtomicU64::new(0) }
    }

    /// Whether there is anybody to record for.
    #[inline]
    pub fn is_on(&self) -> bool {
        is_on()
    }

    /// Counts.
    #[inline]
    pub fn add(&self, count: u64, labels: &[(&str, FieldValue<'_>)]) {
        self.named().record(self.key(), count, labels);
    }

    /// Sets or measures a value.
    #[inline]
    pub fn value(&self, value: f64, labels: &[(&str, FieldValue<'_>)]) {
        self.named().record(self.key(), value.to_bits(), labels);
    }

    const fn named(&self) -> Named<'_> {
        Named { kind: self.kind, name: self.name, unit: self.unit }
    }

    #[inline]
    fn key(&self) -> Key {
        match self.key.load(Ordering::Relaxed) {
            0 => {
                let key = self.named().key();
                self.key.store(key.0, Ordering::Relaxed);
                key
            }
            known => Key(known),
        }
    }
}

impl Named<'_> {
    pub(super) fn key(&self) -> Key {
        Key::new(self.kind as u8, self.name)
    }

    /// Records a count, or the bits of a value, for whoever has no key at hand.
    pub(crate) fn record_bits(&self, bits: u64, labels: &[Label<'_>]) {
        self.record(self.key(), bits, labels);
    }

    /// Records a count, or the bits of a value.
    #[inline]
    pub(super) fn record(&self, key: Key, bits: u64, labels: &[Label<'_>]) {
        let key = labels.iter().fold(key, with_label);
        self.record_hashed(key, bits, || labels);
    }

    /// The same, where the labels are in the key already; `labels` runs only the first time.
    #[inline]
    pub(super) fn record_hashed<'a, L: AsRef<[Label<'a>]>>(
        &self,
        key: Key,
        bits: u64,
        labels: impl FnOnce() -> L,
    ) {
        local::with(|local| {
            let hub = Hub::current_number(local);
            if hub == 0 {
                return;
            }
            let key = key.with_word(u64::from(hub));
            match local.shard().and_then(|shard| shard.find(key)) {
                Some(entry) if self.kind == MetricKind::Counter => entry.add(bits),
                Some(entry) => write(local, entry.series(), bits),
                None => self.record_first(local, hub, key, bits, labels().as_ref()),
            }
        });
    }

    /// The first time of these attributes on this thread, or there are too many of them.
    #[cold]
    #[inline(never)]
    fn record_first(&self, local: &Local, hub: u32, key: Key, bits: u64, labels: &[Label<'_>]) {
        let Some(hub) = Hub::by_number(hub) else { return };
        let Some(metrics) = hub.metrics() else { return };
        let Self { kind, name, unit } = *self;
        let has_attributes = !labels.is_empty();
        let asked = Asked { key, kind, name, unit, has_attributes };
        let series = match metrics.registry().find(&asked, || attributes(labels)) {
            Found::TooMany => {
                hub.losses().metrics(1);
                return;
            }
            Found::Overflow(series) => {
                hub.losses().metric_overflow(1);
                write(local, series, bits);
                return;
            }
            Found::Series(series) => series,
        };
        match local.shard_or_new().and_then(|shard| shard.add(key, series)) {
            Some(entry) if kind == MetricKind::Counter => entry.add(bits),
            _ => write(local, series, bits),
        }
    }
}

/// The attributes as they are kept.
pub(super) fn attributes(labels: &[Label<'_>]) -> Attributes {
    let mut attributes = Attributes::new();
    for (key, value) in labels {
        let value = value.to_value(MAX_TEXT);
        // A later one of the same name wins, and what isn't there is no attribute.
        attributes.retain(|(known, _)| known != key);
        if value != crate::record::Value::Null {
            attributes.push(((*key).to_owned().into(), value));
        }
    }
    attributes
}

fn write(local: &Local, series: u32, bits: u64) {
    let header = Header::new(METRIC, Status::Ok, METRIC_WORDS, series);
    local.write([header.word(), bits]);
}

#[inline]
pub(super) fn with_label(key: Key, (name, value): &Label<'_>) -> Key {
    match value {
        FieldValue::Plain(plain) => key.with_plain(name, plain),
        FieldValue::Opaque(text) => key.with_plain(name, &Plain::Text(text)),
        FieldValue::Display(value) => {
            with_text(*value, MAX_TEXT, |text| key.with_plain(name, &Plain::Text(text)))
        }
        FieldValue::Debug(value) => with_text(&crate::context::AsDebug(*value), MAX_TEXT, |text| {
            key.with_plain(name, &Plain::Text(text))
        }),
    }
}
