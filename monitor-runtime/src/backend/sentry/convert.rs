//! The small values that events and transactions share, in Sentry's types.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sentry_core::protocol::{self, Context, Map};

use crate::context::Scope;
use crate::record::{Attributes, Breadcrumb, Level, SpanId, Status, TraceId, User, Value};

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

pub(super) fn json(value: &Value) -> protocol::Value {
    match value {
        Value::Null => protocol::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::I64(value) => (*value).into(),
        Value::U64(value) => (*value).into(),
        Value::F64(value) => (*value).into(),
        Value::Text(value) => value.as_ref().into(),
        Value::List(values) => values.iter().map(json).collect(),
        Value::Map(values) => values.iter().map(|(k, v)| (k.as_ref(), json(v))).collect(),
    }
}

pub(super) fn map(attributes: &Attributes) -> Map<String, protocol::Value> {
    attributes.iter().map(|(key, value)| (key.to_string(), json(value))).collect()
}

pub(super) fn user(user: &User) -> protocol::User {
    protocol::User {
        id: user.id.clone(),
        email: user.email.clone(),
        ip_address: user.ip_address.as_deref().and_then(|address| address.parse().ok()),
        username: user.username.clone(),
        other: map(&user.data),
    }
}

pub(super) fn tags(scope: &Scope) -> Map<String, String> {
    scope.tags().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

pub(super) fn contexts(scope: &Scope) -> Map<String, Context> {
    scope.contexts().map(|(name, values)| (name.to_owned(), Context::Other(map(values)))).collect()
}

pub(super) fn breadcrumb(breadcrumb: &Breadcrumb) -> protocol::Breadcrumb {
    protocol::Breadcrumb {
        timestamp: time(breadcrumb.timestamp),
        ty: "default".to_owned(),
        category: Some(breadcrumb.category.to_string()),
        level: level(breadcrumb.level),
        message: Some(breadcrumb.message.to_string()),
        data: map(&breadcrumb.data),
    }
}
