use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{
    Attributes, Contexts, EventId, Exception, Level, Mechanism, Sampling, SpanId, TraceId, Value,
    value::Text,
};
use crate::context::Scope;

/// Something that a person may want to look at: an error, a panic, a slow call, a message.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Event {
    /// The event's id.
    pub id: EventId,
    /// When it happened.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::time"))]
    pub timestamp: SystemTime,
    /// What it is.
    pub kind: EventKind,
    /// How serious it is.
    pub level: Level,
    /// What happened, for events that aren't errors.
    pub message: Option<Text>,
    /// The error and its sources, the outermost first. Empty for events that aren't errors.
    pub exceptions: Vec<Exception>,
    /// What captured it, and whether the program went on.
    pub mechanism: Mechanism,
    /// The trace in which it happened, whether that is sampled or not.
    pub trace_id: TraceId,
    /// The span in which it happened. `None` outside of every span.
    pub span_id: Option<SpanId>,
    /// Whether the trace is recorded: then its transaction comes, too.
    pub sampled: bool,
    /// What that was decided by.
    pub sampling: Sampling,
    /// The op of that span.
    pub op: Option<Text>,
    /// The name of the root: what Sentry shows as the event's transaction.
    pub transaction: Option<Text>,
    /// The annotated functions that were running, the innermost first.
    pub path: Vec<Frame>,
    /// Tags of this event alone; they win over the scope's.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::tags"))]
    pub tags: Vec<(Text, String)>,
    /// Contexts of this event alone; they win over the scope's.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::contexts"))]
    pub contexts: Contexts,
    /// How the event is grouped. Empty: as the receiver sees fit.
    pub fingerprint: Vec<Text>,
    /// Events like this one that were left out before it, because there were too many a minute.
    pub suppressed: u64,
    /// User, tags, contexts and breadcrumbs as they were at that moment.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::scope"))]
    pub scope: Arc<Scope>,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum EventKind {
    /// An `Err`.
    Error,
    /// A panic.
    Panic,
    /// A call that took longer than its `#[slow_threshold]`.
    Slow,
    /// A message sent by hand.
    Message,
}

/// An annotated function that was running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Frame {
    /// The function's name.
    pub function: &'static str,
    /// Its module.
    pub module: &'static str,
    /// Its source file.
    pub file: &'static str,
    /// The line of its attribute, counted from 1.
    pub line: u32,
}

/// What is worth knowing of an error.
const GROUPS: [&str; 8] =
    ["error", "command", "user", "guild", "channel", "system", "performance", "additional"];

impl Event {
    /// What happened, in one line: the message, or the error's type and text.
    pub fn title(&self) -> String {
        match (self.exceptions.first(), &self.message) {
            (Some(error), _) => format!("{}: {}", error.type_name, error.value),
            (None, Some(message)) => message.to_string(),
            (None, None) => String::new(),
        }
    }

    /// The value of a tag: the event's own, else the scope's.
    pub fn tag(&self, key: &str) -> Option<&str> {
        let own = self.tags.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        own.or_else(|| self.scope.tag(key))
    }

    /// A context: the event's own, else the scope's.
    pub fn context(&self, name: &str) -> Option<&Attributes> {
        self.contexts.named(name).or_else(|| self.scope.context(name))
    }

    /// Which of the eight groups of context an error should have the event has: `error`,
    /// `command`, `user`, `guild`, `channel`, `system`, `performance`, `additional`.
    pub fn context_groups(&self) -> Vec<&'static str> {
        let has = |group: &&str| {
            let values = self.context(group).is_some_and(|values| !values.is_empty());
            values || (*group == "user" && self.scope.user().is_some())
        };
        GROUPS.into_iter().filter(has).collect()
    }

    /// One value of a context.
    pub fn context_value(&self, name: &str, key: &str) -> Option<&Value> {
        self.context(name)?.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// How long the slow call took, if that is what the event is.
    pub fn slow_duration(&self) -> Option<Duration> {
        let millis = self.context_value("slow", "duration_ms")?.as_f64()?;
        Some(Duration::from_secs_f64(millis / 1000.0))
    }

    /// The id that links everything of one unit of work: the scope's, else the trace id.
    pub fn correlation_id(&self) -> String {
        self.scope.correlation_id(self.trace_id)
    }
}
