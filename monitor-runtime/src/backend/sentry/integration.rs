use std::sync::Arc;

use sentry_core::protocol::{Event, Log, Metric};
use sentry_core::{ClientOptions, Integration};

use super::{join, scrubbed};

/// Has what a program sends through Sentry's own functions join the trace and the scope that are
/// current: events, logs and metrics.
///
/// A client that this crate makes has it already, and takes secrets out of what is sent through it.
/// A program that calls `sentry::init` adds it to its options; without it only its events join. What
/// that client sends of the program's is the program's affair.
///
/// ```
/// # use sentry_core as sentry;
/// let options = sentry::ClientOptions::new()
///     .add_integration(monitor_runtime::SentryIntegration::new());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SentryIntegration {
    scrubs: bool,
}

impl SentryIntegration {
    /// The integration; it has no settings.
    pub const fn new() -> Self {
        Self { scrubs: false }
    }

    pub(super) const fn of_our_client() -> Self {
        Self { scrubs: true }
    }

    fn event(self, event: Event<'static>) -> Event<'static> {
        if self.scrubs { scrubbed::event(event) } else { event }
    }

    fn log(self, log: Log) -> Log {
        join::log(if self.scrubs { scrubbed::log(log) } else { log })
    }

    fn metric(self, metric: Metric) -> Metric {
        join::metric(if self.scrubs { scrubbed::metric(metric) } else { metric })
    }
}

impl Integration for SentryIntegration {
    fn name(&self) -> &'static str {
        "monitor"
    }

    /// The program's hooks run after ours, and see what is sent.
    fn setup(&self, options: &mut ClientOptions) {
        let this = *self;
        let before = options.before_send_log.take();
        options.before_send_log = Some(Arc::new(move |log| match &before {
            Some(before) => before(this.log(log)),
            None => Some(this.log(log)),
        }));
        let before = options.before_send_metric.take();
        options.before_send_metric = Some(Arc::new(move |metric| match &before {
            Some(before) => before(this.metric(metric)),
            None => Some(this.metric(metric)),
        }));
    }

    fn process_event(&self, event: Event<'static>, _: &ClientOptions) -> Option<Event<'static>> {
        match join::is_ours(&event) {
            true => Some(event),
            false => join::event(self.event(event)),
        }
    }
}
