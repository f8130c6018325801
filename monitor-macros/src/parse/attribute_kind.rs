use std::fmt::{self, Display};

/// Which of the attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Traced,
    CaptureErrors,
    SlowThreshold,
    AiCall,
}

impl AttributeKind {
    const ALL: [Self; 4] = [Self::Traced, Self::CaptureErrors, Self::SlowThreshold, Self::AiCall];

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
                "prompt",
                "agent",
                "tool",
                "conversation",
                "usage",
                "crate",
            ],
        }
    }

    /// The attribute as one would write it.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Traced => r#"#[traced(op = "db.query")]"#,
            Self::CaptureErrors => r#"#[capture_errors(level = "warning")]"#,
            Self::SlowThreshold => "#[slow_threshold(ms = 1000)]",
            Self::AiCall => r#"#[ai_call(provider = "openai", model = "gpt-4o")]"#,
        }
    }
}

impl Display for AttributeKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`#[{}]`", self.name())
    }
}
