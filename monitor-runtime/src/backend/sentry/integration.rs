use std::sync::Arc;

use sentry_core::protocol::Event;
use sentry_core::{ClientOptions, Integration};

use super::join;

/// Has what a program sends through Sentry's own functions join the trace and the scope that are
/// current: events, logs and metrics.
///
/// A client that this crate makes has it already. A program that calls `sentry::init` adds it to
/// its options; without it only its events join.
///
/// ```
/// # use sentry_core as sentry;
/// let options = sentry::ClientOptions::new()
///     .add_integration(monitor_runtime::SentryIntegration::new());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SentryIntegration;

impl SentryIntegration {
    /// The integration; it has no settings.
    pub const fn new() -> Self {
        Self
    }
}

impl Integration for SentryIntegration {
    fn name(&self) -> &'static str {
        "monitor"
    }

    /// The program's hooks run after ours, and see what is sent.
    fn setup(&self, options: &mut ClientOptions) {
        let before = options.before_send_log.take();
        options.before_send_log = Some(Arc::new(move |log| match &before {
            Some(before) => before(join::log(log)),
            None => Some(join::log(log)),
        }));
        let before = options.before_send_metric.take();
        options.before_send_metric = Some(Arc::new(move |metric| match &before {
            Some(before) => before(join::metric(metric)),
            None => Some(join::metric(metric)),
        }));
    }

    fn process_event(&self, event: Event<'static>, _: &ClientOptions) -> Option<Event<'static>> {
        join::event(event)
    }
}
