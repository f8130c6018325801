//! A [`Config`](crate::Config) once it is checked: what the hot paths and the collector read.

use std::sync::Arc;
use std::time::Duration;

use crate::ai::AiSettings;
use crate::groups::Providers;
use crate::metrics::MetricsSettings;
use crate::policy::Baselines;
use crate::propagation::Identity;
use crate::resources::ResourceMonitor;
use crate::sampling::{Strategy, TailSampling};
use crate::sessions::SessionMode;

/// Breadcrumbs that a scope keeps; the default of every Sentry SDK.
pub(crate) const DEFAULT_MAX_BREADCRUMBS: usize = 100;
/// Feature flags that a scope keeps; the default of sentry-python.
pub(crate) const DEFAULT_MAX_FEATURE_FLAGS: usize = 100;
/// Spans that a transaction may hold: 4.8 MB while it waits for its root.
pub(crate) const DEFAULT_MAX_SPANS: usize = 100_000;
/// Bytes of a recorded text.
pub(crate) const DEFAULT_MAX_VALUE_LENGTH: usize = 1024;

/// The settings of one hub.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// From 0 to 1.
    pub(crate) traces_sample_rate: f64,
    pub(crate) max_breadcrumbs: usize,
    pub(crate) max_feature_flags: usize,
    /// What release health goes by; `None`: it is off.
    pub(crate) sessions: Option<SessionMode>,
    pub(crate) max_spans_per_trace: usize,
    pub(crate) max_value_length: usize,
    /// Whether polls of recorded spans are timed.
    pub(crate) busy_time: bool,
    /// Whether what may be personal is recorded.
    pub(crate) send_default_pii: bool,
    /// Whether what is sent to models may be recorded; `None`: as what may be personal.
    pub(crate) ai_inputs: Option<bool>,
    /// The same for what models answer.
    pub(crate) ai_outputs: Option<bool>,
    pub(crate) shutdown_timeout: Duration,
    /// What events of errors say of their surroundings.
    pub(crate) providers: Providers,
    /// Whether panics outside of annotated functions are captured.
    pub(crate) capture_panics: bool,
    pub(crate) tracing: Tracing,
    /// How latencies are watched, if they are.
    pub(crate) baselines: Option<Baselines>,
    pub(crate) ai: AiSettings,
    /// What the process takes of the machine, if that is watched.
    pub(crate) resources: Option<ResourceMonitor>,
    pub(crate) metrics: MetricsSettings,
}

impl Settings {
    /// Whether prompts, messages and arguments of tools may be recorded.
    pub(crate) fn records_ai_inputs(&self) -> bool {
        self.ai_inputs.unwrap_or(self.send_default_pii)
    }

    /// Whether answers and results of tools may be recorded.
    pub(crate) fn records_ai_outputs(&self) -> bool {
        self.ai_outputs.unwrap_or(self.send_default_pii)
    }
}

/// Which traces are recorded, and how they go on in other services.
#[derive(Clone, Debug)]
pub(crate) struct Tracing {
    pub(crate) strategy: Strategy,
    pub(crate) tail: Option<TailSampling>,
    /// `None`: all.
    pub(crate) targets: Option<Arc<[String]>>,
    pub(crate) traceparent: bool,
    pub(crate) strict_continuation: bool,
    pub(crate) identity: Identity,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            traces_sample_rate: 1.0,
            max_breadcrumbs: DEFAULT_MAX_BREADCRUMBS,
            max_feature_flags: DEFAULT_MAX_FEATURE_FLAGS,
            sessions: None,
            max_spans_per_trace: DEFAULT_MAX_SPANS,
            max_value_length: DEFAULT_MAX_VALUE_LENGTH,
            busy_time: true,
            send_default_pii: false,
            ai_inputs: None,
            ai_outputs: None,
            shutdown_timeout: Duration::from_secs(2),
            providers: Providers::default(),
            capture_panics: false,
            tracing: Tracing::default(),
            baselines: None,
            ai: AiSettings::default(),
            resources: None,
            metrics: MetricsSettings::default(),
        }
    }
}

impl Default for Tracing {
    fn default() -> Self {
        Self {
            strategy: Strategy::Rate,
            tail: None,
            targets: None,
            traceparent: true,
            strict_continuation: false,
            identity: Identity::default(),
        }
    }
}
