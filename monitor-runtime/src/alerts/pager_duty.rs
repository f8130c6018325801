//! What PagerDuty's Events API v2 takes:
//! <https://developer.pagerduty.com/docs/events-api-v2/trigger-events/>.

use serde_json::{Value, json};

use super::alert::{Alert, AlertState};
use crate::context::cut;
use crate::errors::Severity;
use crate::time_text::rfc3339;

/// Where events go.
pub(super) const URL: &str = "https://events.pagerduty.com/v2/enqueue";
/// Characters of a summary.
const MAX_SUMMARY: usize = 1024;
/// Characters of a key.
const MAX_KEY: usize = 255;

/// The event: of one alert the end has the key of the beginning.
pub(super) fn payload(alert: &Alert, routing_key: &str) -> Value {
    let action = match alert.state {
        AlertState::Firing => "trigger",
        AlertState::Resolved => "resolve",
    };
    json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": cut(&alert.key, MAX_KEY),
        "client": "monitor-runtime",
        "payload": {
            "summary": cut(&format!("{}: {}", alert.rule, alert.summary), MAX_SUMMARY),
            "source": alert.source,
            "severity": severity(alert.severity),
            "timestamp": rfc3339(alert.timestamp),
            "component": alert.rule,
            "class": "monitor alert",
            "custom_details": {
                "value": alert.value,
                "limit": alert.threshold,
                "window_seconds": alert.window.as_secs(),
                "environment": alert.environment,
                "release": alert.release,
            },
        },
    })
}

/// PagerDuty knows four.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "info",
        Severity::Medium => "warning",
        Severity::High => "error",
        Severity::Critical => "critical",
    }
}
