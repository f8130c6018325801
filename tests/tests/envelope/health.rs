//! Health checks as Sentry receives them.

use monitor_runtime::{HealthCheck, HealthRegistry};
use serde_json::json;

use crate::Monitored;

#[test]
fn one_event_has_what_each_check_says() {
    let monitored = Monitored::start();
    let registry = HealthRegistry::new()
        .with(HealthCheck::blocking("database", || Err::<(), _>("connection refused")))
        .with(HealthCheck::blocking("ai provider", || true));
    assert_eq!(registry.run_blocking().status_code(), 503);
    let event = monitored.only("event");
    assert_eq!(event["message"], "Health check failed");
    // Sentry's types leave it out where it is `error`.
    assert_eq!(event.get("level"), None);
    let context = &event["contexts"]["health_check"];
    assert_eq!(context["status"], "unhealthy");
    assert_eq!(context["failed"], json!(["database"]));
    assert_eq!(context["database"]["detail"], "connection refused");
    assert_eq!(context["ai provider"]["status"], "healthy");
}
