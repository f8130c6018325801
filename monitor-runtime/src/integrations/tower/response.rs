//! What is recorded of a response.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, Response, StatusCode};

use super::routes::UNKNOWN;
use crate::context::{Exit, current_span, scope};
use crate::rate_limit;
use crate::record::{Status, Value};

/// The outcome of a service.
pub(super) fn observe<B, E>(outcome: &Result<Response<B>, E>, exit: &mut Exit<'_>) {
    match outcome {
        Ok(response) => {
            current_span().set("http.response.status_code", response.status().as_u16());
            exit.set_status(status(response.status()));
        }
        // Of its type nothing is known.
        Err(_) => exit.set_status(Status::Error),
    }
}

/// The same, and an alert of each user who comes too often.
pub(super) fn observe_and_alert<B, E>(outcome: &Result<Response<B>, E>, exit: &mut Exit<'_>) {
    observe(outcome, exit);
    if let Ok(response) = outcome
        && response.status() == StatusCode::TOO_MANY_REQUESTS
    {
        alert(response.headers());
    }
}

fn alert(headers: &HeaderMap) {
    let scope = scope::current();
    let user = scope.as_ref().and_then(|scope| scope.user()).and_then(|user| user.id.clone());
    let endpoint = scope.as_ref().and_then(|scope| scope.tag("path")).unwrap_or(UNKNOWN);
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let limit = number("ratelimit-limit").or_else(|| number("x-ratelimit-limit"));
    let window = number(RETRY_AFTER.as_str()).map(Duration::from_secs);
    let user = user.map_or(Value::Null, Value::from);
    rate_limit::report(user, &endpoint, limit, window);
}

/// The status of a transaction with this answer: gRPC's names for those of HTTP, as Sentry has them.
fn status(code: StatusCode) -> Status {
    match code.as_u16() {
        ..400 => Status::Ok,
        401 => Status::Unauthenticated,
        403 => Status::PermissionDenied,
        404 => Status::NotFound,
        409 => Status::AlreadyExists,
        429 => Status::ResourceExhausted,
        499 => Status::Cancelled,
        400..500 => Status::InvalidArgument,
        501 => Status::Unimplemented,
        503 => Status::Unavailable,
        504 => Status::DeadlineExceeded,
        500.. => Status::Error,
    }
}
