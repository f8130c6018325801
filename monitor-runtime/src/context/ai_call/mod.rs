//! AI calls that are running: what is known of each, and what they hand on to each other.

mod answer_text;
mod call;
mod crumb;
mod denial;
mod finish;
mod messages;
mod noted;
mod readers;
mod said;
mod seen;
mod totals;
mod writer;

pub use answer_text::response_text;
pub use denial::over_budget;

pub(crate) use call::AiCall;
pub(super) use finish::finish;
pub(super) use messages::{json_list, message, shortened};
pub(crate) use noted::Noted;
pub(crate) use said::Said;
pub(super) use seen::AiSeen;
