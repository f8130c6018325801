use std::fmt;

use serde::ser;

/// A walk through what a value would serialize is over: it went too far, or the type can't be
/// serialized.
#[derive(Debug)]
pub(super) struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not looked at any further")
    }
}

impl std::error::Error for Stop {}

impl ser::Error for Stop {
    /// What the type says may be of the prompt or the answer: it isn't even formatted.
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }
}
