//! The error that is on its way up through annotated functions.

use std::sync::Arc;

use crate::record::Exception;

/// Errors that one call remembers, beside the last one.
const MAX_EARLIER: usize = 3;

/// An error that was captured and is being returned.
///
/// The annotated function around looks here when it fails: the same error, passed on or wrapped,
/// is not captured again.
#[derive(Clone, Debug)]
pub(crate) struct InFlight {
    pub(crate) innermost: Exception,
    pub(crate) state: State,
    /// Which call may take it on: its depth in the path, counted from 1, and the span inside it.
    pub(crate) depth: u32,
    pub(crate) span: u64,
    /// Errors that left other calls of that one before: it may keep one and return it later.
    pub(crate) earlier: Option<Arc<Self>>,
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
    pub(crate) fn new(innermost: Exception, state: State) -> Self {
        Self { innermost, state, depth: 0, span: 0, earlier: None }
    }

    /// The one that this chain of exceptions holds, or quotes.
    ///
    /// Wrapping keeps the innermost error as a source; a conversion that formats its source keeps
    /// its text.
    pub(crate) fn found_in(&self, exceptions: &[Exception]) -> Option<&Self> {
        let all = std::iter::successors(Some(self), |one| one.earlier.as_deref());
        all.take(MAX_EARLIER + 1).find(|one| one.is_in(exceptions))
    }

    fn is_in(&self, exceptions: &[Exception]) -> bool {
        let text = &self.innermost.value;
        exceptions.iter().any(|error| {
            error == &self.innermost || (!text.is_empty() && error.value.contains(text.as_str()))
        })
    }

    /// The same with those of before, if they left calls of the same one; the oldest are forgotten.
    pub(crate) fn after(self, before: Option<Arc<Self>>) -> Self {
        let same = |one: &Arc<Self>| one.depth == self.depth && one.span == self.span;
        let earlier = before.filter(same).and_then(|one| one.shortened(MAX_EARLIER));
        Self { earlier, ..self }
    }

    fn shortened(self: Arc<Self>, max: usize) -> Option<Arc<Self>> {
        let count = std::iter::successors(Some(&self), |one| one.earlier.as_ref()).count();
        if count <= max {
            return Some(self);
        }
        let max = max.checked_sub(1)?;
        let earlier = self.earlier.clone().and_then(|one| one.shortened(max));
        Some(Arc::new(Self { earlier, ..Self::clone(&self) }))
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
    fn the_last_four_are_remembered() {
        let mut last: Option<Arc<InFlight>> = None;
        for number in 0..10 {
            let next = InFlight::new(error(&format!("error {number}")), State::Sent).after(last);
            last = Some(Arc::new(next));
        }
        let last = last.unwrap();
        let known = |number: u32| last.found_in(&[error(&format!("error {number}"))]).is_some();
        assert!((6..10).all(known) && !(0..6).any(known));
        assert!(last.found_in(&[error("x"), error("caused by error 8")]).is_some());
    }
}
