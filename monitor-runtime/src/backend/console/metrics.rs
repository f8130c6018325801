use std::collections::BTreeMap;
use std::fmt::Write;

use super::paint::{Paint, plain};
use crate::record::{Metric, MetricValue};

/// Rows of the table; further metrics are only counted.
const MAX_ROWS: usize = 1000;

/// What was counted and measured, from the first report to the last.
#[derive(Default)]
pub(super) struct MetricTable {
    /// By name and attributes.
    rows: BTreeMap<(String, String), (MetricValue, Option<String>)>,
    left_out: u64,
}

impl MetricTable {
    pub(super) fn add(&mut self, metrics: &[Metric]) {
        for metric in metrics {
            let attributes: Vec<_> =
                metric.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let key = (plain(&metric.name).to_string(), plain(&attributes.join(" ")).to_string());
            if let Some((value, _)) = self.rows.get_mut(&key) {
                value.merge(metric.value.clone());
            } else if self.rows.len() < MAX_ROWS {
                let unit = metric.unit.as_deref().map(|unit| plain(unit).to_string());
                self.rows.insert(key, (metric.value.clone(), unit));
            } else {
                self.left_out += 1;
            }
        }
    }

    /// The table; nothing when there were no metrics.
    pub(super) fn draw(&self, paint: Paint) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let names = self.rows.keys().map(|(name, _)| name.chars().count());
        let name = names.chain(["metric".len()]).max().unwrap_or(0);
        let head = format!("{:name$}  {:>10}  attributes", "metric", "value");
        let mut out = format!("\n{}\n", paint.bold(&head));
        for ((metric, attributes), (value, unit)) in &self.rows {
            let line = match value {
                MetricValue::Counter(count) => format!("{metric:name$}  {count:>10}  {attributes}"),
                MetricValue::Gauge(value) => {
                    let unit = unit.as_deref().unwrap_or_default();
                    format!("{metric:name$}  {:>10}  {attributes} {unit}", short(*value))
                }
                MetricValue::Distribution(values) => {
                    let [p50, p95, p99] =
                        [0.5, 0.95, 0.99].map(|share| short(values.quantile(share)));
                    let unit = unit.as_deref().unwrap_or_default();
                    let count = values.count();
                    format!(
                        "{metric:name$}  {count:>10}  {attributes} p50 {p50}, p95 {p95}, p99 {p99} {unit}"
                    )
                }
            };
            let _ = writeln!(out, "{}", line.trim_end());
        }
        if self.left_out > 0 {
            let _ = writeln!(out, "{} more values of metrics are not in the table", self.left_out);
        }
        out
    }
}

/// Three digits are enough to look at.
fn short(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e9 {
        return format!("{value:.0}");
    }
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
