//! What an event says of errors before it.

use std::sync::Arc;

use super::EventId;
use super::value::{Attributes, Text, Value};

/// The context's name.
pub(crate) const RELATED_EVENTS: &str = "related_events";

/// Errors that have something to do with another one.
#[derive(Clone, Debug)]
pub(crate) struct RelatedErrors {
    /// How many there are.
    pub(crate) count: u64,
    /// The strongest of them, the strongest first.
    pub(crate) errors: Vec<RelatedError>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct RelatedError {
    pub(crate) told: Arc<ToldError>,
    pub(crate) score: u32,
    /// What both share.
    pub(crate) shares: &'static str,
    pub(crate) seconds_ago: u64,
}

/// What others say of an error.
#[derive(Debug)]
pub(crate) struct ToldError {
    pub(crate) id: EventId,
    pub(crate) title: String,
}

impl RelatedErrors {
    /// What the strongest weighs.
    pub(crate) fn score(&self) -> u32 {
        self.errors.first().map_or(0, |error| error.score)
    }

    /// As a context.
    pub(super) fn values(&self) -> Attributes {
        let errors = self.errors.iter().map(|error| Value::Map(error.values()));
        vec![
            ("count".into(), self.count.into()),
            ("score".into(), self.score().into()),
            ("events".into(), Value::List(errors.collect())),
        ]
    }
}

impl RelatedError {
    fn values(&self) -> Attributes {
        vec![
            ("event_id".into(), self.told.id.to_string().into()),
            ("title".into(), self.told.title.as_str().into()),
            ("score".into(), self.score.into()),
            ("shares".into(), Value::Text(Text::Borrowed(self.shares))),
            ("seconds_ago".into(), self.seconds_ago.into()),
        ]
    }
}
