//! An async function that is running: a span from the first poll to the end.

mod caught;
mod returned;
#[cfg(feature = "stream")]
mod stream;

use std::future::Future;
use std::sync::Arc;
use std::task::Poll;

use super::exit::Exit;
use super::failed::Failed;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use super::wrapped::{Around, Wrapped};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::{Watch, watch};
use crate::hub::Hub;
use crate::record::Status;

pub use caught::{Caught, caught_future};
pub use returned::{future, observed_future, pinned};
#[cfg(feature = "stream")]
pub use stream::{InStream, boxed_stream, stream};

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
    type Dropping<'a>
        = Inside<'a>
    where
        T: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        if let Poll::Ready(out) = &polled {
            inside.ready(self.failed.and_then(|failed| failed(out)));
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
    type Dropping<'a>
        = Inside<'a>
    where
        O: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        if let (Poll::Ready(out), Some(open)) = (&polled, inside.open())
            && let Some(observe) = self.observe.take()
        {
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

/// Small and quick to make: every call of every annotated async function makes one.
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
    /// What is current during polls, beside the trace and the span.
    hub: u32,
    root: u32,
    /// Ticks inside `poll`.
    busy: u64,
    /// Whether the call has a scope of its own; it lies in `scope` while it isn't the thread's.
    forked: bool,
    scope: Option<Arc<Scope>>,
    watch: Option<Watch>,
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
        match self {
            Self::New(_) if !Hub::any() => {
                *self = Self::Unseen;
                Inside(None)
            }
            Self::Unseen => Inside(None),
            Self::New(_) | Self::Running(_) => self.enter_seen(),
        }
    }

    #[inline(never)]
    fn enter_seen(&mut self) -> Inside<'_> {
        local::with(|local| match self {
            Self::Running(running) => {
                let since = if running.open.start == 0 { 0 } else { clock::now() };
                Inside::enter(local, self, since)
            }
            Self::New(site) => {
                let site = *site;
                self.begin(local, site)
            }
            Self::Unseen => Inside(None),
        })
    }

    /// Opens the span, at the first poll.
    #[inline]
    fn begin(&mut self, local: &Local, site: &'static Callsite) -> Inside<'_> {
        let outside = Outside { words: local.words(), depth: local.depth.get() };
        let child = || Open::child_at_once(local, site);
        let Some(open) = child().or_else(|| Open::query_at_once(local, site)) else {
            return self.begin_any(local, site);
        };
        let Words { hub, root, .. } = outside.words;
        *self = Self::Running(Running::new(open, hub, root));
        Inside(Some(Entered { state: self, outside, since: open.start, last: None }))
    }

    #[cold]
    #[inline(never)]
    fn begin_any(&mut self, local: &Local, site: &'static Callsite) -> Inside<'_> {
        let mut begun = None;
        let open = Open::any(local, site, &mut begun);
        if open.mode == Mode::Off {
            *self = Self::Unseen;
            return Inside(None);
        }
        let outside = local.words();
        let Words { hub, root, .. } = open.inside(outside);
        let mut running = Running::new(open, hub, root);
        if open.forks_scope(outside) {
            let scope = if local.has_scope.get() { scope::current() } else { None };
            running.scope = scope::begun(scope, begun);
            running.forked = true;
        }
        *self = Self::Running(running);
        let mut inside = Inside::enter(local, self, open.start);
        // Its own context is the thread's by now.
        if site.has(flag::WATCHDOG)
            && let Some(running) = inside.running()
        {
            running.watch = Some(watch(local, &open));
        }
        inside
    }

    /// Makes the span current while the future is dropped, and ends it then, unless it has ended
    /// or not begun.
    #[inline]
    fn enter_to_end(&mut self, status: Status) -> Inside<'_> {
        match self {
            Self::New(_) | Self::Unseen => Inside(None),
            Self::Running(_) => self.enter_for_the_last_time(status),
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_for_the_last_time(&mut self, status: Status) -> Inside<'_> {
        let mut inside = self.enter_seen();
        if let Some(entered) = inside.0.as_mut() {
            entered.last = Some(status);
        }
        inside
    }
}

impl Running {
    #[inline]
    const fn new(open: Open, hub: u32, root: u32) -> Self {
        Self { open, hub, root, busy: 0, forked: false, scope: None, watch: None }
    }

    /// Exchanges the thread's scope with the call's own, if it has one.
    #[inline]
    fn swap_scope(&mut self, local: &Local) {
        if self.forked && (self.scope.is_some() || local.has_scope.get()) {
            self.scope = scope::swap(self.scope.take());
        }
    }

    /// The ticks inside `poll` until `end`, with those of the poll that began at `since`.
    #[inline]
    fn busy_until(&self, end: u64, since: u64) -> u64 {
        self.busy.saturating_add(end.saturating_sub(since))
    }
}

/// What is current around a poll.
#[derive(Clone, Copy)]
struct Outside {
    words: Words,
    /// The path's depth.
    depth: u32,
}

/// A poll that is running, inside of the span if there is one.
pub struct Inside<'a>(Option<Entered<'a>>);

