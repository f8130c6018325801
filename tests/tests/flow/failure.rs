//! Errors that the tests share.

use std::error::Error;
use std::fmt;

/// An error without a source.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused(pub(crate) &'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection refused by {}", self.0)
    }
}

impl Error for Refused {}

/// An error with a source.
#[derive(Debug)]
pub(crate) struct Unavailable {
    pub(crate) source: Refused,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("service unavailable")
    }
}

impl Error for Unavailable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl From<Refused> for Unavailable {
    fn from(source: Refused) -> Self {
        Self { source }
    }
}
