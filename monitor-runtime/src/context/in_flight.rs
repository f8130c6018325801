//! The error that is on its way up through annotated functions.

use crate::record::Exception;

/// An error that was captured and is being returned.
///
/// The annotated function around looks here when it fails: the same error, passed on or wrapped,
/// is not captured again.
#[derive(Clone, Debug)]
pub(crate) struct InFlight {
    pub(crate) innermost: Exception,
    /// Which call may take it on: its depth in the path, counted from 1, and the span inside it.
    pub(crate) depth: u32,
    pub(crate) span: u64,
}

impl InFlight {
    /// Whether this chain of exceptions holds, or quotes, what was captured before.
    ///
    /// Wrapping keeps the innermost error as a source; a conversion that formats its source keeps
    /// its text.
    pub(crate) fn is_in(&self, exceptions: &[Exception]) -> bool {
        let text = &self.innermost.value;
        exceptions.iter().any(|error| {
            error == &self.innermost || (!text.is_empty() && error.value.contains(text.as_str()))
        })
    }
}
