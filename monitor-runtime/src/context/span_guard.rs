//! A sync function that is running.

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::exit::Exit;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::{Watch, watch};
use crate::hub::Hub;

/// An annotated call that is running on this thread; ends when dropped.
///
/// A guard that is forgotten leaves its span open: it is never recorded, and the enclosing guard
/// puts the thread's context right again.
#[must_use = "the span ends when this is dropped"]
pub struct SpanGuard {
    open: Open,
    /// Taken out whenever the call ends, so that nothing is left to drop.
    outside: ManuallyDrop<Option<Box<Outside>>>,
    /// A span belongs to the thread on which it began.
    _not_send: PhantomData<*const ()>,
}

/// What was current around a call that changes more than the span.
#[derive(Default)]
struct Outside {
    words: Words,
    /// `Some` where the call has a scope of its own.
    scope: Option<Option<Arc<Scope>>>,
    watch: Option<Watch>,
}

thread_local! {
    /// The box of the last call that needed one: most roots don't allocate.
    static SPARE: Cell<Option<Box<Outside>>> = const { Cell::new(None) };
}

/// Begins a call of this callsite.
#[inline]
pub fn enter(site: &'static Callsite) -> SpanGuard {
    let trace = local::with(|local| local.trace.get());
    if trace.cast_signed() > 0 && !site.has(flag::LONG_WAY_IN) {
        child(site)
    } else if trace == 0 && !Hub::any() {
        SpanGuard::new(Open::off(site))
    } else if trace != 0 && !site.has(flag::LONG_WAY_IN) {
        silent(site)
    } else {
        any(site)
    }
}

#[inline(never)]
fn child(site: &'static Callsite) -> SpanGuard {
    let open = local::with(|local| {
        let open = Open::child_at_once(local, site)?;
        local.push(site.known_number());
        local.span.set(open.span);
        Some(open)
    });
    match open {
        Some(open) => SpanGuard::new(open),
        None => any(site),
    }
}

#[cold]
#[inline(never)]
fn any(site: &'static Callsite) -> SpanGuard {
    let mut guard = SpanGuard::new(Open::off(site));
    local::with(|local| guard.enter(local));
    guard
}

/// A call below an unsampled root.
#[inline(never)]
fn silent(site: &'static Callsite) -> SpanGuard {
    local::with(|local| {
        let open = Open::silent(local, site);
        local.push(site.number());
        SpanGuard::new(open)
    })
}

/// Runs the body of an annotated function.
///
/// The bound is what makes the body a closure that may give away what it captures.
#[inline(always)]
#[expect(clippy::inline_always, reason = "the body must be compiled as if it stood there itself")]
pub fn once<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// Ends a call whose outcome is looked at.
#[inline]
pub fn exit<T: ?Sized>(mut guard: SpanGuard, out: &T, observe: impl FnOnce(&T, &mut Exit<'_>)) {
    if guard.open.mode != Mode::Off {
        let open = guard.open;
        let mut exit = Exit::new(&open);
        // If `observe` panics the guard's own drop ends the call.
        observe(out, &mut exit);
        // A call with nothing to say is ended by the drop, too.
        if exit.says_something() {
            guard.end(&mut exit);
            guard.open.mode = Mode::Off;
        }
    }
}

impl SpanGuard {
    #[inline]
    const fn new(open: Open) -> Self {
        Self { open, outside: ManuallyDrop::new(None), _not_send: PhantomData }
    }

    fn enter(&mut self, local: &Local) {
        let site = self.open.site;
        self.open = Open::any(local, site);
        if self.open.mode == Mode::Off {
            return;
        }
        let words = local.words();
        local.push(site.number());
        if self.open.mode == Mode::Child && !site.has(flag::LONG_WAY_IN) {
            local.span.set(self.open.span);
            return;
        }
        let scope = self.open.forks_scope(words).then(|| {
            // Until one of them is changed the scope is the same inside and outside.
            if local.has_scope.get() { scope::current() } else { None }
        });
        local.set_words(self.open.inside(words));
        let watch = site.has(flag::WATCHDOG).then(|| watch(local, &self.open));
        let mut outside = SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default();
        *outside = Outside { words, scope, watch };
        *self.outside = Some(outside);
    }

    #[inline(never)]
    fn end(&mut self, exit: &mut Exit<'_>) {
        local::with(|local| {
            self.stop_watching();
            exit.report(local);
            self.open.write(local, exit.status(), exit.end(), None);
            self.leave(local);
            exit.pass_on(local, self.open.depth);
        });
    }

    fn stop_watching(&mut self) {
        if let Some(outside) = self.outside.as_mut() {
            drop(outside.watch.take());
        }
    }

    #[inline]
    fn leave(&mut self, local: &Local) {
        let outside = self.outside.take();
        // An enclosing guard that was dropped before has put everything right already.
        if local.depth.get() <= self.open.depth {
            return;
        }
        local.depth.set(self.open.depth);
        match outside {
            None => local.span.set(self.open.parent),
            Some(outside) => restore(local, outside),
        }
    }
}

#[inline(never)]
fn restore(local: &Local, mut outside: Box<Outside>) {
    local.set_words(outside.words);
    if let Some(scope) = outside.scope.take()
        && (scope.is_some() || local.has_scope.get())
    {
        drop(scope::swap(scope));
    }
    let _ = SPARE.try_with(|spare| spare.set(Some(outside)));
}

impl Drop for SpanGuard {
    #[inline]
    fn drop(&mut self) {
        if self.open.mode != Mode::Off {
            end_on_drop(self);
        }
    }
}

#[inline(never)]
fn end_on_drop(guard: &mut SpanGuard) {
    if !local::with(|local| guard.end_at_once(local)) {
        end_any(guard);
    }
}

#[cold]
#[inline(never)]
fn end_any(guard: &mut SpanGuard) {
    let open = guard.open;
    let mut exit = Exit::new(&open);
    exit.set_status(open.status_on_drop());
    guard.end(&mut exit);
}

impl SpanGuard {
    /// Ends a plain call without a call of another function, which costs; whether it could.
    #[inline]
    fn end_at_once(&mut self, local: &Local) -> bool {
        let open = &self.open;
        let plain = self.outside.is_none() && local.depth.get() > open.depth;
        if !plain || std::thread::panicking() {
            return false;
        }
        match open.mode {
            Mode::Child => {
                let (Some(room), true) = (local.room(), clock::has_counter()) else { return false };
                let end = clock::from_counter();
                let limit = open.site.slow_ticks.load(Ordering::Relaxed);
                if end.saturating_sub(open.start) >= limit {
                    return false;
                }
                local.write_to(&room, open.child_record(end));
                local.span.set(open.parent);
            }
            Mode::Silent if open.start == 0 => {}
            Mode::Off | Mode::Silent | Mode::Root => return false,
        }
        local.depth.set(open.depth);
        true
    }
}
