use std::sync::{Mutex, PoisonError};

use super::baselines::Baselines;
use super::function::{Finding, Function};
use super::slowest::{Call, Slowest, Trace};
use super::tier::PerformanceTier;
use crate::callsite::Callsite;
use crate::clock;
use crate::sketch::Sketch;

/// What is known of the callsites of a hub. The collector writes it; programs read it.
pub(crate) struct Table {
    settings: Baselines,
    /// Never held while code of the program runs.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By the number of the callsite.
    functions: Vec<Option<Box<Function>>>,
    known: usize,
    is_full: bool,
    /// When the open windows are over, in ticks; 0 before the first call.
    window_ends: u64,
    found: Vec<Finding>,
}

/// A span that has ended.
#[derive(Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) callsite: u32,
    pub(crate) id: u64,
    /// In ticks.
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Table {
    pub(crate) fn new(settings: Baselines) -> Self {
        Self { settings, state: Mutex::default() }
    }

    /// Adds the spans of a trace. The tier of the one that is the transaction.
    pub(crate) fn add(
        &self,
        trace: &Trace,
        root: Ended,
        spans: impl Iterator<Item = Ended>,
    ) -> Option<PerformanceTier> {
        self.lock(|state| {
            // By the calls' own time: however late the collector comes, a window has what is in it.
            state.close_if_over(&self.settings, root.end);
            let tier = state.tier(root);
            for span in spans {
                state.add(self.settings.max_functions, trace, span);
            }
            tier
        })
    }

    /// Closes the windows that are over. What was found since the last time.
    pub(super) fn take_findings(&self, now: u64) -> Vec<Finding> {
        self.lock(|state| {
            state.close_if_over(&self.settings, now);
            std::mem::take(&mut state.found)
        })
    }

    /// The last closed window of each callsite.
    pub(crate) fn windows(&self) -> Vec<(&'static Callsite, Sketch)> {
        let mut windows = Vec::new();
        self.each(|site, function| windows.push((site, function.last_window().clone())));
        windows
    }

    pub(super) fn each(&self, mut f: impl FnMut(&'static Callsite, &Function)) {
        self.lock(|state| {
            for (site, function) in state.each() {
                f(site, function);
            }
        });
    }

    fn lock<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    #[inline]
    fn add(&mut self, max: usize, trace: &Trace, span: Ended) {
        let known = self.functions.get_mut(span.callsite as usize);
        let function = match known.and_then(Option::as_mut) {
            Some(function) => function,
            None => match self.begin(max, span.callsite) {
                Some(function) => function,
                None => return,
            },
        };
        let nanos = clock::to_nanos(span.end.saturating_sub(span.start));
        function
            .add(nanos, || Slowest { nanos, call: Some(Call { trace: *trace, span: span.id }) });
    }

    #[cold]
    fn begin(&mut self, max: usize, callsite: u32) -> Option<&mut Box<Function>> {
        if self.known >= max {
            if !std::mem::replace(&mut self.is_full, true) {
                crate::diagnostics::warn(&format!(
                    "more than {max} functions: nothing is said of the latency of further ones"
                ));
            }
            return None;
        }
        let at = callsite as usize;
        if self.functions.len() <= at {
            self.functions.resize_with(at + 1, || None);
        }
        self.known += 1;
        Some(self.functions.get_mut(at)?.insert(Box::default()))
    }

    fn tier(&self, root: Ended) -> Option<PerformanceTier> {
        let usual = self.functions.get(root.callsite as usize)?.as_ref()?.usual()?;
        let nanos = clock::to_nanos(root.end.saturating_sub(root.start));
        Some(usual.latency.tier(std::time::Duration::from_nanos(nanos)))
    }

    #[inline]
    fn close_if_over(&mut self, settings: &Baselines, now: u64) {
        if now >= self.window_ends {
            self.close(settings, now);
        }
    }

    #[cold]
    fn close(&mut self, settings: &Baselines, now: u64) {
        let window = u64::try_from(settings.window.as_nanos()).unwrap_or(u64::MAX);
        let mut found = std::mem::take(&mut self.found);
        // The first windows begin with the first call.
        if self.window_ends != 0 {
            for (number, function) in (0..).zip(&mut self.functions) {
                let site = Callsite::by_number(number);
                if let (Some(function), Some(site)) = (function, site) {
                    function.close(site, settings, &mut found);
                }
            }
        }
        self.found = found;
        self.window_ends = now.saturating_add(clock::from_nanos(window));
    }

    fn each(&self) -> impl Iterator<Item = (&'static Callsite, &Function)> {
        (0..).zip(&self.functions).filter_map(|(number, function)| {
            Some((Callsite::by_number(number)?, function.as_deref()?))
        })
    }
}
