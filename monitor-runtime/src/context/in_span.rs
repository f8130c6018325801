//! An async function that is running: a span from the first poll to the end.

#[cfg(feature = "stream")]
mod ai_stream;
mod caught;
#[cfg(feature = "stream")]
mod hold;
mod returned;
#[cfg(feature = "stream")]
mod stream;
#[cfg(feature = "stream")]
mod until_stream;

use std::future::Future;
use std::sync::Arc;
use std::task::Poll;

use super::attached::Attached;
use super::exit::Exit;
use super::failed::Failed;
use super::in_flight::{self, InFlights};
use super::local::{self, Local, POLLS_UNTIMED, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use super::wrapped::{Around, Wrapped};
use crate::callsite::Callsite;
use crate::clock;
use crate::hub::Hub;
use crate::record::Status;

#[cfg(feature = "stream")]
pub use ai_stream::{AiStream, ai_stream, boxed_ai_stream};
pub use caught::{Caught, caught_future};
#[cfg(feature = "stream")]
pub use hold::{hold, hold_opaque, hold_opaque_result};
pub use returned::{future, observed_future, pinned};
#[cfg(feature = "stream")]
pub use stream::{InStream, boxed_stream, stream};
#[cfg(feature = "stream")]
pub use until_stream::{UntilStream, streamed, streamed_future, streamed_now};

/// A future inside the span of an annotated async function.
pub type InSpan<F> = Wrapped<F, InSpanState<<F as Future>::Output>>;

/// The same, with its outcome looked at by a closure.
pub type Observed<F, O> = Wrapped<F, ObservedState<O>>;

/// Puts a future inside a span that nobody looks at the outcome of.
#[inline]
pub fn in_span<F: Future>(site: &'static Callsite, future: F) -> InSpan<F> {
    Wrapped::new(future, InSpanState::new(site, None))
}

/// Puts a future inside a span that fails with it.
#[inline]
pub fn in_fallible_span<F: Future>(
    site: &'static Callsite,
    future: F,
    failed: Option<Failed<F::Output>>,
) -> InSpan<F> {
    Wrapped::new(future, InSpanState::new(site, failed))
}

/// Puts a future inside a span, and looks at its outcome.
#[inline]
pub fn observed<F: Future, O: FnOnce(&F::Output, &mut Exit<'_>)>(
    site: &'static Callsite,
    future: F,
    observe: O,
) -> Observed<F, O> {
    Wrapped::new(future, ObservedState::new(site, observe))
}

/// The span of an annotated async function, between and during polls.
pub struct InSpanState<T> {
    state: State,
    failed: Option<Failed<T>>,
}

impl<T> InSpanState<T> {
    #[inline]
    fn new(site: &'static Callsite, failed: Option<Failed<T>>) -> Self {
        Self { state: State::new(site), failed }
    }
}

impl<T> Around<T> for InSpanState<T> {
    type Out = T;
    type Dropping<'a>
        = Dropping<'a>
    where
        T: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        match &polled {
            Poll::Ready(out) => inside.ready(self.failed.and_then(|failed| failed(out))),
            Poll::Pending => inside.pending(),
        }
        polled
    }

    #[inline]
    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        self.state.enter_to_end(Status::Cancelled)
    }
}

/// As [`InSpanState`], with a closure for the outcome.
pub struct ObservedState<O> {
    state: State,
    observe: Option<O>,
}

impl<O> ObservedState<O> {
    #[inline]
    fn new(site: &'static Callsite, observe: O) -> Self {
        Self { state: State::new(site), observe: Some(observe) }
    }
}

impl<T, O: FnOnce(&T, &mut Exit<'_>)> Around<T> for ObservedState<O> {
    type Out = T;
    type Dropping<'a>
        = Dropping<'a>
    where
        O: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        let Poll::Ready(out) = &polled else {
            inside.pending();
            return polled;
        };
        if let (Some(open), Some(observe)) = (inside.open(), self.observe.take()) {
            let mut exit = Exit::new(&open);
            observe(out, &mut exit);
            if exit.says_something() {
                inside.finish(&mut exit);
            } else {
                inside.ready(None);
            }
        }
        polled
    }

    #[inline]
    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        self.state.enter_to_end(Status::Cancelled)
    }
}

/// Small and quick to make: every call of every annotated async function makes one. The tag is apart from what lies
/// in it: each poll looks at it.
#[repr(u8)]
enum State {
    /// Before the first poll.
    New(&'static Callsite),
    /// Nobody looks at the call, or it has ended.
    Unseen,
    /// Its first poll has come.
    Running(Running),
}

/// A call whose first poll has come.
struct Running {
    open: Open,
    /// What is current during polls; during one what is current around it.
    words: Words,
    /// The same of the scope, if the call has one of its own.
    scope: Option<Arc<Scope>>,
    /// The errors that are on their way up in it; during a poll, those around.
    in_flight: Option<Box<InFlights>>,
    forked: bool,
    /// Ticks inside `poll`.
    busy: u64,
    /// Whether anybody asks how long the polls take: not without a limit of time where there is no span, or the
    /// config says no.
    counts_busy: bool,
    /// When the current poll began, in ticks; 0 where nobody asks.
    since: u64,
    attached: Option<Box<Attached>>,
}

impl State {
    #[inline]
    const fn new(site: &'static Callsite) -> Self {
        Self::New(site)
    }

