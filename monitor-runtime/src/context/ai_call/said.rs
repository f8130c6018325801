use std::sync::Arc;

use super::attempts::Earlier;
use crate::ai::AiResponse;
use crate::errors::AiFailure;
use crate::record::Value;

/// What is known of a call beside its callsite.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Where the callsite doesn't say it.
    pub(crate) model: Option<Box<str>>,
    pub(crate) tool: Option<Box<str>>,
    /// These three reach the calls inside.
    pub(crate) agent: Option<Arc<str>>,
    pub(crate) pipeline: Option<Arc<str>>,
    pub(crate) conversation: Option<Arc<str>>,
    /// The parameters of the request, and its contents where they may be recorded.
    pub(crate) attributes: Vec<(&'static str, Value)>,
    /// Which time the request is sent, from 1; 0 where nobody says it.
    pub(crate) attempt: u64,
    /// Whether the body says that it sends the request.
    pub(super) counts: bool,
    /// What the attempts before used.
    pub(super) earlier: Option<Box<Earlier>>,
    /// Whether the body says what this one uses.
    pub(super) has_recorded: bool,
    /// What the request repeats.
    pub(crate) retry_of: Option<Box<str>>,
    /// The beginning of the prompt, for errors.
    pub(crate) prompt_preview: Option<Box<str>>,
    /// Whether contents are left out whatever the config allows.
    pub(crate) skip: bool,
    /// Of a stream: what its items said so far; and what the body says of it.
    pub(crate) response: AiResponse,
    /// Of a stream: the text of its items so far.
    pub(crate) output: String,
    /// Whether the answer is a stream.
    pub(crate) streaming: bool,
    /// Of a stream: how many items came.
    pub(crate) chunks: u64,
    /// Of a stream.
    pub(crate) first_chunk: FirstChunk,
    /// Why it failed.
    pub(crate) failure: Option<AiFailure>,
    /// Whether its budget kept it from being made.
    pub(crate) denied: bool,
}

/// When a stream began to answer, in nanoseconds since the call began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FirstChunk {
    /// The call gives no stream, or nothing came.
    #[default]
    None,
    /// Something came, with nothing of the answer in it.
    Frame(u64),
    /// The beginning of the answer came.
    Content(u64),
}

impl FirstChunk {
    /// Notes that an item came.
    #[cfg_attr(not(any(feature = "stream", test)), expect(dead_code, reason = "streams have it"))]
    pub(crate) const fn note(&mut self, nanos: u64, has_content: bool) {
        *self = match (*self, has_content) {
            (Self::Content(first), _) => Self::Content(first),
            (_, true) => Self::Content(nanos),
            (Self::Frame(first), false) => Self::Frame(first),
            (Self::None, false) => Self::Frame(nanos),
        };
    }

    /// Whether the answer has begun.
    #[cfg_attr(not(any(feature = "stream", test)), expect(dead_code, reason = "streams have it"))]
    pub(crate) const fn has_content(self) -> bool {
        matches!(self, Self::Content(_))
    }

    /// The time to the first item with content; where none had any, to the first one.
    pub(crate) const fn nanos(self) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Frame(nanos) | Self::Content(nanos) => Some(nanos),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FirstChunk;

    #[test]
    fn the_first_item_with_content_counts() {
        let mut first = FirstChunk::default();
        assert_eq!(first.nanos(), None);
        first.note(5, false);
        first.note(7, false);
        assert_eq!(first.nanos(), Some(5));
        first.note(9, true);
        first.note(11, true);
        assert_eq!(first.nanos(), Some(9));
    }
}
