//! AI calls that are running: what is known of each, and what they hand on to each other.

mod call;
mod finish;
mod messages;
mod readers;
mod said;
mod totals;

pub(crate) use call::AiCall;
pub(super) use finish::finish;
pub(super) use messages::{message, shortened};
pub(crate) use said::{FirstChunk, Said};
