//! An async function that is running: a span from the first poll to the end.

mod returned;
#[cfg(feature = "stream")]
mod stream;

use std::future::Future;
use std::sync::Arc;
use std::task::Poll;

use super::exit::Exit;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use super::wrapped::{Around, Wrapped};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::{Watch, watch};
use crate::record::Status;

pub use returned::{future, pinned};
#[cfg(feature = "stream")]
pub use stream::{InStream, boxed_stream, stream};

/// A future inside the span of an annotated async function.
pub type InSpan<F, O> = Wrapped<F, InSpanState<O>>;

/// Puts a future inside a span that nobody looks at the outcome of.
#[inline]
pub fn in_span<F: Future>(
    site: &'static Callsite,
    future: F,
) -> InSpan<F, fn(&F::Output, &mut Exit<'_>)> {
    observed(site, future, |_, _| {})
}

/// Puts a future inside a span, and looks at its outcome.
#[inline]
pub fn observed<F: Future, O: FnOnce(&F::Output, &mut Exit<'_>)>(
    site: &'static Callsite,
    future: F,
    observe: O,
) -> InSpan<F, O> {
    Wrapped::new(future, InSpanState::new(site, observe))
}

/// The span of an annotated async function, between and during polls.
pub struct InSpanState<O> {
    state: State,
    observe: Option<O>,
}

impl<O> InSpanState<O> {
    fn new(site: &'static Callsite, observe: O) -> Self {
        Self { state: State::new(site), observe: Some(observe) }
    }
}

struct State {
    open: Open,
    /// What is current during polls.
    words: Words,
    stage: Stage,
    /// Ticks inside `poll`.
    busy: u64,
    /// The path's depth around the current poll.
    depth: u32,
    scope: Forked,
    watch: Option<Watch>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Running,
    Ended,
}

/// The scope of a call that has one of its own, while it isn't the thread's.
enum Forked {
    No,
    Yes(Option<Arc<Scope>>),
}

impl<T, O: FnOnce(&T, &mut Exit<'_>)> Around<T> for InSpanState<O> {
    #[inline]
    fn around_poll(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        if !self.state.is_on() {
            return poll();
        }
        let mut entered = Entered::new(&mut self.state);
        let polled = poll();
        if let Poll::Ready(out) = &polled
            && let Some(observe) = self.observe.take()
        {
            entered.ready(|exit| observe(out, exit));
        }
        polled
    }

    fn around_drop(&mut self, drop_inner: impl FnOnce()) {
        if self.state.stage == Stage::Running && self.state.open.mode != Mode::Off {
            let mut entered = Entered::new(&mut self.state);
            drop_inner();
            entered.end(Status::Cancelled);
        } else {
            drop_inner();
        }
    }
}

impl State {
    fn new(site: &'static Callsite) -> Self {
        let stage = Stage::New;
        let scope = Forked::No;
        let words = Words::NONE;
        Self { open: Open::off(site), words, stage, busy: 0, depth: 0, scope, watch: None }
    }

    /// Opens the span at the first poll; whether there is anything to do.
    #[inline]
    fn is_on(&mut self) -> bool {
        if self.stage == Stage::New {
            self.stage = Stage::Running;
            self.open();
        }
        self.open.mode != Mode::Off && self.stage == Stage::Running
    }

    #[inline(never)]
    fn open(&mut self) {
        local::with(|local| {
            let site = self.open.site;
            if local.is_recorded() && !site.has(flag::LONG_WAY_IN) {
                self.open = Open::child(local, site);
                self.words = self.open.inside(local.words());
                return;
            }
            self.open = Open::any(local, site);
            if self.open.mode == Mode::Off {
                return;
            }
            let outside = local.words();
            self.words = self.open.inside(outside);
            if self.open.forks_scope(outside) {
                self.scope =
                    Forked::Yes(if local.has_scope.get() { scope::current() } else { None });
            }
        });
    }
}

/// A poll that is running, with the span current on the thread.
struct Entered<'a> {
    state: &'a mut State,
    outside: Words,
    since: u64,
}

impl<'a> Entered<'a> {
    #[inline]
    fn new(state: &'a mut State) -> Self {
        local::with(|local| {
            let outside = local.words();
            local.set_words(state.words);
            state.depth = local.push(state.open.site.number());
            state.swap_scope(local);
            if state.busy == 0 {
                state.watch_first_poll(local);
            }
            let timed = state.open.start != 0;
            let first = state.busy == 0;
            let since = match (timed, first) {
                (false, _) => 0,
                (true, true) => state.open.start,
                (true, false) => clock::now(),
            };
            Self { state, outside, since }
        })
    }

    /// Ends the span with the future's outcome.
    #[inline]
    fn ready(&mut self, observe: impl FnOnce(&mut Exit<'_>)) {
        let open = self.state.open;
        let mut exit = Exit::new(&open);
        observe(&mut exit);
        self.finish(exit);
    }

    #[inline(never)]
    fn end(&mut self, status: Status) {
        let open = self.state.open;
        let mut exit = Exit::new(&open);
        exit.set_status(status);
        self.finish(exit);
    }

    #[inline(never)]
    fn finish(&mut self, mut exit: Exit<'_>) {
        self.state.stage = Stage::Ended;
        let busy = self.state.busy.saturating_add(exit.end().saturating_sub(self.since));
        exit.set_busy(busy);
        drop(self.state.watch.take());
        local::with(|local| {
            exit.report(local);
            self.state.open.write(local, exit.status(), exit.end(), Some(busy));
            self.leave(local);
            exit.pass_on(local, self.state.depth);
        });
    }

    #[inline]
    fn leave(&mut self, local: &Local) {
        local.set_words(self.outside);
        local.depth.set(self.state.depth);
        self.state.swap_scope(local);
    }
}

impl State {
    /// Has the call watched, if it asks for that. Its own context is the thread's by now.
    #[inline]
    fn watch_first_poll(&mut self, local: &Local) {
        if self.open.site.has(flag::WATCHDOG) && self.watch.is_none() {
            self.watch = Some(watch(local, &self.open));
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

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.state.stage == Stage::Ended {
            return;
        }
        if self.state.open.status_on_drop() == Status::Panicked {
            self.end(Status::Panicked);
            return;
        }
        if self.since != 0 {
            // At least one tick, so that the next poll isn't taken for the first.
            self.state.busy += clock::now().saturating_sub(self.since).max(1);
        }
        local::with(|local| self.leave(local));
    }
}
