//! The failure that just left an annotated call, while it is the last thing that happened in the
//! call around it.
//!
//! That is known without any cost for calls that don't fail: a call writes its slot of the path when
//! it begins, or is polled. A failure leaves a mark in the slot of the call that it left, and in that
//! of the call around. As long as both are there no other annotated call has begun, at either
//! place, and no future has waited.

use std::cell::Cell;

use super::in_flight::State;
use super::local::{self, Local, PATH};
use crate::callsite::Callsite;
use crate::record::Frame;

thread_local! {
    static LAST: Last = const { Last::new() };
}

/// The failure that a thread saw last, in parts: most errors change few of them.
struct Last {
    mark: Cell<u32>,
    callsites: [Cell<u32>; PATH],
    len: Cell<usize>,
    type_name: Cell<&'static str>,
    reported: Cell<Option<State>>,
}

/// A failure on its way up.
#[derive(Clone, Copy)]
pub(super) struct Passing {
    /// The calls that it left, the innermost first.
    callsites: [u32; PATH],
    len: usize,
    /// The type of the error that left the last of them, with its path; empty where that is inside
    /// a box.
    pub(super) type_name: &'static str,
    /// What became of it, if a call that it left captures errors.
    pub(super) reported: Option<State>,
}

impl Last {
    const fn new() -> Self {
        Self {
            mark: Cell::new(0),
            callsites: [const { Cell::new(0) }; PATH],
            len: Cell::new(0),
            type_name: Cell::new(""),
            reported: Cell::new(None),
        }
    }

    /// The failure with this mark.
    fn get(&self, mark: u32) -> Option<Passing> {
        (self.mark.get() == mark).then(|| Passing {
            callsites: std::array::from_fn(|at| self.callsites[at].get()),
            len: self.len.get(),
            type_name: self.type_name.get(),
            reported: self.reported.get(),
        })
    }

    /// Adds a call that it left; the first one, unless it goes on.
    fn push(&self, callsite: u32, goes_on: bool) {
        let len = if goes_on { self.len.get() } else { 0 };
        if let Some(slot) = self.callsites.get(len) {
            slot.set(callsite);
            self.len.set(len + 1);
        }
    }
}

impl Passing {
    /// The calls that it left, the innermost first.
    pub(super) fn frames(&self) -> impl Iterator<Item = Frame> {
        let callsites = &self.callsites[..self.len.min(PATH)];
        callsites.iter().filter_map(|number| Callsite::by_number(*number)).map(Callsite::frame)
    }
}

/// The failure that was the last thing to happen inside of the running call.
#[inline]
pub(super) fn last(local: &Local) -> Option<Passing> {
    marked(local.mark_at(local.depth.get())?)
}

/// Whether that failure made no event because there were too many.
pub(super) fn is_left_out(local: &Local) -> bool {
    last(local).is_some_and(|passing| passing.reported == Some(State::LeftOut))
}

#[inline(never)]
fn marked(mark: u32) -> Option<Passing> {
    LAST.try_with(|last| last.get(mark)).ok().flatten()
}

/// Notes that a call of this callsite was just left with an error. The call around it is running
/// again.
#[inline]
pub(super) fn note(local: &Local, callsite: u32, type_name: &'static str, reported: Option<State>) {
    let depth = local.depth.get();
    // What that call had inside is one further.
    let before = local.mark_at(depth + 1);
    let _ = LAST.try_with(|last| {
        let goes_on = before == Some(last.mark.get());
        let mark = last.mark.get().wrapping_add(1).max(1);
        last.mark.set(mark);
        last.type_name.set(type_name);
        last.reported.set(reported);
        last.push(callsite, goes_on);
        local.set_mark(depth, mark);
    });
}

/// Something happened since: a breadcrumb, an event.
pub(super) fn interrupt() {
    local::with(|local| local.set_mark(local.depth.get(), 0));
}
