use crate::diagnostics::alternatives;
use crate::parse::Given;

/// How bad an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Fatal,
}

const NAMES: [&str; 5] = ["debug", "info", "warning", "error", "fatal"];

impl Level {
    /// `level = "warning"`
    pub(crate) fn read(given: &mut Given<'_>) -> Option<Self> {
        let (name, value) = given.word("level", r#"level = "warning""#)?;
        Self::named(&name).map_err(|message| given.diagnostics().over(&value, message)).ok()
    }

    /// The level, or a message that names the nearest one.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        match name {
            "debug" => Ok(Self::Debug),
            "info" => Ok(Self::Info),
            "warning" => Ok(Self::Warning),
            "error" => Ok(Self::Error),
            "fatal" => Ok(Self::Fatal),
            "warn" => Err("unknown level `warn`; did you mean `warning`?".into()),
            _ => Err(format!("unknown level `{name}`{}", alternatives(name, &NAMES))),
        }
    }

    /// The variant's name in the runtime.
    pub(crate) fn variant(self) -> &'static str {
        match self {
            Self::Debug => "Debug",
            Self::Info => "Info",
            Self::Warning => "Warning",
            Self::Error => "Error",
            Self::Fatal => "Fatal",
        }
    }
}
