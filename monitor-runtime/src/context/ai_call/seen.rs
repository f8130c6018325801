use crate::ai::AiResponse;
use crate::errors::AiFailure;

/// What was read from a value, or from one item of a stream.
#[derive(Debug, Default)]
pub(crate) struct AiSeen {
    pub(crate) response: AiResponse,
    /// A text of the answer, where it may be recorded.
    pub(crate) output: Option<String>,
    /// What an error says of itself.
    pub(crate) failure: Option<AiFailure>,
}
