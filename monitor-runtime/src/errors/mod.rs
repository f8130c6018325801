//! What errors say of themselves: whether they are expected, how bad they are, how they group.

mod ai;
mod error_class;
mod known;
mod monitor_error;
mod severity;

pub use ai::{AiErrorInfo, ai_error};
pub use error_class::ErrorClass;
pub use known::{register_error, register_error_type};
pub use monitor_error::{MonitorError, class_of};
pub use severity::Severity;

pub(crate) use ai::{AiFailure, is_client, without_answers};
pub(crate) use known::{any_known, known, known_path};
