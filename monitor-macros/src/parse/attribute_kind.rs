use std::fmt::{self, Display};

/// Which of the attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Traced,
    CaptureErrors,
    SlowThreshold,
    AiCall,
    AiAgent,
    AiTool,
    DbQuery,
    ApiCall,
    Command,
    Task,
    Startup,
    ErrorBoundary,
    Breadcrumb,
    Metered,
    CronMonitor,
    HealthCheck,
}

impl AttributeKind {
    const ALL: [Self; 16] = [
        Self::Traced,
        Self::CaptureErrors,
        Self::SlowThreshold,
        Self::AiCall,
        Self::AiAgent,
        Self::AiTool,
        Self::DbQuery,
        Self::ApiCall,
        Self::Command,
        Self::Task,
        Self::Startup,
        Self::ErrorBoundary,
        Self::Breadcrumb,
        Self::CronMonitor,
        Self::HealthCheck,
        Self::Metered,
    ];

    /// The attribute with this name, if it is one of ours.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The first attribute that takes this argument.
    pub(crate) fn owning(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.keys().contains(&key))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Traced => "traced",
            Self::CaptureErrors => "capture_errors",
            Self::SlowThreshold => "slow_threshold",
            Self::AiCall => "ai_call",
            Self::AiAgent => "ai_agent",
            Self::AiTool => "ai_tool",
            Self::DbQuery => "db_query",
            Self::ApiCall => "api_call",
            Self::Command => "command",
            Self::Task => "task",
            Self::Startup => "startup",
            Self::ErrorBoundary => "error_boundary",
            Self::Breadcrumb => "breadcrumb",
            Self::Metered => "metered",
            Self::CronMonitor => "cron_monitor",
            Self::HealthCheck => "health_check",
        }
    }

    /// The arguments that it takes, in the order of its documentation.
    pub(crate) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Traced => &[
                "op",
                "name",
                "description",
                "fields",
                "tags",
                "user",
                "context",
                "root",
                "child_only",
                "min_duration",
                "prefix",
                "crate",
            ],
            Self::CaptureErrors => &[
                "kind",
                "database",
                "api",
                "module",
                "command",
                "skip_if",
                "level",
                "fingerprint",
                "tags",
                "context",
                "panics",
                "crate",
            ],
            Self::SlowThreshold => &["ms", "message", "rows", "watchdog", "crate"],
            Self::AiCall => &[
                "provider",
                "model",
                "op",
                "usage",
                "response_model",
                "finish_reason",
                "response_id",
                "stream",
                "request",
                "params",
                "prompt",
                "input",
                "output",
                "skip",
                "agent",
                "tool",
                "store",
                "record",
                "count",
                "conversation",
                "pipeline",
                "prompt_name",
                "user",
                "errors",
                "attempt",
                "retry_of",
                "cost",
                "budget",
                "slow",
                "slow_ttft",
                "max_open",
                "breadcrumb",
                "crate",
            ],
            Self::AiAgent => &[
                "name",
                "provider",
                "model",
                "conversation",
                "pipeline",
                "user",
                "usage",
                "prompt",
                "input",
                "output",
                "skip",
                "errors",
                "budget",
                "stream",
                "slow",
                "max_open",
                "crate",
            ],
            Self::AiTool => {
                &["name", "description", "arguments", "result", "skip", "errors", "slow", "crate"]
            }
            Self::DbQuery => &["operation", "table", "query", "system", "rows", "crate"],
            Self::ApiCall => &["service", "endpoint", "method", "status", "crate"],
            Self::Command => &["name", "kind", "group", "parameters", "crate"],
            Self::Task => &["name", "crate"],
            Self::Startup => &["step", "service", "crate"],
            Self::ErrorBoundary => &["component", "route", "fallback", "crate"],
            Self::Breadcrumb => &["category", "message", "level", "data", "crate"],
            Self::Metered => &["name", "crate"],
            Self::HealthCheck => &["name", "crate"],
            Self::CronMonitor => &[
                "slug",
                "schedule",
                "margin",
                "max_runtime",
                "timezone",
                "failure_threshold",
                "recovery_threshold",
                "crate",
            ],
        }
    }

    /// Whether it may stand on an `impl` block or a trait, for all functions in it.
    pub(crate) fn goes_on_blocks(self) -> bool {
        matches!(self, Self::Traced | Self::CaptureErrors | Self::SlowThreshold)
    }

    /// The attribute as one would write it.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Traced => r#"#[traced(op = "db.query")]"#,
            Self::CaptureErrors => r#"#[capture_errors(level = "warning")]"#,
            Self::SlowThreshold => "#[slow_threshold(ms = 1000)]",
            Self::AiCall => r#"#[ai_call(provider = "openai", model = "gpt-4o")]"#,
            Self::AiAgent => r#"#[ai_agent(name = "planner")]"#,
            Self::AiTool => r#"#[ai_tool(name = "search")]"#,
            Self::DbQuery => r#"#[db_query(operation = "select", table = "users")]"#,
            Self::ApiCall => r#"#[api_call(service = "stripe", endpoint = "/v1/charges")]"#,
            Self::Command => r#"#[command(name = "ban")]"#,
            Self::Task => r#"#[task(name = "cleanup")]"#,
            Self::Startup => r#"#[startup(step = "migrations")]"#,
            Self::ErrorBoundary => r#"#[error_boundary(component = "checkout")]"#,
            Self::Breadcrumb => r#"#[breadcrumb(category = "ui", message = "checkout opened")]"#,
            Self::Metered => r#"#[metered(name = "checkout")]"#,
            Self::HealthCheck => r#"#[health_check(name = "database")]"#,
            Self::CronMonitor => {
                r#"#[cron_monitor(slug = "nightly-report", schedule = "0 3 * * *")]"#
            }
        }
    }
}

impl Display for AttributeKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`#[{}]`", self.name())
    }
}
