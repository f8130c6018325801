//! The end of a call: its outcome, and what is reported of it.

use std::sync::Arc;

use super::capture;
use super::in_flight::InFlight;
use super::local::Local;
use super::open::{Mode, Open};
use super::scope;
use crate::callsite::flag;
use crate::clock;
use crate::collect::{Key, Plain};
use crate::policy::slow;
use crate::record::{Failure, Status, Usage};

/// The end of an annotated call, while its outcome is looked at.
pub struct Exit<'a> {
    open: &'a Open,
    status: Status,
    /// In ticks; 0 where nobody asks for the time.
    end: u64,
    /// In ticks; for futures the time in `poll`.
    busy: Option<u64>,
    /// In nanoseconds, if it is over the limit.
    slow: Option<u64>,
    rows: Option<u64>,
    skip: bool,
    in_flight: Option<Box<InFlight>>,
}

impl<'a> Exit<'a> {
    #[inline]
    pub(crate) const fn new(open: &'a Open) -> Self {
        Self {
            open,
            status: Status::Ok,
            end: 0,
            busy: None,
            slow: None,
            rows: None,
            skip: false,
            in_flight: None,
        }
    }

    /// Takes the time, once.
    fn take_time(&mut self) {
        let open = self.open;
        let timed = open.mode != Mode::Silent || open.start != 0;
        if self.end != 0 || !timed {
            return;
        }
        self.end = clock::now();
        if slow::is_over(open.site, self.end.saturating_sub(open.start)) {
            self.slow = Some(open.elapsed_nanos(self.end));
        }
    }

    /// Whether the call ended in any other way than most do.
    #[inline]
    pub(crate) const fn says_something(&self) -> bool {
        self.end != 0 || !self.status.is_ok()
    }

    /// Says whether the failure that follows is one that must not be captured.
    #[inline]
    pub fn skip(&mut self, skip: bool) {
        self.skip = skip;
    }

    /// Says how the call failed, if it did.
    #[inline]
    pub fn failure(&mut self, failure: Option<Failure<'_>>) {
        if let Some(failure) = failure {
            self.failed(&failure);
        }
    }

    #[cold]
    fn failed(&mut self, failure: &Failure<'_>) {
        self.status = Status::Error;
        if !self.skip {
            self.in_flight = capture::outcome(self.open, failure).map(Box::new);
        }
    }

    /// Says how many rows a slow call had; `count` runs only for one.
    #[inline]
    pub fn rows(&mut self, count: impl FnOnce() -> Option<u64>) {
        self.take_time();
        if self.slow.is_some() {
            self.rows = count();
        }
    }

    /// Says how many tokens an AI call used.
    #[inline]
    pub fn usage(&mut self, usage: impl FnOnce() -> Option<Usage>) {
        if matches!(self.open.mode, Mode::Child | Mode::Root)
            && let Some(usage) = usage()
        {
            write_usage(self.open, &usage);
        }
    }

    pub(crate) const fn set_status(&mut self, status: Status) {
        self.status = status;
    }

    pub(crate) const fn set_busy(&mut self, busy: u64) {
        self.busy = Some(busy);
    }

    pub(crate) const fn status(&self) -> Status {
        self.status
    }

    /// When the call ended.
    pub(crate) fn end(&mut self) -> u64 {
        self.take_time();
        self.end
    }

    /// Reports a slow call or a panic. The call's own scope and span are still current.
    pub(crate) fn report(&mut self, local: &Local) {
        self.take_time();
        if let Some(nanos) = self.slow {
            let busy = self.busy.map_or(nanos, clock::to_nanos);
            slow::report(local, self.open, nanos, busy, self.rows);
        }
        if self.status == Status::Panicked && self.open.site.has(flag::PANICS) {
            capture::panic(local, self.open);
        }
    }

    /// Leaves word for the enclosing annotated call that this error is captured already. That
    /// call's scope is current again; `depth` is its place in the path, counted from 1.
    #[inline]
    pub(crate) fn pass_on(&mut self, local: &Local, depth: u32) {
        if let (Some(mut in_flight), true) = (self.in_flight.take(), depth > 0) {
            in_flight.depth = depth;
            in_flight.span = local.span.get();
            scope::update(|scope| scope.in_flight = Some(Arc::new(*in_flight)));
        }
    }
}

#[inline(never)]
fn write_usage(open: &Open, usage: &Usage) {
    let counts = [
        ("gen_ai.usage.input_tokens", usage.input),
        ("gen_ai.usage.output_tokens", usage.output),
        ("gen_ai.usage.cache_read.input_tokens", usage.cache_read),
        ("gen_ai.usage.cache_creation.input_tokens", usage.cache_creation),
        ("gen_ai.usage.reasoning.output_tokens", usage.reasoning),
        ("gen_ai.usage.total_tokens", usage.total()),
    ];
    super::local::with(|local| {
        for (key, count) in counts {
            if let Some(count) = count {
                local.write_value(open.site.number(), Key::Named(key), Plain::U64(count));
            }
        }
    });
}