    /// Makes the span current for one poll.
    ///
    /// This and what ends the poll are functions of their own where the call is looked at: every
    /// annotated function would have its own copy otherwise.
    #[inline]
    fn enter(&mut self) -> Inside<'_> {
        let seen = match self {
            Self::Running(running) => {
                local::with(|local| running.enter(local));
                true
            }
            Self::Unseen => false,
            Self::New(site) => {
                let site = *site;
                *self = Self::Unseen;
                Hub::any() && local::with(|local| self.begin(local, site))
            }
        };
        Inside(seen.then_some(self))
    }

    /// Opens the span, at the first poll; whether anybody looks at the call.
    #[inline(never)]
    fn begin(&mut self, local: &Local, site: &'static Callsite) -> bool {
        // The next poll may be on another thread.
        local.handed_on.set(true);
        let outside = local.words();
        let Some(open) = Open::at_once(local, site) else {
            return self.begin_other(local, site, outside);
        };
        self.put(Self::Running(Running::new(open, outside)));
        true
    }

    /// Puts another state in the place of one that holds nothing to drop.
    #[inline]
    fn put(&mut self, state: Self) {
        std::mem::forget(std::mem::replace(self, state));
    }

    #[inline(never)]
    fn begin_other(&mut self, local: &Local, site: &'static Callsite, outside: Words) -> bool {
        let timed = || {
            let span = Open::timed_span_at_once(local, site, outside.trace);
            span.or_else(|| Open::timed_at_once(local, site))
        };
        let open = if std::thread::panicking() { None } else { timed() };
        let Some(open) = open else { return self.begin_any(local, site) };
        self.put(Self::Running(Running::new(open, outside)));
        true
    }

    #[inline(never)]
    fn begin_any(&mut self, local: &Local, site: &'static Callsite) -> bool {
        let mut begun = None;
        let open = Open::any(local, site, &mut begun);
        if open.mode == Mode::Off {
            return false;
        }
        let outside = local.words();
        let mut running = Running::new(open, open.inside(outside));
        if open.forks_scope(outside) {
            let scope = if local.has_scope.get() { scope::current() } else { None };
            running.scope = scope::begun(scope, begun);
            running.forked = true;
        }
        running.enter_at(local);
        if let Some(ai) = &site.details.ai {
            scope::begin_ai(local, site, ai, open.start);
        }
        // Its own context is the thread's by now.
        running.attached = Attached::begin(local, &running.open);
        *self = Self::Running(running);
        true
    }

    /// Makes the span current while the future is dropped, and ends it then, unless it has ended
    /// or not begun.
    #[inline]
    fn enter_to_end(&mut self, status: Status) -> Dropping<'_> {
        if let Self::Running(running) = self {
            local::with(|local| running.enter(local));
            Dropping(Some(self), status)
        } else {
            Dropping(None, status)
        }
    }

    /// The call, if anybody looks at it and it hasn't ended.
    #[inline]
    fn open(&self) -> Option<Open> {
        match self {
            Self::Running(running) => Some(running.open),
            Self::New(_) | Self::Unseen => None,
        }
    }

    /// Ends the span with the future's outcome: the type of its error, if it failed.
    #[inline(never)]
    fn ready(&mut self, local: &Local, failed: Option<&'static str>) {
        if failed.is_none()
            && let Self::Running(running) = self
            && running.end_at_once(local)
        {
            self.put(Self::Unseen);
        } else {
            self.end_ready(failed);
        }
    }

    #[inline(never)]
    fn end_ready(&mut self, failed: Option<&'static str>) {
        self.end(|exit| {
            if let Some(type_name) = failed {
                exit.failed_with(type_name);
            }
        });
    }

    /// Ends a poll that leaves the future pending.
    #[inline(never)]
    fn pending(&mut self, local: &Local) {
        let Self::Running(running) = self else { return };
        if running.counts_busy {
            running.busy = running.busy_until(clock::now());
        }
        running.leave(local);
    }

    /// Ends the poll, and with a panic the span.
    #[inline(never)]
    fn leave(&mut self) {
        match self {
            Self::Running(running) if running.open.status_on_drop() == Status::Panicked => {
                self.end(|exit| exit.set_status(Status::Panicked));
            }
            _ => local::with(|local| self.pending(local)),
        }
    }

    #[inline(never)]
    fn end_dropped(&mut self, status: Status) {
        let status_of = |open: Open| match open.status_on_drop() {
            Status::Panicked => Status::Panicked,
            _ => status,
        };
        let status = self.open().map_or(status, status_of);
        self.end(|exit| exit.set_status(status));
    }

    fn end(&mut self, outcome: impl FnOnce(&mut Exit<'_>)) {
        if let Some(open) = self.open() {
            let mut exit = Exit::new(&open);
            outcome(&mut exit);
            self.finish(&mut exit);
        }
    }

    #[inline(never)]
    fn finish(&mut self, exit: &mut Exit<'_>) {
        let Self::Running(mut running) = std::mem::replace(self, Self::Unseen) else { return };
        let busy = running.busy_until(exit.end());
        exit.set_busy(busy);
        if let Some(attached) = running.attached.take() {
            attached.end(exit.status().is_ok());
        }
        local::with(|local| {
            exit.report(local);
            running.open.write(local, exit.status(), exit.end(), Some(busy));
            running.leave(local);
            exit.pass_on(local, running.open.depth);
        });
    }
}

