//! A sync function that is running, and of which there is more to keep than fits registers.

use std::cell::Cell;
use std::sync::Arc;

use super::attached::Attached;
use super::exit::Exit;
use super::local::{self, Local, Words};
use super::open::{Mode, Open};
use super::scope::{self, Scope};
use crate::callsite::{Callsite, flag};
use crate::hub::Hub;

/// Boxes that a thread keeps.
const SPARES: u32 = 32;

thread_local! {
    /// The boxes of calls that have ended: most calls don't allocate.
    static SPARE: Cell<Option<Box<Running>>> = const { Cell::new(None) };
}

/// A call that is running.
pub(super) struct Running {
    pub(super) open: Open,
    outside: Option<Outside>,
    /// While it is spare: the others, and how many there are.
    next: Option<Box<Self>>,
    spares: u32,
}

/// What was current around a call that changes more than the span.
struct Outside {
    words: Words,
    /// `Some` where the call has a scope of its own.
    scope: Option<Option<Arc<Scope>>>,
    attached: Option<Box<Attached>>,
    /// Whether the trace around it was handed on.
    handed_on: bool,
}

/// Begins any call; `None` where nobody looks at it.
#[inline(never)]
pub(super) fn begin(local: &Local, site: &'static Callsite) -> Option<Box<Running>> {
    Running::any(local, site)
}

/// A box for a call.
fn place(open: Open) -> Box<Running> {
    let spare = SPARE.try_with(Cell::take).ok().flatten();
    let Some(mut place) = spare else { return Box::new(Running::new(open)) };
    let _ = SPARE.try_with(|spare| spare.set(place.next.take()));
    place.open = open;
    place
}

/// Ends a call with all that there is to say.
pub(super) fn end(mut running: Box<Running>, exit: &mut Exit<'_>) {
    local::with(|local| running.end(local, exit));
    let _ = SPARE.try_with(|spare| {
        let next = spare.take();
        let spares = next.as_ref().map_or(0, |next| next.spares + 1);
        if spares < SPARES {
            (running.next, running.spares) = (next, spares);
            spare.set(Some(running));
        } else {
            spare.set(next);
        }
    });
}

impl Running {
    /// A call that changes no more than the span.
    #[inline]
    pub(super) const fn new(open: Open) -> Self {
        Self { open, outside: None, next: None, spares: 0 }
    }

    fn any(local: &Local, site: &'static Callsite) -> Option<Box<Self>> {
        let mut begun = None;
        let open = Open::any(local, site, &mut begun);
        if open.mode == Mode::Off {
            return None;
        }
        let words = local.words();
        local.push(site.number());
        if site.has(flag::MAIN) {
            local.depth_of_main.set(local.depth.get());
        }
        if !open.starts_trace && !site.has(flag::SCOPED | flag::WATCHDOG | flag::CRON) {
            local.span.set(open.span);
            return Some(place(open));
        }
        let scope = open.forks_scope(words).then(|| {
            // Until one of them is changed the scope is the same inside and outside.
            if local.has_scope.get() { scope::current() } else { None }
        });
        if let Some(propagation) = begun {
            scope::update(|scope| scope.propagation = Some(propagation));
        }
        local.set_words(open.inside(words));
        if let Some(ai) = &site.details.ai {
            scope::begin_ai(local, site, ai, open.start);
        }
        let around = local.handed_on.get();
        local.handed_on.set(around && !open.starts_trace);
        let attached = Attached::begin(local, &open);
        let mut running = place(open);
        running.outside = Some(Outside { words, scope, attached, handed_on: around });
        Some(running)
    }

    pub(super) fn end(&mut self, local: &Local, exit: &mut Exit<'_>) {
        if let Some(attached) = self.outside.as_mut().and_then(|outside| outside.attached.take()) {
            attached.end(exit.status().is_ok());
        }
        exit.report(local);
        self.open.write(local, exit.status(), exit.end(), None);
        self.leave(local);
        exit.pass_on(local, self.open.depth);
    }

    #[inline]
    fn leave(&mut self, local: &Local) {
        let outside = self.outside.take();
        if !self.open.is_innermost(local) {
            local.handed_on.set(true);
            Hub::with_current(local, |hub| hub.losses().out_of_order(1));
        }
        // An enclosing guard that was dropped before has put everything right already.
        if local.depth.get() <= self.open.depth {
            return;
        }
        local.depth.set(self.open.depth);
        match outside {
            None => local.span.set(self.open.parent),
            Some(outside) => outside.restore(local),
        }
    }
}

impl Outside {
    fn restore(self, local: &Local) {
        local.handed_on.set(self.handed_on | local.handed_on.get());
        local.set_words(self.words);
        if let Some(scope) = self.scope
            && (scope.is_some() || local.has_scope.get())
        {
            drop(scope::swap(scope));
        }
    }
}
