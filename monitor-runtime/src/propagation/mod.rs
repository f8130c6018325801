//! Traces that go through several services: the headers that come in and those that go out.
//!
//! Sentry's `sentry-trace` and `baggage`, and W3C Trace Context's `traceparent` and `tracestate`.

mod baggage;
mod host_span;
mod identity;
mod incoming;
mod known;
mod limits;
mod outgoing;
mod sentry_trace;
mod traceparent;

pub use incoming::continue_trace;
pub use outgoing::{TraceHeaders, current_trace_headers, trace_headers_for};

pub(crate) use baggage::SentryBaggage;
#[cfg(feature = "sentry")]
pub(crate) use host_span::set_host_span;
pub(crate) use host_span::{has_host, host_span};
pub use identity::Identity;
pub(crate) use known::{Parent, Propagation, Upstream};
#[cfg(feature = "sentry")]
pub(crate) use sentry_trace::parse as parse_sentry_trace;

pub(crate) const SENTRY_TRACE: &str = "sentry-trace";
pub(crate) const BAGGAGE: &str = "baggage";
pub(crate) const TRACEPARENT: &str = "traceparent";
pub(crate) const TRACESTATE: &str = "tracestate";
