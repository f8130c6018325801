//! Attributes on ordinary functions become spans, captured errors, slow-call warnings and AI token
//! usage.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = "")]
// Its examples need these features.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = include_str!("../../README.md"))]
#![deny(unsafe_code)]

mod append_only;
mod backend;
mod callsite;
mod clock;
mod collect;
mod config;
mod config_error;
mod context;
mod diagnostics;
mod dsn;
mod hub;
mod init;
mod keys;
mod policy;
pub mod record;
mod release;
mod settings;
mod span_macro;
#[cfg(feature = "mock")]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use monitor_macros::{ai_call, capture_errors, slow_threshold, traced};

#[cfg(feature = "console")]
pub use backend::Console;
#[cfg(feature = "jsonl")]
pub use backend::JsonLines;
pub use backend::{Backend, Loss};
#[cfg(feature = "mock")]
pub use backend::{MockBackend, MockGuard};
#[cfg(feature = "sentry")]
pub use backend::{SentryBackend, SentryOptions};
pub use callsite::Callsite;
pub use config::{Config, Environment};
pub use config_error::ConfigError;
pub use context::{
    Context, ContextGuard, InContext, InContextExt, Scope, ScopeGuard, SpanGuard, SpanHandle,
    add_breadcrumb, capture_error, capture_message, correlation_id, current_span, push_scope,
    set_context, set_correlation_id, set_tag, set_user, with_scope,
};
#[cfg(feature = "tokio")]
pub use context::{JoinSet, spawn, spawn_blocking};
pub use init::{Guard, exit, flush, flush_async, init, is_enabled, shutdown};
pub use record::{
    Breadcrumb, EventId, Level, SpanId, Status, TokenUsage, TraceId, Usage, User, Value,
};
