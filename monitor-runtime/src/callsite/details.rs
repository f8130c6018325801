//! What only some attributes say, apart from the callsite: most callsites share the empty one.

use crate::record::{Level, Monitor};

/// What the attributes of a function say with literals, beside op and name.
#[doc(hidden)]
#[derive(Debug)]
pub struct Details {
    /// The function's name, where the span has another.
    pub(crate) function: Option<&'static str>,
    pub(crate) description: Option<&'static str>,
    pub(crate) fields: &'static [&'static str],
    pub(crate) min_duration_nanos: u64,
    pub(crate) slow: Option<Slow>,
    pub(crate) capture: Capture,
    pub(crate) ai: Option<Ai>,
    /// The names of the counter and of the timing that `#[metered]` asks for.
    pub(crate) metered: Option<(&'static str, &'static str)>,
    /// Makes what is said of a job that runs on a schedule.
    pub(crate) cron: Option<fn() -> Monitor>,
}

/// The arguments of `#[slow_threshold]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub(crate) millis: u64,
    /// Empty: the default message.
    pub(crate) message: &'static str,
}

/// The arguments of `#[capture_errors]` that are literals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capture {
    /// `None`: what the error says.
    pub(crate) level: Option<Level>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) details: &'static [(&'static str, &'static str)],
    pub(crate) tags: &'static [(&'static str, &'static str)],
    pub(crate) fingerprint: &'static [&'static str],
}

/// The arguments of `#[ai_call]` that are literals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ai {
    /// Empty where none is named: an agent, a tool.
    pub(crate) provider: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) model: Option<&'static str>,
    /// What the attribute says of the cost: `off`, `metric` or `span`.
    pub(crate) cost: Option<&'static str>,
    /// Who counts the tokens.
    pub(crate) budget: Option<&'static str>,
    /// In milliseconds; 0: nobody asks.
    pub(crate) slow_ttft_millis: u64,
    /// For how long a stream may be open until it is reported, in nanoseconds; 0: as the config says.
    #[cfg_attr(not(feature = "stream"), expect(dead_code, reason = "streams have it"))]
    pub(crate) max_open_nanos: u64,
    /// Whether the call leaves a breadcrumb.
    pub(crate) breadcrumb: bool,
}

/// What an AI call is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AiKind {
    /// Of a model: tokens are used.
    Model,
    /// Of an agent, which makes calls of models.
    Agent,
    /// Of a tool, which a model asked for.
    Tool,
    /// Of what agents remember.
    Memory,
}

impl Ai {
    pub(crate) fn kind(&self) -> AiKind {
        match self.operation {
            "invoke_agent" | "create_agent" => AiKind::Agent,
            "execute_tool" => AiKind::Tool,
            memory if memory.ends_with("_memory") || memory.ends_with("_memory_store") => {
                AiKind::Memory
            }
            _ => AiKind::Model,
        }
    }

    /// Whether a span is called so because of what it asks: by the operation, and by the model that the
    /// attribute names.
    pub(crate) fn gives_name(&self, name: &str) -> bool {
        let Some(rest) = name.strip_prefix(self.operation) else { return false };
        rest.is_empty() || self.model.is_some_and(|model| rest.strip_prefix(' ') == Some(model))
    }

    /// Whether a model is asked, and so tokens are used: agents and tools only lead to such
    /// calls, and memories to none.
    pub(crate) fn asks_a_model(&self) -> bool {
        self.kind() == AiKind::Model
    }
}

impl Details {
    pub(crate) const NONE: Self = Self {
        function: None,
        description: None,
        fields: &[],
        min_duration_nanos: 0,
        slow: None,
        capture: Capture { level: None, kind: None, details: &[], tags: &[], fingerprint: &[] },
        ai: None,
        metered: None,
        cron: None,
    };

    /// Whether calls are counted: what they do has metrics of its own, or `#[metered]` asks for it.
    pub(crate) const fn is_metered(&self) -> bool {
        let by_kind = match self.capture.kind {
            Some(kind) => matches!(kind.as_bytes(), b"database" | b"api" | b"command"),
            None => false,
        };
        by_kind || self.metered.is_some()
    }
}

#[doc(hidden)]
impl Details {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only statics are made of it")]
    pub const fn new() -> Self {
        Self::NONE
    }

    #[must_use]
    pub const fn function(self, name: &'static str) -> Self {
        Self { function: Some(name), ..self }
    }

    #[must_use]
    pub const fn description(self, description: &'static str) -> Self {
        Self { description: Some(description), ..self }
    }

    #[must_use]
    pub const fn fields(self, fields: &'static [&'static str]) -> Self {
        Self { fields, ..self }
    }

    #[must_use]
    pub const fn min_duration(self, nanos: u64) -> Self {
        Self { min_duration_nanos: nanos, ..self }
    }

    #[must_use]
    pub const fn slow(self, millis: u64, message: &'static str) -> Self {
        Self { slow: Some(Slow { millis, message }), ..self }
    }

    #[must_use]
    pub const fn level(self, level: Level) -> Self {
        let capture = Capture { level: Some(level), ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn kind(
        self,
        kind: &'static str,
        details: &'static [(&'static str, &'static str)],
    ) -> Self {
        let capture = Capture { kind: Some(kind), details, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn tags(self, tags: &'static [(&'static str, &'static str)]) -> Self {
        let capture = Capture { tags, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn fingerprint(self, fingerprint: &'static [&'static str]) -> Self {
        let capture = Capture { fingerprint, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn metered(self, calls: &'static str, duration: &'static str) -> Self {
        Self { metered: Some((calls, duration)), ..self }
    }

    #[must_use]
    pub const fn ai(self, provider: &'static str, operation: &'static str) -> Self {
        let ai = Ai {
            provider,
            operation,
            model: None,
            cost: None,
            budget: None,
            slow_ttft_millis: 0,
            max_open_nanos: 0,
            breadcrumb: false,
        };
        Self { ai: Some(ai), ..self }
    }

    #[must_use]
    pub const fn ai_breadcrumb(self) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { breadcrumb: true, ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn ai_model(self, model: &'static str) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { model: Some(model), ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn ai_cost(self, cost: &'static str) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { cost: Some(cost), ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn ai_budget(self, budget: &'static str) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { budget: Some(budget), ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn slow_ttft(self, millis: u64) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { slow_ttft_millis: millis, ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn max_open(self, nanos: u64) -> Self {
        match self.ai {
            Some(ai) => Self { ai: Some(Ai { max_open_nanos: nanos, ..ai }), ..self },
            None => self,
        }
    }

    #[must_use]
    pub const fn cron(self, monitor: fn() -> Monitor) -> Self {
        Self { cron: Some(monitor), ..self }
    }
}
