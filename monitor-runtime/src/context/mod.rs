//! What is current: the span, its trace and the scope, moving with the work that they belong to.

mod ai_call;
mod ai_writer;
mod attached;
mod capture;
mod carried;
mod crumb_writer;
mod current_trace;
mod exit;
pub(crate) mod failed;
mod feature_flags;
mod handle;
#[cfg(feature = "sentry")]
mod here;
mod ids;
mod in_flight;
mod in_span;
pub(crate) mod local;
mod moment;
mod open;
mod outcome;
mod panic_hook;
mod passing;
mod recorder;
mod root;
mod running;
pub(crate) mod scope;
mod scope_writer;
pub(crate) mod seen;
mod shared;
mod short;
mod span_guard;
#[cfg(feature = "tokio")]
mod spawn;
#[cfg(feature = "error-stack")]
mod stack;
mod text;
mod wrapped;

pub(crate) use ai_call::STORE_ID;
pub use ai_call::{AiCallHandle, current_ai_call, over_budget, response_text};
#[cfg(feature = "stream")]
pub(crate) use ai_call::{OpenStreams, Overdue};
pub use ai_writer::{AiWriter, ai};
pub use capture::{capture_error, capture_message, capture_with};
pub use carried::{Context, ContextGuard, InContext, InContextExt};
pub use crumb_writer::{CrumbWriter, crumb};
pub use exit::Exit;
pub use feature_flags::feature_flag;
pub use handle::{
    ScopeGuard, SpanHandle, add_breadcrumb, correlation_id, current_span, push_scope, set_context,
    set_correlation_id, set_tag, set_user, with_scope,
};
#[cfg(feature = "stream")]
pub use in_span::{
    AiStream, InStream, UntilStream, ai_stream, boxed_ai_stream, boxed_stream, hold, hold_opaque,
    hold_opaque_result, stream, streamed, streamed_future, streamed_now,
};
pub use in_span::{
    Caught, InSpan, Observed, caught_future, future, in_fallible_span, in_span, observed,
    observed_future, pinned,
};
pub use outcome::{err, missing, outcome};
pub use recorder::{Recorder, record};
pub use scope::Scope;
#[cfg(feature = "tower")]
pub(crate) use scope::update as update_scope;
pub use scope_writer::{ScopeWriter, scoped};
pub use span_guard::{SpanGuard, begin, caught, end, enter, enter_by_hand, exit, once, returned};
#[cfg(feature = "tokio")]
pub use spawn::{JoinSet, spawn, spawn_blocking};

pub(crate) use capture::{
    ErrorReport, ExpectedCounts, MAX_ERROR_TEXT, send as send_event, send_captured, send_message,
};
pub(crate) use current_trace::{CurrentTrace, current_trace, settings};
pub(crate) use handle::MAX_TAG;
#[cfg(feature = "sentry")]
pub(crate) use here::{here, policy};
pub(crate) use ids::{new_event_id, new_span_id, new_trace_id, rand_of, sample_rand, trace_id};
pub(crate) use moment::Moment;
pub(crate) use open::Open;
#[cfg(feature = "sentry")]
pub(crate) use panic_hook::captures_panics;
pub(crate) use panic_hook::install as install_panic_hook;
pub(crate) use text::{AsDebug, bounded, cut, with_text};
