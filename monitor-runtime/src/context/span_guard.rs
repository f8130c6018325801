//! A sync function that is running.

use std::any::Any;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::attached::Attached;
use super::exit::Exit;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use crate::callsite::{Callsite, flag, way};
use crate::hub::Hub;
use crate::record::Status;

/// An annotated call that is running on this thread; ends when dropped.
///
/// A guard that is forgotten leaves its span open: it is never recorded, and the enclosing guard
/// puts the thread's context right again.
#[must_use = "the span ends when this is dropped"]
pub struct SpanGuard {
    call: Call,
    /// A span belongs to the thread on which it began.
    _not_send: PhantomData<*const ()>,
}

/// What becomes of the call. The tag is apart from what lies in it: it is looked at in every
/// annotated function.
#[repr(u8)]
enum Call {
    /// Nobody looks at it.
    Unseen,
    /// It stands in the call path, at this depth, and makes no span.
    Silent(&'static Callsite, u32),
    /// A plain span that began the short way.
    Child(Open),
    /// Anything else.
    Any(Running),
}

struct Running {
    open: Open,
    /// Taken out whenever the call ends, so that nothing is left to drop.
    outside: ManuallyDrop<Option<Box<Outside>>>,
}

/// What was current around a call that changes more than the span.
#[derive(Default)]
struct Outside {
    words: Words,
    /// `Some` where the call has a scope of its own.
    scope: Option<Option<Arc<Scope>>>,
    attached: Option<Box<Attached>>,
}

thread_local! {
    /// The box of the last call that needed one: most roots don't allocate.
    static SPARE: Cell<Option<Box<Outside>>> = const { Cell::new(None) };
}

/// Begins a call of this callsite.
///
/// What stands in every annotated function is what a call without a span needs, and a call of
/// another function for those with one.
#[inline]
pub fn enter(site: &'static Callsite) -> SpanGuard {
    let word = site.word();
    // No call of it was ever looked at.
    if word == 0 && !Hub::any() {
        return SpanGuard::new(Call::Unseen);
    }
    match local::with(|local| enter_silently(local, word)) {
        Some(depth) => SpanGuard::new(Call::Silent(site, depth)),
        None => begin(site),
    }
}

/// Puts a call that makes no span here into the path; `None` if it may make one.
#[inline]
fn enter_silently(local: &Local, word: u64) -> Option<u32> {
    let trace = local.trace.get();
    if local.is_recorded() && word & way::SILENT_INSIDE == 0 {
        return None;
    }
    (word & way::silent(trace) != 0).then(|| local.push(way::number(word)))
}

#[inline(never)]
fn begin(site: &'static Callsite) -> SpanGuard {
    // First, so that little has to be kept during a call of another function.
    if std::thread::panicking() {
        return any(site);
    }
    match local::with(|local| Open::child_at_once(local, site)) {
        Some(open) => SpanGuard::new(Call::Child(open)),
        None => any(site),
    }
}

#[inline(never)]
fn any(site: &'static Callsite) -> SpanGuard {
    local::with(|local| match Open::query_at_once(local, site) {
        Some(open) => SpanGuard::new(Call::Child(open)),
        None => SpanGuard::new(Call::any(local, site)),
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
pub fn exit<T: ?Sized>(guard: &mut SpanGuard, out: &T, observe: impl FnOnce(&T, &mut Exit<'_>)) {
    if let Some(open) = guard.open() {
        let mut exit = Exit::new(&open);
        // If `observe` panics the guard's own drop ends the call.
        observe(out, &mut exit);
        // A call with nothing to say is ended by the drop, too.
        if exit.says_something() {
            guard.end(&mut exit);
        }
    }
}

/// Runs the body of an annotated function. A panic ends here, and the call with it.
pub fn caught<T>(
    guard: &mut SpanGuard,
    body: impl FnOnce() -> T,
    fallback: impl FnOnce() -> T,
) -> T {
    // Whoever asks for a fallback says that what the body borrows may be seen after a panic.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(out) => out,
        Err(payload) => {
            drop_payload(payload);
            if let Some(open) = guard.open() {
                let mut exit = Exit::new(&open);
                exit.set_status(Status::Panicked);
                guard.end(&mut exit);
            }
            fallback()
        }
    }
}

/// Drops what a panic carries. That is a value of the program, whose own destructor may panic.
pub(super) fn drop_payload(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// Ends a call of which only the status is looked at: the type of its error, if it failed.
#[inline]
pub fn end(guard: &mut SpanGuard, failed: Option<&'static str>) {
    if let Some(type_name) = failed {
        end_failed(guard, type_name);
    }
}

#[cold]
#[inline(never)]
fn end_failed(guard: &mut SpanGuard, type_name: &'static str) {
    if let Some(open) = guard.open() {
        let mut exit = Exit::new(&open);
        exit.failed_with(type_name);
        guard.end(&mut exit);
    }
}

impl SpanGuard {
    #[inline]
    const fn new(call: Call) -> Self {
        Self { call, _not_send: PhantomData }
    }

    /// The call, if anybody looks at it.
    #[inline]
    fn open(&self) -> Option<Open> {
        match &self.call {
            Call::Unseen => None,
            Call::Silent(site, depth) => Some(Open::silent_at(site, *depth)),
            Call::Child(open) | Call::Any(Running { open, .. }) => Some(*open),
        }
    }

    #[inline(never)]
    fn end(&mut self, exit: &mut Exit<'_>) {
        let call = std::mem::replace(&mut self.call, Call::Unseen);
        local::with(|local| match call {
            Call::Unseen => {}
            Call::Silent(_, depth) => {
                exit.report(local);
                local.pop(depth);
                exit.pass_on(local, depth);
            }
            Call::Child(open) => Running::new(open, None).end(local, exit),
            Call::Any(running) => running.end(local, exit),
        });
    }
}

impl Call {
    #[inline]
    const fn running(open: Open, outside: Option<Box<Outside>>) -> Self {
        Self::Any(Running::new(open, outside))
    }

    #[inline]
    fn any(local: &Local, site: &'static Callsite) -> Self {
        let mut begun = None;
        let open = Open::any(local, site, &mut begun);
        if open.mode == Mode::Off {
            return Self::Unseen;
        }
        let words = local.words();
        local.push(site.number());
        if site.has(flag::MAIN) {
            local.depth_of_main.set(local.depth.get());
        }
        if !open.starts_trace && !site.has(flag::SCOPED | flag::WATCHDOG | flag::CRON) {
            local.span.set(open.span);
            return Self::running(open, None);
        }
        let scope = open.forks_scope(words).then(|| {
            // Until one of them is changed the scope is the same inside and outside.
            if local.has_scope.get() { scope::current() } else { None }
        });
        if let Some(propagation) = begun {
            scope::update(|scope| scope.propagation = Some(propagation));
        }
        local.set_words(open.inside(words));
        if let Some(ai) = site.details.ai {
            scope::begin_ai(local, site, ai, open.start);
        }
        let attached = Attached::begin(local, &open);
        let mut outside = SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default();
        *outside = Outside { words, scope, attached };
        Self::running(open, Some(outside))
    }
}

impl Running {
    #[inline]
    const fn new(open: Open, outside: Option<Box<Outside>>) -> Self {
        Self { open, outside: ManuallyDrop::new(outside) }
    }

    fn end(mut self, local: &Local, exit: &mut Exit<'_>) {
        if let Some(attached) = self.outside.as_mut().and_then(|outside| outside.attached.take()) {
            attached.end(exit.status().is_ok());
        }
        exit.report(local);
        self.open.write(local, exit.status(), exit.end(), None);
        let depth = self.open.depth;
        self.leave(local);
        exit.pass_on(local, depth);
    }

    #[inline]
    fn leave(self, local: &Local) {
        let outside = ManuallyDrop::into_inner(self.outside);
        if !self.open.is_innermost(local) {
            Hub::with_current(local, |hub| hub.losses().out_of_order(1));
        }
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
        match self.call {
            Call::Unseen => {}
            Call::Silent(_, depth) => local::with(|local| local.pop(depth)),
            Call::Child(_) | Call::Any(_) => end_on_drop(self),
        }
    }
}

#[inline(never)]
fn end_on_drop(guard: &mut SpanGuard) {
    // A call that panics has more to say.
    if std::thread::panicking() {
        return end_any(guard);
    }
    match &guard.call {
        Call::Child(open) if local::with(|local| end_at_once(local, open)) => {}
        _ => end_any(guard),
    }
}

/// Ends a plain call without a call of another function, which costs; whether it could.
#[inline]
fn end_at_once(local: &Local, open: &Open) -> bool {
    // A guard around this one may be gone already, or one inside be left.
    if !open.is_innermost(local) || !open.write_at_once(local) {
        return false;
    }
    local.span.set(open.parent);
    local.depth.set(open.depth);
    true
}

#[cold]
#[inline(never)]
fn end_any(guard: &mut SpanGuard) {
    if let Some(open) = guard.open() {
        let mut exit = Exit::new(&open);
        exit.set_status(open.status_on_drop());
        guard.end(&mut exit);
    }
}
