//! How many spans of each callsite were recorded.

use std::sync::{Mutex, PoisonError};

use crate::callsite::Callsite;

/// By the number of the callsite.
static ALL: Mutex<Vec<u64>> = Mutex::new(Vec::new());

/// What a pass of the collector adds to that: it costs a span an addition.
#[derive(Default)]
pub(super) struct Counts {
    new: Vec<Count>,
    any: bool,
}

#[derive(Clone, Copy, Default)]
struct Count {
    spans: u64,
    is_known: bool,
    may_be_short: bool,
}

/// Spans of one callsite that come one behind the other: they are added at once.
#[derive(Default)]
pub(super) struct Run {
    callsite: u32,
    spans: u64,
    pub(super) may_be_short: bool,
}

impl Run {
    #[inline]
    pub(super) fn add(&mut self, callsite: u32, counts: &mut Counts) {
        if callsite != self.callsite {
            self.go_to(callsite, counts);
        }
        self.spans += 1;
    }

    fn go_to(&mut self, callsite: u32, counts: &mut Counts) {
        self.end(counts);
        *self = Self { callsite, spans: 0, may_be_short: counts.add(callsite, 0) };
    }

    pub(super) fn end(&self, counts: &mut Counts) {
        if self.spans > 0 {
            counts.add(self.callsite, self.spans);
        }
    }
}

impl Counts {
    /// Counts spans; whether they may have to be left out for being short.
    #[inline]
    pub(super) fn add(&mut self, callsite: u32, spans: u64) -> bool {
        self.any = true;
        match self.new.get_mut(callsite as usize) {
            Some(count) if count.is_known => {
                count.spans += spans;
                count.may_be_short
            }
            _ => self.begin(callsite, spans),
        }
    }

    #[cold]
    fn begin(&mut self, number: u32, spans: u64) -> bool {
        let site = Callsite::by_number(number);
        let may_be_short = site.is_none_or(|site| site.details.min_duration_nanos > 0);
        let at = number as usize;
        if site.is_some() {
            if at >= self.new.len() {
                self.new.resize(at + 1, Count::default());
            }
            self.new[at] = Count { spans, is_known: true, may_be_short };
        }
        may_be_short
    }

    /// Adds what this pass has counted to the rest; whether that was anything.
    pub(super) fn publish(&mut self) -> bool {
        if !std::mem::take(&mut self.any) {
            return false;
        }
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < self.new.len() {
            all.resize(self.new.len(), 0);
        }
        for (all, new) in all.iter_mut().zip(&mut self.new) {
            *all += std::mem::take(&mut new.spans);
        }
        true
    }
}

/// The spans of each callsite so far.
pub(crate) fn all() -> Vec<u64> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
