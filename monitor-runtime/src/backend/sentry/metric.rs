//! Metrics as Sentry's `trace_metric` items.
//!
//! An item holds one value. A bucket of a distribution becomes an item with the mean of its values and
//! `sentry.client_sample_rate`, by which Sentry's ingestion weighs an item as 1/rate of them
//! (`extract_client_sample_rate` in getsentry/relay, `processing/trace_metrics/store.rs`): so count,
//! sum and mean are exact there, and quantiles as exact as here.

use std::borrow::Cow;

use sentry_core::ClientOptions;
use sentry_core::protocol::{LogAttribute, Map, Metric, MetricType, TraceId, Unit, Value};

use super::convert;
use super::sdk::{NAME, VERSION};
use crate::record::{self, MetricValue};

/// Items of one envelope: what sentry-python sends at most.
pub(super) const BATCH: usize = 1000;
/// Items of one distribution: past it the lowest buckets are put together, and high quantiles stay.
const MAX_BUCKETS: usize = 64;
/// How many values an item stands for, as its inverse.
const SAMPLE_RATE: &str = "sentry.client_sample_rate";

type Attributes = Map<Cow<'static, str>, LogAttribute>;

/// All items. They belong to no trace of the program; the form asks for an id.
pub(super) fn build(metrics: &[record::Metric], options: &ClientOptions) -> Vec<Metric> {
    let trace_id = convert::trace_id(crate::context::new_trace_id());
    let common = common(options);
    metrics.iter().flat_map(|metric| items(metric, &common, trace_id)).collect()
}

fn items(metric: &record::Metric, common: &Attributes, trace_id: TraceId) -> Vec<Metric> {
    let mut attributes = common.clone();
    for (key, value) in &metric.attributes {
        attributes.insert(Cow::Owned(key.to_string()), LogAttribute(convert::json(value)));
    }
    let item = |kind, value, attributes| Metric {
        r#type: kind,
        name: Cow::Owned(metric.name.to_string()),
        value,
        timestamp: convert::time(metric.timestamp),
        trace_id,
        span_id: None,
        unit: metric.unit.as_deref().map(|unit| Unit::from(unit.to_owned())),
        attributes,
    };
    match &metric.value {
        #[expect(clippy::cast_precision_loss, reason = "Sentry's values are floats")]
        MetricValue::Counter(count) => vec![item(MetricType::Counter, *count as f64, attributes)],
        MetricValue::Gauge(value) => vec![item(MetricType::Gauge, *value, attributes)],
        MetricValue::Distribution(values) => {
            let buckets = values.buckets(MAX_BUCKETS);
            let weighed = buckets.into_iter().map(|bucket| {
                let mut attributes = attributes.clone();
                if bucket.count > 1 {
                    #[expect(clippy::cast_precision_loss, reason = "Sentry's rates are floats")]
                    let rate = 1.0 / bucket.count as f64;
                    attributes.insert(Cow::Borrowed(SAMPLE_RATE), rate.into());
                }
                item(MetricType::Distribution, bucket.mean(), attributes)
            });
            weighed.collect()
        }
    }
}

/// What the specification wants on each metric.
fn common(options: &ClientOptions) -> Attributes {
    let mut attributes = Attributes::new();
    let mut set = |key: &'static str, value: Option<&str>| {
        if let Some(value) = value {
            attributes.insert(Cow::Borrowed(key), LogAttribute(Value::from(value)));
        }
    };
    set("sentry.environment", options.environment.as_deref());
    set("sentry.release", options.release.as_deref());
    set("server.address", options.server_name.as_deref());
    set("sentry.sdk.name", Some(NAME));
    set("sentry.sdk.version", Some(VERSION));
    attributes
}
