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
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::Poll;

use super::attached::Attached;
use super::exit::Exit;
use super::failed::Failed;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use super::wrapped::{Around, Wrapped};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::groups::count_query;
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
        = Inside<'a>
    where
        T: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        if let Poll::Ready(out) = &polled {
            let failed = match self.failed {
                Some(failed) => failed(out),
                None => None,
            };
            inside.ready(failed);
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
        = Inside<'a>
    where
        O: 'a;

    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let mut inside = self.state.enter();
        let polled = poll();
        if let (Poll::Ready(out), Some(entered)) = (&polled, inside.0.as_mut())
            && let Some(observe) = self.observe.take()
        {
            let open = entered.running.open;
            let mut exit = Exit::new(&open);
            observe(out, &mut exit);
            entered.finish(exit);
        }
        polled
    }

    #[inline]
    fn enter_to_drop(&mut self) -> Self::Dropping<'_> {
        self.state.enter_to_end(Status::Cancelled)
    }
}

/// Small and quick to make: every call of every annotated async function makes one.
struct State {
    site: &'static Callsite,
    is_new: bool,
    /// `None` before the first poll, and where nobody looks at the call.
    running: Option<Running>,
}

/// A call whose first poll has come.
struct Running {
    open: Open,
    /// What is current during polls.
    words: Words,
    has_ended: bool,
    /// Ticks inside `poll`.
    busy: u64,
    /// The path's depth around the current poll.
    depth: u32,
    scope: Forked,
    attached: Option<Box<Attached>>,
}

/// The scope of a call that has one of its own, while it isn't the thread's.
enum Forked {
    No,
    Yes(Option<Arc<Scope>>),
}

impl State {
    #[inline]
    const fn new(site: &'static Callsite) -> Self {
        Self { site, is_new: true, running: None }
    }

    /// Makes the span current for one poll.
    ///
    /// This and what ends the poll are functions of their own: every annotated function would
    /// have its own copy otherwise.
    #[inline(never)]
    fn enter(&mut self) -> Inside<'_> {
        if self.is_new {
            self.is_new = false;
            self.running = if Hub::any() { Running::open(self.site) } else { None };
        }
        self.enter_again(None)
    }

    /// Makes the span current while the future is dropped, and ends it then, unless it has ended
    /// or not begun.
    #[inline(never)]
    fn enter_to_end(&mut self, status: Status) -> Inside<'_> {
        self.enter_again(Some(status))
    }

    #[inline]
    fn enter_again(&mut self, last: Option<Status>) -> Inside<'_> {
        let running = self.running.as_mut().filter(|running| !running.has_ended);
        Inside(ManuallyDrop::new(running.map(|running| Entered::new(running, last))))
    }
}

impl Running {
    /// Opens the span, at the first poll.
    #[inline]
    fn open(site: &'static Callsite) -> Option<Self> {
        local::with(|local| {
            let way = site.flags & flag::LONG_WAY_IN;
            if local.is_recorded() && (way == 0 || way == flag::QUERY) {
                let open = Open::child(local, site);
                if way != 0 {
                    count_query(local, open.trace);
                }
                return Some(Self::new(open, open.inside(local.words()), Forked::No));
            }
            Self::open_any(local, site)
        })
    }

    #[cold]
    #[inline(never)]
    fn open_any(local: &Local, site: &'static Callsite) -> Option<Self> {
        let mut begun = None;
        let open = Open::any(local, site, &mut begun);
        if open.mode == Mode::Off {
            return None;
        }
        let outside = local.words();
        let forked = if open.forks_scope(outside) {
            let scope = if local.has_scope.get() { scope::current() } else { None };
            let scope = scope::begun(scope, begun);
            Forked::Yes(match site.details.ai {
                Some(ai) => Some(scope::with_ai(scope, site, ai, open.start)),
                None => scope,
            })
        } else {
            Forked::No
        };
        Some(Self::new(open, open.inside(outside), forked))
    }

    #[inline]
    const fn new(open: Open, words: Words, scope: Forked) -> Self {
        Self { open, words, has_ended: false, busy: 0, depth: 0, scope, attached: None }
    }
}

/// A poll that is running, inside of the span if there is one.
pub struct Inside<'a>(ManuallyDrop<Option<Entered<'a>>>);

impl Inside<'_> {
    /// Ends the span with the future's outcome: the type of its error, if it failed.
    #[inline(never)]
    fn ready(&mut self, failed: Option<&'static str>) {
        let Some(entered) = self.0.as_mut() else { return };
        let open = entered.running.open;
        let mut exit = Exit::new(&open);
        if let Some(type_name) = failed {
            exit.failed_with(type_name);
        }
        entered.finish(exit);
    }
}

impl Drop for Inside<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(entered) = self.0.take() {
            entered.leave_poll();
        }
    }
}

/// A poll that is running, with the span current on the thread.
struct Entered<'a> {
    running: &'a mut Running,
    outside: Words,
    since: u64,
    /// How the span ends with this poll; `None` if it goes on.
    last: Option<Status>,
}

impl<'a> Entered<'a> {
    #[inline]
    fn new(running: &'a mut Running, last: Option<Status>) -> Self {
        local::with(|local| {
            let outside = local.words();
            local.set_words(running.words);
            running.depth = local.push(running.open.site.number());
            running.swap_scope(local);
            if running.busy == 0 {
                running.attach(local);
            }
            let timed = running.open.start != 0;
            let first = running.busy == 0;
            let since = match (timed, first) {
                (false, _) => 0,
                (true, true) => running.open.start,
                (true, false) => clock::now(),
            };
            Self { running, outside, since, last }
        })
    }

    #[inline(never)]
    fn end(&mut self, status: Status) {
        let open = self.running.open;
        let mut exit = Exit::new(&open);
        exit.set_status(status);
        self.finish(exit);
    }

    #[inline(never)]
    fn finish(&mut self, mut exit: Exit<'_>) {
        self.running.has_ended = true;
        let busy = self.running.busy.saturating_add(exit.end().saturating_sub(self.since));
        exit.set_busy(busy);
        if let Some(attached) = self.running.attached.take() {
            attached.end(exit.status().is_ok());
        }
        local::with(|local| {
            exit.report(local);
            self.running.open.write(local, exit.status(), exit.end(), Some(busy));
            self.leave(local);
            exit.pass_on(local, self.running.depth);
        });
    }

    fn leave(&mut self, local: &Local) {
        local.set_words(self.outside);
        local.depth.set(self.running.depth);
        self.running.swap_scope(local);
    }
}

impl Running {
    /// Attaches what goes along with the call, at its first poll.
    #[inline]
    fn attach(&mut self, local: &Local) {
        if self.attached.is_none() {
            self.attached = Attached::begin(local, &self.open);
        }
    }

    /// Exchanges the thread's scope with the call's own, if it has one.
    #[inline]
    fn swap_scope(&mut self, local: &Local) {
        if let Forked::Yes(own) = &mut self.scope
            && (own.is_some() || local.has_scope.get())
        {
            *own = scope::swap(own.take());
        }
    }
}

impl Entered<'_> {
    /// Ends the poll; and the span, with a panic or because this is the last.
    fn leave_poll(mut self) {
        if self.running.has_ended {
            return;
        }
        let panicked = self.running.open.status_on_drop() == Status::Panicked;
        if let Some(status) = if panicked { Some(Status::Panicked) } else { self.last } {
            self.end(status);
            return;
        }
        if self.since != 0 {
            // At least one tick, so that the next poll isn't taken for the first.
            self.running.busy += clock::now().saturating_sub(self.since).max(1);
        }
        local::with(|local| self.leave(local));
    }
}
