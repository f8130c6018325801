//! Finished facts as plain data: what a [`Backend`](crate::Backend) receives.
//!
//! Nothing here refers to a thread, a task or a backend; every type owns what it says.

mod bounds;
mod breadcrumb;
mod check_in;
mod contexts;
mod distribution;
mod error_groups;
mod error_view;
mod event;
mod exception;
mod expected_errors;
mod ids;
#[cfg(feature = "serde")]
mod json;
mod level;
mod measurement;
mod mechanism;
mod metric;
mod monitor;
mod related_errors;
mod session;
mod span;
mod stack_frame;
mod status;
mod token_usage;
mod transaction;
mod usage;
mod user;
mod value;

pub use breadcrumb::Breadcrumb;
pub use check_in::{CheckIn, CheckInStatus};
pub use contexts::Contexts;
pub use distribution::Distribution;
pub use error_view::{ErrorStack, ErrorView, Failure};
pub use event::{Event, EventKind, Frame};
pub use exception::Exception;
pub use expected_errors::ExpectedErrors;
pub use ids::{EventId, SpanId, TraceId};
pub use level::Level;
pub use measurement::Measurement;
pub use mechanism::Mechanism;
pub use metric::{Metric, MetricKind, MetricValue};
pub use monitor::{Monitor, MonitorSchedule, ScheduleUnit};
pub use session::{SessionAggregate, SessionStatus, SessionUpdate};
pub(crate) use span::{Said, Times};
pub use span::{Span, SpanRole};
pub use stack_frame::StackFrame;
pub use status::Status;
pub use token_usage::TokenUsage;
pub use transaction::{Sampling, Transaction};
pub use usage::Usage;
pub use user::User;
pub use value::{Attributes, Text, Value};

pub(crate) use bounds::{bounded_breadcrumb, bounded_user, bounded_values};
pub(crate) use error_groups::{ERROR_GROUP_KEYS, ERROR_GROUPS, ErrorGroup, ErrorGroups};
pub(crate) use measurement::keys as measurement_keys;
#[cfg(feature = "sentry")]
pub(crate) use measurement::name_of as measurement_name;
#[cfg(feature = "sentry")]
pub(crate) use related_errors::RELATED_EVENTS;
pub(crate) use related_errors::{RelatedError, RelatedErrors, ToldError};
pub(crate) use stack_frame::{backtrace_in_debug, parse_backtrace};
