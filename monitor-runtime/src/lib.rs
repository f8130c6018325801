//! Attributes on ordinary functions become spans, captured errors, slow-call warnings and AI token
//! usage.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = "")]
// Its examples need these features.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = include_str!("../../README.md"))]
#![deny(unsafe_code)]

mod append_only;
mod backend;
mod callsite;
pub mod capture;
mod clock;
mod collect;
mod command;
mod config;
mod config_error;
mod context;
mod diagnostics;
mod dsn;
mod errors;
mod groups;
mod hub;
mod init;
mod keys;
mod policy;
mod propagation;
pub mod record;
mod release;
mod sampling;
mod self_test;
mod settings;
mod span_macro;
mod spotlight;
mod start;
mod sync;
#[cfg(feature = "mock")]
pub mod testing;

/// Every attribute in one place; also `breadcrumb`, whose name the macro
/// [`breadcrumb!`](crate::breadcrumb!) has at the crate's root.
pub mod attributes {
    pub use monitor_macros::{
        ai_call, api_call, breadcrumb, capture_errors, command, db_query, error_boundary,
        slow_threshold, startup, task, traced,
    };
}

#[doc(hidden)]
pub mod __private;

pub use monitor_macros::{
    MonitorContext, MonitorError, ai_call, api_call, capture_errors, command, db_query,
    error_boundary, main, slow_threshold, startup, task, traced,
};

#[cfg(feature = "console")]
pub use backend::Console;
#[cfg(feature = "jsonl")]
pub use backend::JsonLines;
pub use backend::{Backend, Delivery, Loss};
#[cfg(feature = "mock")]
pub use backend::{MockBackend, MockGuard};
#[cfg(feature = "sentry")]
pub use backend::{SentryBackend, SentryIntegration, SentryOptions};
pub use callsite::Callsite;
pub use command::{CommandTracker, track_command_end, track_command_start};
pub use config::{Config, Environment};
pub use config_error::ConfigError;
pub use context::{
    Context, ContextGuard, InContext, InContextExt, Scope, ScopeGuard, SpanGuard, SpanHandle,
    add_breadcrumb, capture_error, capture_message, correlation_id, current_span, push_scope,
    set_context, set_correlation_id, set_tag, set_user, with_scope,
};
#[cfg(feature = "tokio")]
pub use context::{JoinSet, spawn, spawn_blocking};
pub use errors::{ErrorClass, MonitorError, Severity, register_error};
pub use groups::{
    CommandContext, ContextGroups, ContextProvider, IntoCommandContext, IntoUser, MonitorContext,
    register_context_provider, set_command_context, set_monitor_context,
};
pub use init::{Guard, delivery, exit, flush, flush_async, init, is_enabled, shutdown};
pub use policy::{Filter, Pattern, Scrubber, filters, fingerprint};
pub use propagation::{TraceHeaders, continue_trace, current_trace_headers, trace_headers_for};
pub use record::{
    Breadcrumb, EventId, Level, SpanId, Status, TokenUsage, TraceId, Usage, User, Value,
};
pub use sampling::{Sampler, SamplingContext, TailSampling};
pub use self_test::{Check, SelfTest, Verdict, self_test};
