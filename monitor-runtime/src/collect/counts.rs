//! How many spans of each callsite were recorded.

use std::sync::{Mutex, PoisonError};

/// By the number of the callsite.
static ALL: Mutex<Vec<u64>> = Mutex::new(Vec::new());

/// What a pass of the collector adds to that: it costs a span an addition.
#[derive(Default)]
pub(super) struct Counts {
    new: Vec<u64>,
    any: bool,
}

impl Counts {
    #[inline]
    pub(super) fn add(&mut self, callsite: u32) {
        match self.new.get_mut(callsite as usize) {
            Some(count) => *count += 1,
            None => self.begin(callsite as usize),
        }
        self.any = true;
    }

    #[cold]
    fn begin(&mut self, callsite: usize) {
        self.new.resize(callsite + 1, 0);
        self.new[callsite] = 1;
    }

    /// Adds what this pass has counted to the rest.
    pub(super) fn publish(&mut self) {
        if !std::mem::take(&mut self.any) {
            return;
        }
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < self.new.len() {
            all.resize(self.new.len(), 0);
        }
        for (all, new) in all.iter_mut().zip(&mut self.new) {
            *all += std::mem::take(new);
        }
    }
}

/// The spans of each callsite so far.
pub(crate) fn all() -> Vec<u64> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