impl Running {
    /// The words of a poll that has begun or of one that hasn't, as `words` says.
    #[inline]
    fn new(open: Open, words: Words) -> Self {
        let is_asked = open.mode != Mode::Silent && open.trace & POLLS_UNTIMED == 0;
        let counts_busy = open.start != 0 && (is_asked || open.site.is_timed());
        let since = if counts_busy { open.start } else { 0 };
        let (scope, in_flight, forked, attached) = (None, None, false, None);
        Self { open, words, scope, in_flight, forked, counts_busy, busy: 0, since, attached }
    }

    #[inline(never)]
    fn enter(&mut self, local: &Local) {
        if self.counts_busy {
            self.since = clock::now();
        }
        self.enter_at(local);
    }

    /// Makes the call's context the thread's.
    #[inline]
    fn enter_at(&mut self, local: &Local) {
        if self.forked {
            in_flight::forget_ended(local);
        }
        self.open.depth = local.push(self.open.site.number());
        self.swap(local);
    }

    /// Gives the thread back what was current before.
    #[inline]
    fn leave(&mut self, local: &Local) {
        local.depth.set(self.open.depth);
        self.swap(local);
    }

    /// Exchanges what is the thread's with what is kept here.
    #[inline]
    fn swap(&mut self, local: &Local) {
        let words = local.words();
        local.set_words(self.words);
        self.words = words;
        if self.forked {
            self.swap_more(local);
        }
    }

    /// Mostly there is neither a scope nor an error that is on its way.
    fn swap_more(&mut self, local: &Local) {
        if self.scope.is_some() || local.has_scope.get() {
            self.scope = scope::swap(self.scope.take());
        }
        if self.in_flight.is_some() || in_flight::any(local) {
            self.in_flight = in_flight::swap(local, self.in_flight.take());
        }
    }

    /// Ends a plain span the short way; whether that was possible.
    #[inline]
    fn end_at_once(&mut self, local: &Local) -> bool {
        // So it has neither a scope nor errors: nothing is left to drop.
        if self.forked || self.attached.is_some() {
            return false;
        }
        let ended = match self.open.mode {
            Mode::Child => {
                let busy = |end| self.busy_until(end);
                clock::has_counter() && self.open.write_future_at_once(local, busy)
            }
            Mode::Silent => self.open.ends_plainly(),
            Mode::Off | Mode::Root => false,
        };
        if ended {
            self.leave(local);
        }
        ended
    }

    /// The ticks inside `poll`, if the current one ends at this moment; all of them where nobody asks.
    #[inline]
    fn busy_until(&self, end: u64) -> u64 {
        let since = if self.counts_busy { self.since } else { self.open.start };
        self.busy.saturating_add(end.saturating_sub(since))
    }
}

/// A poll that is running, inside of the span if there is one.
pub(super) struct Inside<'a>(Option<&'a mut State>);

impl Inside<'_> {
    #[inline]
    fn open(&self) -> Option<Open> {
        self.0.as_ref().and_then(|state| state.open())
    }

    /// The future isn't ready: no panic is on its way.
    #[inline]
    fn pending(&mut self) {
        if let Some(state) = self.0.take() {
            local::with(|local| state.pending(local));
        }
    }

    #[inline]
    fn ready(&mut self, failed: Option<&'static str>) {
        if let Some(state) = self.0.take() {
            local::with(|local| state.ready(local, failed));
        }
    }

    #[inline]
    fn finish(&mut self, exit: &mut Exit<'_>) {
        if let Some(state) = self.0.take() {
            state.finish(exit);
        }
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            state.leave();
        }
    }
}

/// A future that is being dropped, inside of its span if that has begun and not ended: it ends so.
pub struct Dropping<'a>(Option<&'a mut State>, Status);

impl Drop for Dropping<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            state.end_dropped(self.1);
        }
    }
}
