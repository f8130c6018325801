//! AI calls: the way from a response to its usage.

pub(crate) mod fields;
mod hint;
mod ladder;
mod note;
mod parts;
#[cfg(feature = "serde")]
mod probe;
#[cfg(feature = "serde")]
mod raw_usage;
mod response;
mod write;

pub use self::ladder::ai_response;
pub use self::response::AiResponse;

pub(crate) use self::hint::no_usage;
pub(crate) use self::response::Source;
pub(crate) use self::write::write;
