//! Spans that another library of the process has open.

use std::sync::OnceLock;

use super::Parent;

static SPAN: OnceLock<fn() -> Option<Parent>> = OnceLock::new();

/// Says how to find the other library's current span. Roots below it go on with its trace.
#[cfg(feature = "sentry")]
pub(crate) fn set_host_span(find: fn() -> Option<Parent>) {
    let _ = SPAN.set(find);
}

/// Whether there is another library.
#[inline]
pub(crate) fn has_host() -> bool {
    SPAN.get().is_some()
}

pub(crate) fn host_span() -> Option<Parent> {
    SPAN.get().and_then(|find| find())
}
