//! An error that says what it is told to.

use std::fmt;

use monitor_runtime::capture_errors;

#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Fails with this text.
#[capture_errors]
pub(crate) fn fail(text: &str) -> Result<(), Failure> {
    Err(Failure(text.to_owned()))
}
