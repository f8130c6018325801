use super::latency::Latency;
use super::slowest::Slowest;
use super::tier::PerformanceTier;
use crate::callsite::Callsite;
use crate::hub::Hub;
use crate::record::{Attributes, Event, Text, Value};

/// A function that takes longer than it used to.
///
/// [`Config::with_baselines`](crate::Config::with_baselines) says when something is one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Anomaly {
    /// The function.
    pub callsite: &'static Callsite,
    /// How long its calls took in the last window.
    pub observed: Latency,
    /// How long they took before: its moving baseline.
    pub baseline: Latency,
    /// By what the geometric mean or the p95 is a multiple of the baseline's, whichever is more.
    pub factor: f64,
    /// The tier that the observed p95 has beside the baseline.
    pub tier: PerformanceTier,
    slowest: Slowest,
}

impl Anomaly {
    pub(super) fn new(
        callsite: &'static Callsite,
        observed: Latency,
        baseline: Latency,
        factor: f64,
        slowest: Slowest,
    ) -> Self {
        let tier = baseline.tier(observed.p95);
        Self { callsite, observed, baseline, factor, tier, slowest }
    }

    pub(super) fn event(&self, hub: &'static Hub) -> Event {
        let mut values = describe(self.callsite);
        values.push(("factor".into(), hundredths(self.factor).into()));
        values.push(("tier".into(), self.tier.as_str().into()));
        values.extend(quantiles("", &self.observed));
        values.extend(quantiles("baseline_", &self.baseline));
        let message = format!("Performance anomaly detected: {}", self.callsite.name());
        let mut event = super::event(hub, self.callsite, message, &self.slowest);
        event.tags.push(("performance_tier".into(), self.tier.as_str().to_owned()));
        event.fingerprint = fingerprint("performance-anomaly", self.callsite);
        event.contexts.push(("performance_anomaly".into(), values));
        event
    }
}

/// What an event says of a function.
pub(super) fn describe(site: &'static Callsite) -> Attributes {
    vec![
        ("name".into(), site.name().into()),
        ("module".into(), site.module().into()),
        ("op".into(), site.op().into()),
    ]
}

/// What an event says of latencies.
pub(super) fn quantiles(prefix: &str, latency: &Latency) -> [(Text, Value); 4] {
    let millis = |duration: std::time::Duration| hundredths(duration.as_secs_f64() * 1e5) / 100.0;
    [
        ("count", Value::from(latency.count)),
        ("p50_ms", millis(latency.p50).into()),
        ("p95_ms", millis(latency.p95).into()),
        ("p99_ms", millis(latency.p99).into()),
    ]
    .map(|(key, value)| (format!("{prefix}{key}").into(), value))
}

pub(super) fn fingerprint(kind: &'static str, site: &'static Callsite) -> Vec<Text> {
    vec![kind.into(), site.module().into(), site.name().into()]
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
