//! The errors that are on their way up through annotated functions.

use std::sync::Arc;

use super::capture::give_back;
use crate::record::Exception;

/// Errors that one call remembers.
const REMEMBERED: usize = 4;

/// An error that was captured and is being returned.
#[derive(Clone, Debug)]
pub(crate) struct InFlight {
    /// The error and its sources, of which the last one tells errors apart.
    exceptions: Arc<[Exception]>,
    pub(crate) state: State,
}

/// The errors that left calls of one call: it may keep one and return it later.
///
/// The annotated function around looks here when it fails: the same error, passed on or wrapped,
/// is not captured again.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlights {
    /// Which call may take them on: its depth in the path, counted from 1, and the span inside it.
    depth: u32,
    span: u64,
    /// The newest first.
    errors: [Option<InFlight>; REMEMBERED],
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// An event.
    Sent,
    /// A breadcrumb and a count.
    Expected,
    /// Nothing: its callsite has had its share of events. Only `passing.rs` knows of such.
    LeftOut,
}

impl InFlight {
    pub(crate) fn new(exceptions: Arc<[Exception]>, state: State) -> Self {
        Self { exceptions, state }
    }

    fn is_in(&self, exceptions: &[Exception]) -> bool {
        let Some(innermost) = self.exceptions.last() else { return false };
        let text = &innermost.value;
        exceptions.iter().any(|error| {
            error == innermost || (!text.is_empty() && error.value.contains(text.as_str()))
        })
    }
}

impl Drop for InFlights {
    fn drop(&mut self) {
        self.forget();
    }
}

impl InFlights {
    /// Remembers one more of this call; those of another call are forgotten, and the oldest one.
    pub(crate) fn add(&mut self, error: InFlight, depth: u32, span: u64) {
        if !self.are_of(depth, span) {
            self.forget();
            (self.depth, self.span) = (depth, span);
        }
        self.errors.rotate_right(1);
        if let Some(oldest) = self.errors[0].replace(error) {
            give_back(oldest.exceptions);
        }
    }

    /// Their memory is for the next ones.
    fn forget(&mut self) {
        for error in self.errors.iter_mut().filter_map(Option::take) {
            give_back(error.exceptions);
        }
    }

    /// Whether they left calls of this one.
    pub(crate) fn are_of(&self, depth: u32, span: u64) -> bool {
        self.depth == depth && self.span == span
    }

    /// The newest.
    pub(crate) fn last(&self) -> Option<&InFlight> {
        self.errors[0].as_ref()
    }

    /// The one that this chain of exceptions holds, or quotes.
    ///
    /// Wrapping keeps the innermost error as a source; a conversion that formats its source keeps
    /// its text.
    pub(crate) fn found_in(&self, exceptions: &[Exception]) -> Option<&InFlight> {
        self.errors.iter().flatten().find(|error| error.is_in(exceptions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Exception {
        let type_name = "Error".into();
        Exception { type_name, value: text.into(), module: None, frames: Vec::new() }
    }

    #[test]
    fn the_last_four_of_one_call_are_remembered() {
        let mut errors = InFlights::default();
        let one =
            |number: u32| InFlight::new(Arc::new([error(&format!("error {number}"))]), State::Sent);
        for number in 0..10 {
            errors.add(one(number), 2, 7);
        }
        let known = |errors: &InFlights, number: u32| {
            errors.found_in(&[error(&format!("error {number}"))]).is_some()
        };
        assert!((6..10).all(|n| known(&errors, n)) && !(0..6).any(|n| known(&errors, n)));
        assert!(errors.found_in(&[error("x"), error("caused by error 8")]).is_some());
        assert!(errors.are_of(2, 7) && !errors.are_of(2, 8));
        errors.add(one(10), 1, 7);
        assert!(known(&errors, 10) && !known(&errors, 9));
    }
}
