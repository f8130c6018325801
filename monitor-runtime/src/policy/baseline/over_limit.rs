use std::time::Duration;

use super::anomaly::{describe, fingerprint, quantiles};
use super::latency::Latency;
use super::slowest::Slowest;
use crate::callsite::Callsite;
use crate::hub::Hub;
use crate::record::Event;

/// A database function whose p95 is over the limit, whatever it used to be.
pub(super) struct OverLimit {
    pub(super) site: &'static Callsite,
    pub(super) observed: Latency,
    pub(super) limit: Duration,
    pub(super) slowest: Slowest,
}

impl OverLimit {
    pub(super) fn event(&self, hub: &'static Hub) -> Event {
        let mut values = describe(self.site);
        values.push(("limit_ms".into(), (self.limit.as_secs_f64() * 1e3).into()));
        values.extend(quantiles("", &self.observed));
        let message = format!("Database p95 over {:?}: {}", self.limit, self.site.name());
        let mut event = super::event(hub, self.site, message, &self.slowest);
        event.fingerprint = fingerprint("database-p95", self.site);
        event.contexts.push(("database_latency".into(), values));
        event
    }
}
