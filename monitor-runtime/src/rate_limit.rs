//! Users who do something too often.

use std::fmt::Display;
use std::time::Duration;

use crate::context::{MAX_TAG, bounded, send_message};
use crate::record::{EventId, Level, Value};

/// Says that a user was refused because of a rate limit: the warning `Rate limit exceeded`, whose
/// context `rate_limit` has `userId`, `endpoint`, `limit` and `window`.
///
/// `limit` is the number of requests in a window; `window` is recorded in seconds. Returns the event's
/// id, or `None` where nothing is recorded.
///
/// It is for a limit that the program holds its users to. The tower layer does it for answers with
/// status 429: see `MonitorLayer::with_rate_limit_alerts`.
///
/// ```
/// use std::time::Duration;
///
/// monitor_runtime::rate_limit_exceeded(42, "/v1/chat", 100, Duration::from_secs(60));
/// ```
pub fn rate_limit_exceeded(
    user: impl Display,
    endpoint: impl Display,
    limit: u64,
    window: Duration,
) -> Option<EventId> {
    let user = bounded(&user, MAX_TAG).into();
    report(user, &endpoint, Some(limit), Some(window))
}

/// The same where not all is known.
pub(crate) fn report(
    user: Value,
    endpoint: &dyn Display,
    limit: Option<u64>,
    window: Option<Duration>,
) -> Option<EventId> {
    let endpoint = bounded(endpoint, MAX_TAG);
    let context = vec![
        ("userId".into(), user),
        ("endpoint".into(), endpoint.into()),
        ("limit".into(), limit.map_or(Value::Null, Value::from)),
        ("window".into(), window.map_or(Value::Null, seconds)),
    ];
    let context = ("rate_limit", context);
    send_message("rate_limit", Level::Warning, "Rate limit exceeded", context)
}

/// Whole seconds as a whole number.
fn seconds(window: Duration) -> Value {
    if window.subsec_nanos() == 0 { window.as_secs().into() } else { window.as_secs_f64().into() }
}
