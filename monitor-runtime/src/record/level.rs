use std::fmt;

/// How serious an event or a breadcrumb is; Sentry's levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Level {
    /// Of use while developing.
    Debug,
    /// Something that is expected to happen; the default of breadcrumbs and messages.
    #[default]
    Info,
    /// Something that a person may want to look at.
    Warning,
    /// A failure; the default of captured errors.
    Error,
    /// A failure that ended the program or the task; panics.
    Fatal,
}

impl Level {
    /// The level's name as Sentry writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
