//! A sync function that is running.

use std::any::Any;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::exit::Exit;
use super::local::{self, Local};
use super::open::Open;
use super::running::{self, Running};
use crate::callsite::{Callsite, way};
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

/// What becomes of the call. The tag is apart from what lies in it, and those that other functions see to
/// are the last: it is looked at in every annotated function.
#[repr(u8)]
enum Call {
    /// Nobody looks at it.
    Unseen,
    /// A span that began the shortest way, and ends so: nobody asks how long it took.
    Span(Open),
    /// It stands in the call path, at this depth, and makes no span.
    Silent(&'static Callsite, u32),
    /// A span, or none, that began a short way.
    Short(Open),
    /// Anything else. Taken out whenever the call ends, so that nothing is left to drop.
    Any(ManuallyDrop<Box<Running>>),
}

/// Begins a call whose end is said by [`returned`], [`end`] or [`exit`]: only a panic drops the guard.
///
/// What stands in every annotated function is what a call without a span needs, and a call of another function
/// for those with one. That one is given the thread's words: a library doesn't get at them as easily as the
/// program itself.
#[inline]
pub fn begin(site: &'static Callsite) -> SpanGuard {
    begin_with(site, begin_span)
}

/// Begins a call that ends when the guard is dropped, by a return as well as by a panic.
#[inline]
pub fn enter(site: &'static Callsite) -> SpanGuard {
    begin_with(site, enter_span)
}

#[inline]
fn begin_with(
    site: &'static Callsite,
    begin: impl FnOnce(&Local, &'static Callsite, u64) -> SpanGuard,
) -> SpanGuard {
    let local = local::of_thread();
    let trace = local.trace.get();
    if trace.cast_signed() <= 0 {
        let word = site.word();
        // No call of it was ever looked at.
        if word == 0 && !Hub::any() {
            return SpanGuard::new(Call::Unseen);
        }
        // There is no more to keep than that it runs.
        if word & way::silent(trace) != 0 {
            return SpanGuard::new(Call::Silent(site, local.push(way::number(word))));
        }
    }
    begin(local, site, trace)
}

/// The same for a guard that the program keeps, and may drop when other calls have ended.
pub fn enter_by_hand(site: &'static Callsite) -> SpanGuard {
    let guard = enter(site);
    local::with(|local| local.handed_on.set(true));
    guard
}

/// Begins a call that isn't one of those.
#[inline(never)]
fn begin_span(local: &Local, site: &'static Callsite, trace: u64) -> SpanGuard {
    match Open::span_at_once(local, site, trace) {
        Some(open) => SpanGuard::new(Call::Span(open)),
        None => begin_timed(local, site, trace),
    }
}

#[inline(never)]
fn begin_timed(local: &Local, site: &'static Callsite, trace: u64) -> SpanGuard {
    match Open::timed_span_at_once(local, site, trace) {
        Some(open) => SpanGuard::new(Call::Short(open)),
        None => begin_other(local, site),
    }
}

/// The same for a guard that is dropped by a return, too: whether a panic was on its way says of which the
/// drop comes.
#[inline(never)]
fn enter_span(local: &Local, site: &'static Callsite, trace: u64) -> SpanGuard {
    if std::thread::panicking() { begin_any(local, site) } else { begin_span(local, site, trace) }
}

#[inline(never)]
fn begin_other(local: &Local, site: &'static Callsite) -> SpanGuard {
    let word = site.word();
    if let Some(open) = Open::timed_at_once(local, site) {
        SpanGuard::new(Call::Short(open))
    } else if word & way::silent(local.trace.get()) != 0 {
        SpanGuard::new(Call::Silent(site, local.push(way::number(word))))
    } else {
        begin_any(local, site)
    }
}

#[inline(never)]
fn begin_any(local: &Local, site: &'static Callsite) -> SpanGuard {
    let running = running::begin(local, site);
    SpanGuard::new(running.map_or(Call::Unseen, |running| Call::Any(ManuallyDrop::new(running))))
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
    let silent;
    let open = match &guard.call {
        Call::Unseen => return,
        Call::Silent(site, depth) => {
            silent = local::with(|local| Open::silent_at(local, site, *depth));
            &silent
        }
        Call::Span(open) | Call::Short(open) => open,
        Call::Any(running) => &running.open,
    };
    let mut exit = Exit::new(open);
    // If `observe` panics the guard's own drop ends the call.
    observe(out, &mut exit);
    if exit.says_something() {
        let open = *open;
        guard.end(&mut exit.moved_to(&open));
    } else {
        returned(guard);
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

/// Ends a call that has returned.
#[inline]
pub fn returned(guard: &mut SpanGuard) {
    if !matches!(guard.call, Call::Unseen) {
        local::with(|local| leave(guard, local));
    }
    // As the compiler knows by this, there is nothing to drop.
    guard.call = Call::Unseen;
}

/// Ends a call of which only the status is looked at: the type of its error, if it failed.
#[inline]
pub fn end(guard: &mut SpanGuard, failed: Option<&'static str>) {
    if let Some(type_name) = failed {
        end_failed(guard, type_name);
        guard.call = Call::Unseen;
    } else {
        returned(guard);
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
            Call::Silent(site, depth) => {
                Some(local::with(|local| Open::silent_at(local, site, *depth)))
            }
            Call::Span(open) | Call::Short(open) => Some(*open),
            Call::Any(running) => Some(running.open),
        }
    }

    #[inline(never)]
    fn end(&mut self, exit: &mut Exit<'_>) {
        match std::mem::replace(&mut self.call, Call::Unseen) {
            Call::Unseen => {}
            Call::Silent(_, depth) => local::with(|local| {
                exit.report(local);
                local.pop(depth);
                exit.pass_on(local, depth);
            }),
            Call::Span(open) | Call::Short(open) => {
                local::with(|local| Running::new(open).end(local, exit));
            }
            Call::Any(running) => running::end(ManuallyDrop::into_inner(running), exit),
        }
    }
}

impl Drop for SpanGuard {
    /// A call of another function, also where there is little to do: it stands in each annotated function for
    /// each way out, and the optimiser goes through all of them.
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.call, Call::Unseen) {
            dropped(self);
        }
    }
}

#[inline(never)]
fn dropped(guard: &mut SpanGuard) {
    // A call that panics has more to say.
    if std::thread::panicking() {
        end_unwound(guard);
    } else {
        local::with(|local| leave(guard, local));
    }
}

/// Ends a call that has returned, if there is one.
#[inline(never)]
fn leave(guard: &mut SpanGuard, local: &Local) {
    match &guard.call {
        Call::Span(open) if open.end_plain(local) => {}
        Call::Silent(_, depth) => local.pop(*depth),
        _ => leave_timed(guard, local),
    }
}

/// The same where the time is looked at.
#[inline(never)]
fn leave_timed(guard: &mut SpanGuard, local: &Local) {
    match &guard.call {
        Call::Short(open) if open.end_timed(local) => {}
        _ => end_with(guard, |_| Status::Ok),
    }
}

#[inline(never)]
fn end_unwound(guard: &mut SpanGuard) {
    if let Call::Silent(_, depth) = &guard.call {
        return local::with(|local| local.pop(*depth));
    }
    end_with(guard, Open::status_on_drop);
}

#[inline(never)]
fn end_with(guard: &mut SpanGuard, status: fn(&Open) -> Status) {
    if let Some(open) = guard.open() {
        let mut exit = Exit::new(&open);
        exit.set_status(status(&open));
        guard.end(&mut exit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SITE: Callsite = Callsite::new("test", "call", "tests").no_span();

    /// At exit a thread's words are still there.
    struct Late;

    impl Drop for Late {
        fn drop(&mut self) {
            stands_in_the_path_while_it_runs();
        }
    }

    thread_local! {
        static LATE: Late = const { Late };
    }

    fn depth() -> u32 {
        local::with(|local| local.depth.get())
    }

    fn stands_in_the_path_while_it_runs() {
        SITE.number();
        let around = depth();
        let mut guard = begin(&SITE);
        assert_eq!(depth(), around + 1);
        returned(&mut guard);
        assert_eq!(depth(), around);
        drop(guard);
        assert_eq!(depth(), around);
    }

    #[test]
    fn a_call_stands_in_the_path_until_it_ends_also_on_a_thread_that_exits() {
        let threads = [(); 2].map(|()| {
            std::thread::spawn(|| {
                LATE.with(|_| stands_in_the_path_while_it_runs());
                let panicked = catch_unwind(|| {
                    let _guard = begin(&SITE);
                    std::panic::resume_unwind(Box::new("on purpose"));
                });
                assert!(panicked.is_err());
                assert_eq!(depth(), 0);
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
