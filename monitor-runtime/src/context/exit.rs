//! The end of a call: its outcome, and what is reported of it.

use std::borrow::Cow;

use super::ai_call::{self, AiSeen};
use super::capture::{self, Fate};
use super::handle::add_breadcrumb;
use super::in_flight::{self, InFlight, State};
use super::local::Local;
use super::open::{Mode, Open};
use super::passing;
use super::scope;
use crate::ai::AiResponse;
use crate::callsite::flag;
use crate::clock;
use crate::collect::{Key, Plain};
use crate::errors::{AiErrorInfo, AiFailure};
use crate::hub::Hub;
use crate::metrics::{self, Ended};
use crate::policy::slow;
use crate::record::{Breadcrumb, Failure, Status};

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
    /// What an HTTP server answered.
    code: Option<u64>,
    skip: bool,
    left_out: bool,
    in_flight: Option<InFlight>,
    /// Of the error that ended the call.
    type_name: &'static str,
    /// Category and text of the breadcrumb that the enclosing scope gets.
    crumb: Option<(&'static str, &'static str)>,
    /// What an AI call gave.
    ai: Option<Box<AiSeen>>,
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
            code: None,
            skip: false,
            left_out: false,
            in_flight: None,
            type_name: "",
            crumb: None,
            ai: None,
        }
    }

    /// The same of a copy of the call.
    pub(crate) fn moved_to<'b>(self, open: &'b Open) -> Exit<'b> {
        let Self { status, end, busy, slow, rows, code, skip, left_out, .. } = self;
        let Self { in_flight, type_name, crumb, ai, .. } = self;
        Exit {
            open,
            status,
            end,
            busy,
            slow,
            rows,
            code,
            skip,
            left_out,
            in_flight,
            type_name,
            crumb,
            ai,
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
        let is_odd = self.end != 0 || !self.status.is_ok() || self.crumb.is_some();
        is_odd || self.code.is_some() || self.ai.is_some()
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
        self.type_name = failure.type_name;
        if self.open.site.has(flag::AI) {
            self.ai_failed(failure);
        }
        if !self.skip {
            // What is done for the event takes no part of the call's time.
            self.take_time();
            let fate = capture::outcome(self.open, failure, self.end);
            self.note(fate);
        }
    }

    /// Finds out why, for the event and the span.
    fn ai_failed(&mut self, failure: &Failure<'_>) {
        let Some(call) = scope::ai_call(self.open.site) else { return };
        let said = self.ai.as_mut().and_then(|seen| seen.failure.take()).unwrap_or_default();
        let failure = said.completed(&capture::texts(failure));
        let mut said = call.said();
        said.failure = Some(failure);
        if said.denied {
            // Of that the budget has its own event: neither this call nor those around it make one.
            (self.skip, self.left_out) = (true, true);
        }
    }

    /// Says that the call failed, with the name of the error's type: nothing is captured.
    pub(crate) fn failed_with(&mut self, type_name: &'static str) {
        self.status = Status::Error;
        self.type_name = type_name;
        let fate = capture::passed(self.open, type_name);
        self.note(fate);
    }

    fn note(&mut self, fate: Fate) {
        match fate {
            Fate::Unknown => {}
            Fate::LeftOut => self.left_out = true,
            Fate::Known(in_flight) => self.in_flight = Some(in_flight),
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

    /// Says how many records a search of a memory found; `count` runs only where somebody sees it.
    #[inline]
    pub fn count(&mut self, count: impl FnOnce() -> Option<u64>) {
        ai_call::write_count(self.open, count);
    }

    /// Says what an AI call gave: `read` fills the place for it.
    #[inline]
    pub fn response(&mut self, read: impl FnOnce(&mut AiResponse)) {
        read(&mut self.seen().response);
    }

    /// Says what a model answered, where that may be recorded; `read` doesn't run otherwise.
    pub fn output<'t>(&mut self, read: impl FnOnce() -> Option<Cow<'t, str>>) {
        let may = |hub: &Hub| hub.settings().records_ai_outputs();
        let skips = || scope::ai_call(self.open.site).is_none_or(|call| call.said().skip);
        if scope::hub().is_some_and(may) && !skips() {
            self.seen().output = read().map(Cow::into_owned);
        }
    }

    /// Says what the error that follows knows of the request.
    #[inline]
    pub fn ai_error(&mut self, info: Option<&dyn AiErrorInfo>) {
        if let Some(info) = info {
            self.seen().failure = Some(AiFailure::of(info));
        }
    }

    fn seen(&mut self) -> &mut AiSeen {
        self.ai.get_or_insert_with(AiSeen::place)
    }

    /// Says with which status code an HTTP server answered. From 400 the call has failed; what is
    /// not from 200 to 299 is no success.
    pub fn status_code(&mut self, code: impl FnOnce() -> Option<u64>) {
        let has_span = matches!(self.open.mode, Mode::Child | Mode::Root);
        if (has_span || self.open.site.is_metered())
            && let Some(code) = code()
        {
            self.code = Some(code);
            if has_span {
                write_status_code(self.open, code);
            }
            if code >= 400 && self.status.is_ok() {
                self.status = Status::Error;
            }
        }
    }

    /// Leaves a breadcrumb in the enclosing scope if the call has gone well.
    pub fn on_success(&mut self, category: &'static str, message: &'static str) {
        if self.status.is_ok() {
            self.crumb = Some((category, message));
        }
    }

    pub(crate) const fn set_status(&mut self, status: Status) {
        self.status = status;
    }

    pub(crate) const fn set_busy(&mut self, busy: u64) {
        self.busy = Some(busy);
    }

    /// What one item of a stream said.
    #[cfg(feature = "stream")]
    pub(super) fn take_seen(&mut self) -> Box<AiSeen> {
        self.ai.take().unwrap_or_else(AiSeen::place)
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
        if self.open.site.is_metered() && self.end != 0 {
            let nanos = self.open.elapsed_nanos(self.end);
            let (site, status, code) = (self.open.site, self.status, self.code);
            metrics::call_ended(&Ended { site, status, nanos, code });
        }
        if self.status == Status::Panicked && self.open.site.has(flag::PANICS) {
            capture::panic(local, self.open);
        }
        if self.open.site.has(flag::AI) {
            self.ai = ai_call::finish(local, self.open, (self.status, self.end), self.ai.take());
        }
    }

    /// Leaves word for the enclosing annotated call of the error that ended this one, and whether
    /// it is captured already. That call's scope is current again; `depth` is its place in the
    /// path, counted from 1.
    #[inline]
    pub(crate) fn pass_on(&mut self, local: &Local, depth: u32) {
        if self.status == Status::Error && depth > 0 {
            self.leave_word(local);
        }
        if let Some((category, message)) = self.crumb {
            add_breadcrumb(Breadcrumb::new(category, message));
        }
        if let Some(seen) = self.ai.take() {
            leave_ai_crumb(seen);
        }
    }

    #[cold]
    fn leave_word(&mut self, local: &Local) {
        let reported = match self.left_out {
            true => Some(State::LeftOut),
            false => self.in_flight.as_ref().map(|in_flight| in_flight.state),
        };
        passing::note(local, self.open.site.number(), self.type_name, reported);
        if let Some(error) = self.in_flight.take() {
            in_flight::add(local, error);
        }
    }
}

#[cold]
#[inline(never)]
fn leave_ai_crumb(mut seen: Box<AiSeen>) {
    if let Some(breadcrumb) = seen.breadcrumb.take() {
        add_breadcrumb(breadcrumb);
    }
    AiSeen::give_back(seen);
}

#[inline(never)]
fn write_status_code(open: &Open, code: u64) {
    let success = (200..300).contains(&code);
    let values =
        [("http.response.status_code", Plain::U64(code)), ("api.success", Plain::Bool(success))];
    super::local::with(|local| {
        for (key, value) in values {
            local.write_value(open.site.number(), Key::Named(key), value);
        }
    });
}
