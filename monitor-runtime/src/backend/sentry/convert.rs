//! The small values that events and transactions share, in Sentry's types.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sentry_core::protocol::{self, Context, Map};

use super::fit;
use crate::context::{Scope, bounded};
use crate::record::{Attributes, Breadcrumb, Level, SpanId, Status, Text, TraceId, User, Value};

pub(super) fn trace_id(id: TraceId) -> protocol::TraceId {
    id.to_bytes().into()
}

pub(super) fn span_id(id: SpanId) -> protocol::SpanId {
    id.to_bytes().into()
}

/// Sentry's types can't write a time before 1970: the whole payload would be lost with it.
pub(super) fn time(time: SystemTime) -> SystemTime {
    time.max(UNIX_EPOCH)
}

pub(super) fn end(start: SystemTime, duration: Duration) -> SystemTime {
    let start = time(start);
    start.checked_add(duration).unwrap_or(start)
}

pub(super) const fn level(level: Level) -> protocol::Level {
    match level {
        Level::Debug => protocol::Level::Debug,
        Level::Info => protocol::Level::Info,
        Level::Warning => protocol::Level::Warning,
        Level::Error => protocol::Level::Error,
        Level::Fatal => protocol::Level::Fatal,
    }
}

pub(super) const fn status(status: Status) -> protocol::SpanStatus {
    use protocol::SpanStatus as Sentry;
    match status {
        Status::Ok => Sentry::Ok,
        Status::Error | Status::Panicked => Sentry::InternalError,
        Status::Cancelled => Sentry::Cancelled,
        Status::InvalidArgument => Sentry::InvalidArgument,
        Status::DeadlineExceeded => Sentry::DeadlineExceeded,
        Status::NotFound => Sentry::NotFound,
        Status::AlreadyExists => Sentry::AlreadyExists,
        Status::PermissionDenied => Sentry::PermissionDenied,
        Status::ResourceExhausted => Sentry::ResourceExhausted,
        Status::FailedPrecondition => Sentry::FailedPrecondition,
        Status::Aborted => Sentry::Aborted,
        Status::Unimplemented => Sentry::Unimplemented,
        Status::Unavailable => Sentry::Unavailable,
        Status::DataLoss => Sentry::DataLoss,
        Status::Unauthenticated => Sentry::Unauthenticated,
        Status::Unknown => Sentry::UnknownError,
    }
}

/// The same as Sentry writes it.
pub(super) const fn status_word(status: Status) -> &'static str {
    match status {
        // Sentry has no words of its own for these.
        Status::Error | Status::Panicked => "internal_error",
        Status::Unknown => "unknown_error",
        status => status.as_str(),
    }
}

pub(super) const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Fatal => "fatal",
    }
}

pub(super) fn json(value: &Value) -> protocol::Value {
    json_at(value, 0)
}

/// What is nested too deep becomes text: Relay refuses an event whole over that.
pub(super) fn json_at(value: &Value, depth: usize) -> protocol::Value {
    match value {
        Value::Null => protocol::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::I64(value) => (*value).into(),
        Value::U64(value) => (*value).into(),
        Value::F64(value) => (*value).into(),
        Value::Text(value) => fit::text(value, fit::TEXT).into(),
        Value::List(_) | Value::Map(_) if depth == fit::DEPTH => bounded(value, fit::TEXT).into(),
        Value::List(values) => values.iter().map(|value| json_at(value, depth + 1)).collect(),
        Value::Map(values) => {
            values.iter().map(|(k, v)| (k.as_ref(), json_at(v, depth + 1))).collect()
        }
    }
}

pub(super) fn map(attributes: &[(Text, Value)]) -> Map<String, protocol::Value> {
    attributes.iter().map(|(key, value)| (key.to_string(), json(value))).collect()
}

pub(super) fn user(user: &User) -> protocol::User {
    protocol::User {
        id: user.id.as_deref().map(|id| fit::text(id, fit::WORD)),
        email: user.email.as_deref().map(|email| fit::text(email, fit::EMAIL)),
        ip_address: user.ip_address.as_deref().and_then(|address| address.parse().ok()),
        username: user.username.as_deref().map(|name| fit::text(name, fit::WORD)),
        other: user
            .data
            .iter()
            .map(|(key, value)| (key.to_string(), user_value(key, value)))
            .collect(),
    }
}

/// Of what Sentry knows by itself about users it takes these as text only.
fn user_value(key: &str, value: &Value) -> protocol::Value {
    match key {
        "name" | "segment" => fit::text(&value.to_string(), fit::WORD).into(),
        _ => json(value),
    }
}

pub(super) fn tags(scope: &Scope) -> Map<String, String> {
    scope.tags().filter_map(|(key, value)| fit::tag(key, value)).collect()
}

/// The same, not copied.
pub(super) fn fitting_tags(scope: &Scope) -> impl Iterator<Item = fit::Tag<'_>> {
    scope.tags().filter_map(|(key, value)| fit::fitting_tag(key, value))
}

pub(super) fn contexts(scope: &Scope) -> Map<String, Context> {
    scope.contexts().map(|(name, values)| (name.to_owned(), context(name, values))).collect()
}

/// A context of the program's. Sentry reads `type` as what sort of context it is and doesn't show it:
/// a value of that name becomes `channel_type` in the context `channel`.
pub(super) fn context(name: &str, values: &Attributes) -> Context {
    let mut map = map(values);
    if let Some(value) = map.remove("type") {
        map.insert(format!("{name}_type"), value);
    }
    Context::Other(map)
}

pub(super) fn breadcrumb(breadcrumb: &Breadcrumb) -> protocol::Breadcrumb {
    protocol::Breadcrumb {
        timestamp: time(breadcrumb.timestamp),
        ty: "default".to_owned(),
        category: Some(fit::text(&breadcrumb.category, fit::WORD)),
        level: level(breadcrumb.level),
        message: Some(fit::text(&breadcrumb.message, fit::TEXT)),
        data: map(&breadcrumb.data),
    }
}
