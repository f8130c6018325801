//! AI calls that are running: what is known of each, and what they hand on to each other.

mod answer_text;
mod attempts;
mod call;
mod crumb;
mod denial;
mod finish;
mod handle;
mod memory;
mod messages;
mod noted;
#[cfg(feature = "stream")]
mod open_streams;
mod readers;
mod said;
mod seen;
mod totals;
mod writer;

pub use answer_text::response_text;
pub use denial::over_budget;
pub use handle::{AiCallHandle, current_ai_call};

pub(crate) use call::AiCall;
pub(super) use finish::finish;
pub(crate) use memory::STORE_ID;
pub(super) use memory::{RECORD_COUNT, write_count};
pub(super) use messages::{json_list, message, records, shortened};
pub(crate) use noted::{Noted, NotedModel};
#[cfg(feature = "stream")]
pub(super) use open_streams::{OpenGuard, opened};
#[cfg(feature = "stream")]
pub(crate) use open_streams::{OpenStreams, Overdue};
pub(crate) use said::Said;
pub(super) use seen::AiSeen;
