//! Finished facts as plain data: what a [`Backend`](crate::Backend) receives.
//!
//! Nothing here refers to a thread, a task or a backend; every type owns what it says.

mod breadcrumb;
mod error_view;
mod event;
mod ids;
#[cfg(feature = "serde")]
mod json;
mod level;
mod span;
mod status;
mod transaction;
mod usage;
mod user;
mod value;

pub use breadcrumb::Breadcrumb;
pub use error_view::{ErrorView, Failure};
pub use event::{Event, EventKind, Exception, Frame};
pub use ids::{EventId, SpanId, TraceId};
pub use level::Level;
pub use span::{Span, SpanRole};
pub use status::Status;
pub use transaction::{Sampling, Transaction};
pub use usage::{TokenUsage, Usage};
pub use user::User;
pub use value::{Attributes, Text, Value};
