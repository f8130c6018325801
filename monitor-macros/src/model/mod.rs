//! What one annotated function will do.

mod ai_call;
mod ai_operation;
mod block;
mod capture_errors;
mod check;
mod context;
mod crumb;
mod duration;
mod error_kind;
mod level;
mod metered;
mod plan;
mod preset;
mod recorded;
mod returned;
mod shape;
mod slow_threshold;
mod text;
mod traced;

pub(crate) use ai_call::AiCall;
pub(crate) use block::check_block;
pub(crate) use capture_errors::{CaptureErrors, fingerprint};
pub(crate) use check::check;
pub(crate) use context::{Content, Context};
pub(crate) use crumb::Crumb;
pub(crate) use error_kind::ErrorKind;
pub(crate) use level::Level;
pub(crate) use metered::Metered;
pub(crate) use plan::Plan;
pub(crate) use preset::Preset;
pub(crate) use recorded::{Recorded, View};
pub(crate) use returned::{Delayed, Returned};
pub(crate) use shape::{Shape, is_cheap_to_drop};
pub(crate) use slow_threshold::SlowThreshold;
pub(crate) use text::Text;
pub(crate) use traced::Traced;
