//! The event of a run in which something isn't healthy.

use super::report::{CheckReport, HealthReport};
use crate::context::send_message;
use crate::record::{Attributes, Level, Value};

/// Checks that the context has; further ones are counted.
const MAX_CHECKS: usize = 64;

/// One event with all checks, if one of them failed.
pub(super) fn report(report: &HealthReport) {
    if report.is_healthy() {
        return;
    }
    let context = ("health_check", context(report));
    send_message("health_check", Level::Error, "Health check failed", context);
}

fn context(report: &HealthReport) -> Attributes {
    let failed: Vec<Value> = report.failed().map(|check| check.name.clone().into()).collect();
    let mut context =
        vec![("status".into(), report.status().into()), ("failed".into(), Value::List(failed))];
    let shown = report.checks.iter().take(MAX_CHECKS);
    context.extend(shown.map(|check| (check.name.clone(), Value::Map(described(check)))));
    let more = report.checks.len().saturating_sub(MAX_CHECKS) as u64;
    context.extend((more > 0).then(|| ("more".into(), more.into())));
    context
}

fn described(check: &CheckReport) -> Attributes {
    let took = check.duration.as_secs_f64() * 1000.0;
    let mut described =
        vec![("status".into(), check.status.as_str().into()), ("duration_ms".into(), took.into())];
    described.extend(check.detail.clone().map(|detail| ("detail".into(), detail.into())));
    described
}
