//! Reading of metrics.

use super::MockBackend;
use crate::record::{Metric, Value};

/// Metrics, which a config switches on: [`Config::with_metrics`](crate::Config::with_metrics).
impl MockBackend {
    /// The metrics as they were reported: those of one report after those of another, each in the
    /// order of their names. Asking for them is a report, too.
    pub fn metrics(&self) -> Vec<Metric> {
        self.read(|records| records.metrics.clone())
    }

    /// The one metric of this name, all reports together.
    ///
    /// # Panics
    /// When there is none, or it comes with several sets of attributes.
    #[track_caller]
    pub fn metric(&self, name: &str) -> Metric {
        let all = self.merged(name, &[]);
        self.one(&format!("metric named `{name}`"), all, |_| true)
    }

    /// The one metric of this name that has these attributes, all reports together. Values are
    /// compared as texts.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[track_caller]
    pub fn metric_with(&self, name: &str, attributes: &[(&str, &str)]) -> Metric {
        let what = format!("metric named `{name}` with {attributes:?}");
        self.one(&what, self.merged(name, attributes), |_| true)
    }

    /// How much was counted under this name, with all attributes together.
    pub fn metric_count(&self, name: &str) -> u64 {
        let metrics = self.metrics();
        metrics.iter().filter(|metric| metric.name == name).map(Metric::count).sum()
    }

    /// The metrics as text for people and for snapshot tests, all reports together and without the
    /// durations.
    pub fn metrics_snapshot(&self) -> String {
        let metrics = merge(self.metrics());
        metrics.iter().map(|metric| format!("{}\n", line(metric))).collect()
    }

    fn merged(&self, name: &str, attributes: &[(&str, &str)]) -> Vec<Metric> {
        let has = |metric: &Metric| {
            let is = |(key, value): &(&str, &str)| {
                metric.attribute(key).map(Value::to_string).as_deref() == Some(*value)
            };
            metric.name == name && attributes.iter().all(is)
        };
        merge(self.metrics().into_iter().filter(has).collect())
    }
}

/// Puts those together that differ in nothing but the report.
fn merge(metrics: Vec<Metric>) -> Vec<Metric> {
    let mut merged: Vec<Metric> = Vec::new();
    for metric in metrics {
        let same = merged.iter_mut().find(|known| {
            (&known.name, known.kind(), &known.attributes)
                == (&metric.name, metric.kind(), &metric.attributes)
        });
        match same {
            Some(known) => {
                known.timestamp = metric.timestamp;
                known.value.merge(metric.value);
            }
            None => merged.push(metric),
        }
    }
    merged
}

fn line(metric: &Metric) -> String {
    let attributes: Vec<_> =
        metric.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let value = match (metric.gauge(), metric.distribution()) {
        (Some(value), _) => format!("is {value}"),
        (_, Some(values)) => format!("measured {} times", values.count()),
        _ => format!("{}", metric.count()),
    };
    format!("{}{{{}}} {value}", metric.name, attributes.join(", "))
}
