//! Attributes on ordinary functions become spans, captured errors, slow-call warnings and AI token
//! usage.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = "")]
// Its examples need these features.
#![cfg_attr(all(feature = "mock", feature = "tokio"), doc = include_str!("../../README.md"))]
#![deny(unsafe_code)]

mod ai;
#[cfg(feature = "alerts")]
pub mod alerts;
mod append_only;
mod backend;
mod bus;
mod callsite;
pub mod capture;
mod clock;
mod collect;
mod command;
mod config;
mod config_error;
mod context;
mod cron;
mod diagnostics;
mod dsn;
mod ended;
mod errors;
mod groups;
mod health;
mod hub;
mod init;
mod instrumented;
#[cfg(any(feature = "log", feature = "tower", feature = "tracing"))]
mod integrations;
mod keys;
pub mod metrics;
mod policy;
mod propagation;
mod rate_limit;
pub mod record;
mod release;
mod resources;
mod sampling;
mod self_test;
mod sessions;
mod settings;
mod sketch;
mod span_macro;
mod spotlight;
mod start;
mod sync;
#[cfg(feature = "mock")]
pub mod testing;
#[cfg(any(feature = "alerts", feature = "sentry"))]
mod time_text;

/// Every attribute in one place; also `breadcrumb`, whose name the macro
/// [`breadcrumb!`](crate::breadcrumb!) has at the crate's root.
pub mod attributes {
    pub use monitor_macros::{
        ai_agent, ai_call, ai_tool, api_call, breadcrumb, capture_errors, command, cron_monitor,
        db_query, error_boundary, health_check, metered, slow_threshold, startup, task, traced,
    };
}

#[doc(hidden)]
pub mod __private;

pub use monitor_macros::{
    MonitorContext, MonitorError, TokenUsage, ai_agent, ai_call, ai_tool, api_call, capture_errors,
    command, cron_monitor, db_query, error_boundary, health_check, main, metered, slow_threshold,
    startup, task, traced,
};

pub use ai::{
    AiBudget, AiDialect, AiPrices, BudgetExceeded, BudgetKey, BudgetLimit, BudgetStatus, ModelPrice,
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
#[cfg(feature = "tokio")]
pub use bus::observe_broadcast;
pub use bus::{BusEvent, BusMonitor, EventObserver, observe_event};
pub use callsite::Callsite;
pub use command::{CommandTracker, track_command_end, track_command_start};
pub use config::{Config, Environment};
pub use config_error::ConfigError;
pub use context::{
    AiCallHandle, Context, ContextGuard, InContext, InContextExt, Scope, ScopeGuard, SpanGuard,
    SpanHandle, add_breadcrumb, capture_error, capture_message, correlation_id, current_ai_call,
    current_span, feature_flag, push_scope, set_context, set_correlation_id, set_tag, set_user,
    with_scope,
};
#[cfg(feature = "tokio")]
pub use context::{JoinSet, spawn, spawn_blocking};
pub use cron::{CheckInGuard, capture_check_in, start_check_in};
pub use errors::{
    AiErrorInfo, ErrorClass, MonitorError, Severity, register_error, register_error_type,
};
pub use groups::{
    CommandContext, ContextGroups, ContextProvider, IntoCommandContext, IntoUser, MonitorContext,
    PoolContext, PoolStats, PoolStatus, register_context_provider, set_command_context,
    set_monitor_context,
};
pub use health::{
    CheckReport, CheckStatus, HealthCheck, HealthOutcome, HealthRegistry, HealthReport,
};
pub use init::{Guard, delivery, exit, flush, flush_async, init, is_enabled, shutdown};
pub use instrumented::{Instrumented, instrumented};
#[cfg(feature = "tracing")]
pub use integrations::BreadcrumbLayer;
#[cfg(feature = "log")]
pub use integrations::BreadcrumbLogger;
#[cfg(feature = "tower")]
pub use integrations::{MonitorLayer, MonitorService};
pub use policy::{
    Anomaly, Baselines, CallsiteSelector, Filter, Latency, Pattern, PerformanceTier, Scrubber,
    filters, fingerprint, latencies, latency, recent_latency,
};
pub use propagation::{TraceHeaders, continue_trace, current_trace_headers, trace_headers_for};
pub use rate_limit::rate_limit_exceeded;
pub use record::{
    Breadcrumb, CheckIn, CheckInStatus, EventId, Level, Monitor, MonitorSchedule, ScheduleUnit,
    SessionAggregate, SessionStatus, SessionUpdate, SpanId, Status, TokenUsage, TraceId, Usage,
    User, Value,
};
pub use resources::{ResourceMonitor, ResourceReader, ResourceUsage};
pub use sampling::{Sampler, SamplingContext, TailSampling};
pub use self_test::{Check, SelfTest, Verdict, self_test};
pub use sessions::{SessionMode, end_session, start_session};
