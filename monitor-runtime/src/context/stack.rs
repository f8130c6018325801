//! Reports of error-stack, which keep their errors in a list: rungs of the ladder in `seen.rs`.

use std::backtrace::Backtrace;
use std::error::Error;

use error_stack::{Frame, FrameKind, Report};

use super::seen::{ByMonitorError, Seen};
use crate::errors::MonitorError;
use crate::record::{ErrorStack, ErrorView, Failure};

/// A report whose outermost error says how it is to be reported. It stands on the rung of those errors
/// themselves: of two rungs at one height the compiler tells whoever has made another mistake.
impl<'a, T, C> ByMonitorError<'a> for &&&&&&&Seen<'a, Result<T, Report<C>>>
where
    C: MonitorError + Send + Sync + 'static,
{
    #[inline]
    fn __monitor_failure(&self) -> Option<Failure<'a>> {
        let report = self.0.as_ref().err()?;
        Some(failure(report, report.downcast_ref::<C>().map(|error| error as _)))
    }
}

/// Any other.
pub trait ByStack<'a> {
    /// How the call failed.
    fn __monitor_failure(&self) -> Option<Failure<'a>>;
}

impl<'a, T, C> ByStack<'a> for &&&&&&Seen<'a, Result<T, Report<C>>> {
    #[inline]
    fn __monitor_failure(&self) -> Option<Failure<'a>> {
        Some(failure(self.0.as_ref().err()?, None))
    }
}

fn failure<'a, C>(report: &'a Report<C>, own: Option<&'a dyn MonitorError>) -> Failure<'a> {
    let type_name = std::any::type_name::<Report<C>>();
    Failure { type_name, view: ErrorView::Stack(report, own) }
}

impl<C> ErrorStack for Report<C> {
    fn errors(&self) -> Vec<&(dyn Error + 'static)> {
        self.frames().filter_map(context).collect()
    }

    fn backtrace(&self) -> Option<&Backtrace> {
        self.downcast_ref::<Backtrace>()
    }
}

fn context(frame: &Frame) -> Option<&(dyn Error + 'static)> {
    match frame.kind() {
        FrameKind::Context(error) => Some(error),
        FrameKind::Attachment(_) => None,
    }
}
