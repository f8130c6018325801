//! How the parts of records are written as JSON: names as keys, times as numbers.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Attributes, Text, Value};
use crate::context::Scope;

/// Seconds since 1970, with a fraction.
pub(super) fn time<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    serializer.serialize_f64(since.as_secs_f64())
}

pub(super) fn nanos<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
}

pub(super) fn shared<T: Serialize, S: Serializer>(
    value: &Arc<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().serialize(serializer)
}

pub(super) fn optional_nanos<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => nanos(duration, serializer),
        None => serializer.serialize_none(),
    }
}

pub(super) fn map<S: Serializer>(
    values: &[(Text, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(key, value)| (key, value)))
}

pub(super) fn tags<S: Serializer>(
    tags: &[(Text, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(tags.iter().map(|(key, value)| (key, value)))
}

pub(super) fn contexts<S: Serializer>(
    contexts: &[(Text, Attributes)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(contexts.iter().map(|(name, values)| (name, Named(values))))
}

pub(super) fn scope<S: Serializer>(scope: &Arc<Scope>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_struct("Scope", 4)?;
    out.serialize_field("user", &scope.user())?;
    out.serialize_field("tags", &Pairs(|| scope.tags()))?;
    out.serialize_field("contexts", &Pairs(|| scope.contexts().map(|(n, v)| (n, Named(v)))))?;
    out.serialize_field("breadcrumbs", &scope.breadcrumbs().collect::<Vec<_>>())?;
    out.end()
}

pub(super) struct Named<'a>(pub(super) &'a [(Text, Value)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        map(self.0, serializer)
    }
}

/// Pairs that can be gone through again and again.
struct Pairs<F>(F);

impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)>, F: Fn() -> I> Serialize for Pairs<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0())
    }
}
