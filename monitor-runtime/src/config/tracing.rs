//! Sampling and distributed tracing.

use std::sync::Arc;

use super::Config;
use crate::config_error::ConfigError;
use crate::sampling::{Sampler, SamplingContext, Strategy, TailSampling};
use crate::settings::Settings;

/// Which traces are recorded, and how they go on in other services.
impl Config {
    /// Sets rates by op and name, for traces that begin in this process.
    pub fn with_sampler(mut self, sampler: Sampler) -> Self {
        self.settings.tracing.strategy = Strategy::Table(Arc::new(sampler));
        self
    }

    /// Sets a function that gives each root's rate, from 0 to 1. It is asked first, also for a
    /// trace that another service began: [`SamplingContext::inherited_rate`] keeps that service's
    /// decision. It runs on the thread of the root, once a root; if it panics or gives no rate,
    /// the trace isn't sampled.
    ///
    /// ```
    /// use monitor_runtime::Config;
    ///
    /// let config = Config::new().with_traces_sampler(|root| match root.name {
    ///     "health" => 0.0,
    ///     _ => root.inherited_rate(),
    /// });
    /// ```
    pub fn with_traces_sampler(
        mut self,
        sampler: impl Fn(&SamplingContext<'_>) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.settings.tracing.strategy = Strategy::Function(Arc::new(sampler));
        self
    }

    /// Keeps traces that weren't sampled and went wrong. Default: off, and without a cost.
    pub fn with_tail_sampling(mut self, tail: TailSampling) -> Self {
        self.settings.tracing.tail = Some(tail);
        self
    }

    /// Sets to which URLs [`trace_headers_for`](crate::trace_headers_for) gives headers: those
    /// that contain one of these texts. Default: all, as in Sentry's SDKs for servers.
    pub fn with_trace_propagation_targets<T: Into<String>>(
        mut self,
        targets: impl IntoIterator<Item = T>,
    ) -> Self {
        self.settings.tracing.targets = Some(targets.into_iter().map(Into::into).collect());
        self
    }

    /// Sets whether outgoing headers hold W3C's `traceparent` and `tracestate` beside Sentry's.
    /// Default: yes.
    pub fn with_traceparent(mut self, send: bool) -> Self {
        self.settings.tracing.traceparent = send;
        self
    }

    /// Sets whether a trace is continued only if caller and callee are known to be of the same
    /// organisation. Default: no; then a trace is begun anew only if the two are known to differ.
    pub fn with_strict_trace_continuation(mut self, strict: bool) -> Self {
        self.settings.tracing.strict_continuation = strict;
        self
    }

    /// Sets the organisation's id. Default: that in the DSN's host, such as `o123.`.
    pub fn with_org_id(mut self, org_id: u64) -> Self {
        self.settings.tracing.identity.org_id = Some(org_id);
        self
    }

    pub(super) fn check_tracing(&self, problems: &mut ConfigError) {
        if let Strategy::Table(sampler) = &self.settings.tracing.strategy {
            sampler.problems().for_each(|problem| problems.add(problem));
        }
    }

    /// What the hub is to go by.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = self.settings.clone();
        settings.traces_sample_rate = self.effective_rate();
        settings.capture_panics = self.capture_panics.unwrap_or(false);
        let identity = &mut settings.tracing.identity;
        identity.environment = Some(self.environment.clone());
        identity.release.clone_from(&self.release);
        if let Some(dsn) = &self.dsn {
            identity.read_dsn(dsn);
        }
        settings
    }
}
