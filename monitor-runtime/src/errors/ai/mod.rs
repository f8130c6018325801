//! What errors of AI calls say: to whom, how, and when to try again.

mod clients;
mod failure;
mod info;
mod said;

pub use info::AiErrorInfo;

pub(crate) use clients::{is_client, without_answers};
pub(crate) use failure::AiFailure;
