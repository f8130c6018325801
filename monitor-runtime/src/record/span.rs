use std::time::{Duration, SystemTime};

use super::{Attributes, SpanId, Status, Value, value::Text};
use crate::Callsite;

/// One finished span.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Span {
    /// The span's id.
    pub id: SpanId,
    /// The span that was current when this one began; for the root of a transaction the caller's
    /// span in another service or task, if there is one.
    pub parent: Option<SpanId>,
    /// What the span is, in a few fixed words: `db.query`, `http.client`, `function`.
    pub op: Text,
    /// What the span is called: the function's name unless the attribute or the program says more.
    pub name: Text,
    /// A text for people, if one was given.
    pub description: Option<Text>,
    /// When it began.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub start: SystemTime,
    /// How long it took, from the first poll to the end for an async function. Never negative,
    /// whatever the wall clock does.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "duration_ns", serialize_with = "super::json::nanos")
    )]
    pub duration: Duration,
    /// The part of `duration` in which the function ran; for a sync function all of it.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "busy_ns", serialize_with = "super::json::nanos")
    )]
    pub busy: Duration,
    /// How it ended.
    pub status: Status,
    /// Whether it took at least as long as its `#[slow_threshold]`.
    pub slow: bool,
    /// Values recorded by `fields(..)` and by hand.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::map"))]
    pub attributes: Attributes,
    /// The op of the enclosing span in the same transaction.
    pub parent_operation: Option<Text>,
    /// What it is in its transaction.
    pub role: SpanRole,
    /// Where the attribute stands; `None` for a span made by hand.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub callsite: &'static Callsite,
}

/// What a span is in its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SpanRole {
    /// The transaction itself.
    Root,
    /// A span inside it.
    Child,
}

impl Span {
    /// The part of `duration` in which the function waited.
    pub fn idle(&self) -> Duration {
        self.duration.saturating_sub(self.busy)
    }

    /// The value recorded last under this name.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes.iter().rev().find(|(k, _)| k == key).map(|(_, value)| value)
    }
}
