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
    static LAST: Cell<Passing> = const { Cell::new(Passing::NONE) };
}

/// A failure on its way up.
#[derive(Clone, Copy)]
pub(super) struct Passing {
    mark: u32,
    /// The calls that it left, the innermost first.
    callsites: [u32; PATH],
    len: usize,
    /// The type of the error that left the last of them, with its path; empty where that is inside
    /// a box.
    pub(super) type_name: &'static str,
    /// What became of it, if a call that it left captures errors.
    pub(super) reported: Option<State>,
}

impl Passing {
    const NONE: Self =
        Self { mark: 0, callsites: [0; PATH], len: 0, type_name: "", reported: None };

    fn push(&mut self, callsite: u32) {
        if let Some(slot) = self.callsites.get_mut(self.len) {
            *slot = callsite;
            self.len += 1;
        }
    }

    /// The calls that it left, the innermost first.
    pub(super) fn frames(&self) -> impl Iterator<Item = Frame> {
        let callsites = &self.callsites[..self.len.min(PATH)];
        callsites.iter().filter_map(|number| Callsite::by_number(*number)).map(Callsite::frame)
    }
}

/// The failure that was the last thing to happen inside of the running call.
pub(super) fn last() -> Option<Passing> {
    local::with(|local| marked(local, local.depth.get()))
}

/// Whether that failure made no event because there were too many.
pub(super) fn is_left_out() -> bool {
    last().is_some_and(|passing| passing.reported == Some(State::LeftOut))
}

fn marked(local: &Local, depth: u32) -> Option<Passing> {
    let mark = local.mark_at(depth)?;
    LAST.try_with(Cell::get).ok().filter(|passing| passing.mark == mark)
}

/// Notes that a call of this callsite was just left with an error. The call around it is running
/// again.
pub(super) fn note(local: &Local, callsite: u32, type_name: &'static str, reported: Option<State>) {
    let depth = local.depth.get();
    // What that call had inside is one further.
    let before = marked(local, depth + 1).unwrap_or(Passing::NONE);
    let _ = LAST.try_with(|last| {
        let mark = last.get().mark.wrapping_add(1).max(1);
        let mut passing = before;
        passing.mark = mark;
        passing.type_name = type_name;
        passing.reported = reported;
        passing.push(callsite);
        last.set(passing);
        local.set_mark(depth, mark);
    });
}

/// Something happened since: a breadcrumb, an event.
pub(super) fn interrupt() {
    local::with(|local| local.set_mark(local.depth.get(), 0));
}
