use std::collections::BTreeMap;
use std::time::SystemTime;

use super::series::Series;
use crate::policy::Pipeline;
use crate::record::{Distribution, Metric, MetricKind, MetricValue};

/// What came in since the last report, by series.
#[derive(Default)]
pub(super) struct Totals(BTreeMap<u32, MetricValue>);

impl Totals {
    /// Adds a count, or the bits of a value.
    pub(super) fn add(&mut self, number: u32, kind: MetricKind, bits: u64) {
        let value = self.0.entry(number).or_insert_with(|| match kind {
            MetricKind::Counter => MetricValue::Counter(0),
            MetricKind::Gauge => MetricValue::Gauge(0.0),
            MetricKind::Distribution => MetricValue::Distribution(Distribution::default()),
        });
        match value {
            MetricValue::Counter(count) => *count = count.saturating_add(bits),
            MetricValue::Gauge(last) => *last = f64::from_bits(bits),
            MetricValue::Distribution(values) => values.add(f64::from_bits(bits)),
        }
    }

    /// All of it as records, in the order of their names; it begins anew.
    pub(super) fn take(
        &mut self,
        policy: &Pipeline,
        (since, timestamp): (SystemTime, SystemTime),
    ) -> Vec<Metric> {
        let mut metrics: Vec<Metric> = std::mem::take(&mut self.0)
            .into_iter()
            .filter_map(|(number, value)| {
                let series = Series::by_number(number)?;
                let shown = series.scrubbed(policy).clone();
                let (name, attributes) = (shown.name, shown.attributes);
                let unit = series.unit.map(Into::into);
                Some(Metric { name, unit, attributes, value, since, timestamp })
            })
            .collect();
        metrics.sort_by_cached_key(|metric| (metric.name.clone(), metric.kind(), shown(metric)));
        // What differed in nothing but secrets is the same now.
        metrics.dedup_by(|later, earlier| {
            let same = (&later.name, later.kind()) == (&earlier.name, earlier.kind())
                && later.attributes == earlier.attributes;
            if same {
                let value = std::mem::replace(&mut later.value, MetricValue::Counter(0));
                earlier.value.merge(value);
            }
            same
        });
        metrics
    }
}

fn shown(metric: &Metric) -> String {
    metric.attributes.iter().map(|(key, value)| format!("{key}={value};")).collect()
}
