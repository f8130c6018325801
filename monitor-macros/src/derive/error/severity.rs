use crate::diagnostics::alternatives;

/// How bad an error is for those who run the program.
#[derive(Clone, Copy)]
pub(super) enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

const NAMES: [&str; 4] = ["low", "medium", "high", "critical"];

impl Severity {
    /// The severity, or a message that names the nearest one.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        match name {
            "low" => Ok(Self::Low),
            "medium" => Ok(Self::Medium),
            "high" => Ok(Self::High),
            "critical" => Ok(Self::Critical),
            _ => Err(format!("unknown severity `{name}`{}", alternatives(name, &NAMES))),
        }
    }

    /// The variant's name in the runtime.
    pub(super) fn variant(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }
}
