//! What errors of AI calls say: to whom, how, and when to try again.

mod clients;
mod failure;
mod info;
mod ladder;
mod said;

pub use info::AiErrorInfo;
pub use ladder::ai_error;

pub(crate) use clients::{is_client, without_answers};
pub(crate) use failure::AiFailure;
