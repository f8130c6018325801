//! A sync function that is running.

use std::marker::PhantomData;
use std::sync::Arc;

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
    /// The path's depth to go back to.
    depth: u32,
    outside: Option<Outside>,
    /// A span belongs to the thread on which it began.
    _not_send: PhantomData<*const ()>,
}

/// What was current around a call that changes more than the span.
struct Outside {
    words: Words,
    scope: Option<Option<Arc<Scope>>>,
    watch: Option<Watch>,
}

/// Begins a call of this callsite.
#[inline]
pub fn enter(site: &'static Callsite) -> SpanGuard {
    local::with(|local| {
        if local.is_recorded() && !site.has(flag::LONG_WAY_IN) {
            child(local, site)
        } else if local.trace.get() == 0 && !Hub::any() {
            SpanGuard::new(Open::off(site), 0, None)
        } else {
            any(local, site)
        }
    })
}

#[inline(never)]
fn child(local: &Local, site: &'static Callsite) -> SpanGuard {
    let open = Open::child(local, site);
    local.span.set(open.words.span);
    let depth = local.push(site.number());
    SpanGuard::new(open, depth, None)
}

#[inline(never)]
fn any(local: &Local, site: &'static Callsite) -> SpanGuard {
    let outer = local.words();
    let open = Open::any(local, site);
    if open.mode == Mode::Off {
        return SpanGuard::new(open, 0, None);
    }
    let depth = local.push(site.number());
    if open.mode == Mode::Silent && open.words == outer && !site.has(flag::LONG_WAY_IN) {
        return SpanGuard::new(open, depth, None);
    }
    let scope = open.forks_scope(outer).then(|| {
        // An unchanged scope is the same `Arc` inside and outside.
        if local.has_scope.get() { scope::current() } else { None }
    });
    local.set_words(open.words);
    let watch = site.has(flag::WATCHDOG).then(|| watch(local, &open));
    SpanGuard::new(open, depth, Some(Outside { words: outer, scope, watch }))
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
    if guard.open.mode == Mode::Off {
        return;
    }
    let open = guard.open;
    // Ended by hand below; if `observe` panics the guard's own drop ends it.
    let mut exit = Exit::new(&open);
    observe(out, &mut exit);
    guard.end(exit);
    guard.open.mode = Mode::Off;
}

impl SpanGuard {
    #[inline]
    const fn new(open: Open, depth: u32, outside: Option<Outside>) -> Self {
        Self { open, depth, outside, _not_send: PhantomData }
    }

    #[inline(never)]
    fn end(&mut self, mut exit: Exit<'_>) {
        local::with(|local| {
            self.outside.as_mut().and_then(|outside| outside.watch.take());
            exit.report(local);
            self.open.write(local, exit.status(), exit.end(), None);
            self.leave(local);
            exit.pass_on(local, self.depth);
        });
    }

    #[inline]
    fn leave(&mut self, local: &Local) {
        // An enclosing guard that was dropped before has put everything right already.
        if local.depth.get() <= self.depth {
            return;
        }
        local.depth.set(self.depth);
        match self.outside.take() {
            None => local.span.set(self.open.parent),
            Some(outside) => outside.restore(local),
        }
    }
}

impl Outside {
    #[inline(never)]
    fn restore(self, local: &Local) {
        local.set_words(self.words);
        if let Some(scope) = self.scope
            && (scope.is_some() || local.has_scope.get())
        {
            scope::swap(scope);
        }
    }
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
    let status = guard.open.status_on_drop();
    if guard.open.site.has(flag::SLOW | flag::PANICS) {
        let open = guard.open;
        let mut exit = Exit::new(&open);
        exit.set_status(status);
        guard.end(exit);
        return;
    }
    local::with(|local| {
        if guard.open.mode != Mode::Silent {
            guard.open.write(local, status, clock::now(), None);
        }
        drop(guard.outside.as_mut().and_then(|outside| outside.watch.take()));
        guard.leave(local);
    });
}
