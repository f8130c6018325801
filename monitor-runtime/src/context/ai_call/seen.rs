use std::cell::Cell;

use crate::ai::AiResponse;
use crate::errors::AiFailure;
use crate::record::Breadcrumb;

thread_local! {
    /// The place of the last value that was looked at.
    static SPARE: Cell<Option<Box<AiSeen>>> = const { Cell::new(None) };
}

/// What was read from a value, or from one item of a stream.
#[derive(Debug, Default)]
pub(crate) struct AiSeen {
    pub(crate) response: AiResponse,
    /// A text of the answer, where it may be recorded.
    pub(crate) output: Option<String>,
    /// What an error says of itself.
    pub(crate) failure: Option<AiFailure>,
    /// What the call leaves in the enclosing scope.
    pub(crate) breadcrumb: Option<Breadcrumb>,
}

impl AiSeen {
    /// A place for what is read, with nothing in it.
    pub(in crate::context) fn place() -> Box<Self> {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Keeps the place for the next value of this thread, and nothing of what was in it.
    pub(in crate::context) fn give_back(mut place: Box<Self>) {
        place.response.clear();
        (place.output, place.failure) = (None, None);
        let _ = SPARE.try_with(|spare| spare.set(Some(place)));
    }
}