/// A poll that is running, with the span current on the thread.
struct Entered<'a> {
    /// Running, until the span ends.
    state: &'a mut State,
    outside: Outside,
    /// When the poll began, in ticks; 0 where nobody asks for the time.
    since: u64,
    /// How the span ends with this poll; `None` if it goes on.
    last: Option<Status>,
}

impl<'a> Inside<'a> {
    /// Makes a running call's context the thread's.
    #[inline]
    fn enter(local: &Local, state: &'a mut State, since: u64) -> Self {
        let outside = Outside { words: local.words(), depth: local.depth.get() };
        if let State::Running(running) = state {
            let Running { open, hub, root, .. } = *running;
            local.set_words(Words { trace: open.trace, span: open.span, hub, root });
            running.open.depth = local.push(open.site.number());
            running.swap_scope(local);
        }
        Self(Some(Entered { state, outside, since, last: None }))
    }

    #[inline]
    fn running(&mut self) -> Option<&mut Running> {
        match self.0.as_mut()?.state {
            State::Running(running) => Some(running),
            State::New(_) | State::Unseen => None,
        }
    }

    /// The call, if anybody looks at it and it hasn't ended.
    #[inline]
    fn open(&mut self) -> Option<Open> {
        self.running().map(|running| running.open)
    }

    /// Ends the span with the future's outcome: the type of its error, if it failed.
    #[inline]
    fn ready(&mut self, failed: Option<&'static str>) {
        if let Some(entered) = self.0.take() {
            entered.ready(failed);
        }
    }

    #[inline(never)]
    fn finish(&mut self, exit: &mut Exit<'_>) {
        if let Some(entered) = self.0.take() {
            local::with(|local| entered.finish(local, exit));
        }
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(entered) = self.0.take() {
            entered.leave_poll();
        }
    }
}

impl Entered<'_> {
    #[inline(never)]
    fn ready(mut self, failed: Option<&'static str>) {
        local::with(|local| {
            if failed.is_none() && self.end_at_once(local) {
                return;
            }
            self.end(local, |exit| {
                if let Some(type_name) = failed {
                    exit.failed_with(type_name);
                }
            });
        });
    }

    /// Ends a plain span the short way; whether that was possible.
    #[inline]
    fn end_at_once(&mut self, local: &Local) -> bool {
        let State::Running(running) = &*self.state else { return false };
        if running.forked || running.watch.is_some() {
            return false;
        }
        let busy = |end| running.busy_until(end, self.since);
        let ended = match running.open.mode {
            Mode::Child => clock::has_counter() && running.open.write_future_at_once(local, busy),
            Mode::Silent => running.open.start == 0,
            Mode::Off | Mode::Root => false,
        };
        if ended {
            *self.state = State::Unseen;
            self.outside.restore(local);
        }
        ended
    }

    /// Ends the poll; and the span, with a panic or because this is the last.
    #[inline(never)]
    fn leave_poll(self) {
        local::with(|local| {
            let State::Running(running) = &mut *self.state else { return };
            let panicked = running.open.status_on_drop() == Status::Panicked;
            if panicked || self.last.is_some() {
                return self.end_early(local, panicked);
            }
            if self.since != 0 {
                running.busy = running.busy_until(clock::now(), self.since);
            }
            running.swap_scope(local);
            self.outside.restore(local);
        });
    }

    #[cold]
    #[inline(never)]
    fn end_early(self, local: &Local, panicked: bool) {
        let last = self.last.unwrap_or(Status::Panicked);
        self.end(local, |exit| exit.set_status(if panicked { Status::Panicked } else { last }));
    }

    fn end(self, local: &Local, outcome: impl FnOnce(&mut Exit<'_>)) {
        let State::Running(running) = &self.state else { return };
        let open = running.open;
        let mut exit = Exit::new(&open);
        outcome(&mut exit);
        self.finish(local, &mut exit);
    }

    fn finish(self, local: &Local, exit: &mut Exit<'_>) {
        let State::Running(mut running) = std::mem::replace(self.state, State::Unseen) else {
            return;
        };
        let busy = running.busy_until(exit.end(), self.since);
        exit.set_busy(busy);
        drop(running.watch.take());
        exit.report(local);
        running.open.write(local, exit.status(), exit.end(), Some(busy));
        running.swap_scope(local);
        self.outside.restore(local);
        exit.pass_on(local, self.outside.depth);
    }
}

impl Outside {
    #[inline]
    fn restore(&self, local: &Local) {
        local.set_words(self.words);
        local.depth.set(self.depth);
    }
}
