//! The errors that are on their way up through annotated functions.
//!
//! A thread remembers the last ones. A future that begins a trace, or runs in a context of its own,
//! takes its own along between its polls.

use std::cell::Cell;

use super::capture::Place;
use super::local::Local;
use crate::record::Exception;

/// Errors that are remembered: of all the calls that are running, the newest.
const REMEMBERED: usize = 8;

thread_local! {
    static IN_FLIGHT: Cell<Option<Box<InFlights>>> = const { Cell::new(None) };
}

/// An error that was captured and is being returned.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// Of the error and its sources the last one, which tells errors apart.
    innermost: Place,
    pub(crate) state: State,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// An event.
    Sent,
    /// A breadcrumb and a count.
    Expected,
    /// Nothing: its callsite has had its share of events. Only `passing.rs` knows of such.
    LeftOut,
}

/// The errors that left annotated calls: the call around may keep one and return it later.
///
/// The annotated function around looks here when it fails: the same error, passed on or wrapped,
/// is not captured again.
#[derive(Debug, Default)]
pub(crate) struct InFlights {
    errors: [Option<Left>; REMEMBERED],
    /// Where the next one goes, over the oldest.
    next: usize,
    /// The depth of the innermost of the calls around them.
    depth: u32,
}

/// An error, and which call may take it on.
#[derive(Debug)]
struct Left {
    error: InFlight,
    around: Around,
}

/// A call, by its depth in the path, counted from 1, and the span inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Around {
    depth: u32,
    span: u64,
}

impl Around {
    /// The call that is running.
    const fn now(local: &Local) -> Self {
        Self { depth: local.depth.get(), span: local.span.get() }
    }
}

impl InFlight {
    pub(crate) const fn new(innermost: Place, state: State) -> Self {
        Self { innermost, state }
    }

    /// Whether one of these errors is this one, or quotes it.
    ///
    /// Wrapping keeps the innermost error as a source; a conversion that formats its source keeps
    /// its text.
    fn is_in<'e, I: Iterator<Item = &'e Exception>>(&self, mut errors: I) -> bool {
        let text = self.innermost.value.as_str();
        errors.any(|error| {
            *error == *self.innermost || (!text.is_empty() && error.value.contains(text))
        })
    }
}

impl InFlights {
    fn add(&mut self, error: InFlight, around: Around) {
        if self.depth > around.depth {
            self.forget_deeper(around.depth);
        }
        self.errors[self.next % REMEMBERED] = Some(Left { error, around });
        self.next = (self.next + 1) % REMEMBERED;
        self.depth = around.depth;
    }

    /// Forgets those of calls further in, which have ended.
    #[cold]
    fn forget_deeper(&mut self, depth: u32) {
        for place in &mut self.errors {
            place.take_if(|left| left.around.depth > depth);
        }
        let depths = self.errors.iter().flatten().map(|left| left.around.depth);
        self.depth = depths.max().unwrap_or(0);
    }

    /// Takes out the newest one of this call that `is_it` finds: who asks for it takes it on.
    fn take(&mut self, around: Around, is_it: impl Fn(&InFlight) -> bool) -> Option<InFlight> {
        let (newer, older) = self.errors.split_at_mut(self.next % REMEMBERED);
        let is_it = |place: &&mut Option<Left>| {
            place.as_ref().is_some_and(|left| left.around == around && is_it(&left.error))
        };
        let place = newer.iter_mut().rev().chain(older.iter_mut().rev()).find(is_it)?;
        place.take().map(|left| left.error)
    }
}

/// Leaves word for the running call.
#[inline]
pub(super) fn add(local: &Local, error: InFlight) {
    let Ok(errors) = IN_FLIGHT.try_with(Cell::take) else { return };
    let mut errors = errors.unwrap_or_default();
    errors.add(error, Around::now(local));
    local.takes_errors.set(errors.depth);
    let _ = IN_FLIGHT.try_with(|cell| cell.set(Some(errors)));
}

/// Takes the newest error that left a call inside of the running one, and that `is_it` finds.
#[inline]
fn take(local: &Local, is_it: impl Fn(&InFlight) -> bool) -> Option<InFlight> {
    // Most errors arise further in than any other that is on its way.
    if local.depth.get() > local.takes_errors.get() {
        return None;
    }
    take_any(local, is_it)
}

#[inline(never)]
fn take_any(local: &Local, is_it: impl Fn(&InFlight) -> bool) -> Option<InFlight> {
    let taken = IN_FLIGHT.try_with(|cell| {
        let mut errors = cell.take()?;
        let taken = errors.take(Around::now(local), is_it);
        cell.set(Some(errors));
        taken
    });
    taken.ok().flatten()
}

/// Takes the newest error that left a call inside of the running one.
pub(super) fn take_last(local: &Local) -> Option<InFlight> {
    take(local, |_| true)
}

/// Takes the one that is among these errors, or that one of them quotes; not one that `errors`
/// are worse than.
pub(super) fn take_found<'e, I: Iterator<Item = &'e Exception>>(
    local: &Local,
    errors: impl Fn() -> I,
    is_worse: impl Fn(State) -> bool,
) -> Option<InFlight> {
    take(local, |error| error.is_in(errors()) && !is_worse(error.state))
}

/// Whether the thread remembers any.
#[inline]
pub(super) const fn any(local: &Local) -> bool {
    local.takes_errors.get() != 0
}

/// Forgets the errors that only calls could take on which have ended.
#[inline]
pub(super) fn forget_ended(local: &Local) {
    if local.takes_errors.get() > local.depth.get() {
        forget_deeper(local);
    }
}

#[cold]
#[inline(never)]
fn forget_deeper(local: &Local) {
    let _ = IN_FLIGHT.try_with(|cell| {
        let Some(mut errors) = cell.take() else { return };
        errors.forget_deeper(local.depth.get());
        local.takes_errors.set(errors.depth);
        cell.set(Some(errors));
    });
}

/// Puts other errors in place; returns those of before.
#[inline(never)]
pub(super) fn swap(local: &Local, errors: Option<Box<InFlights>>) -> Option<Box<InFlights>> {
    local.takes_errors.set(errors.as_ref().map_or(0, |errors| errors.depth));
    IN_FLIGHT.try_with(|cell| cell.replace(errors)).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Exception {
        let type_name = "Error".into();
        Exception { type_name, value: text.into(), module: None, frames: Vec::new() }
    }

    #[test]
    fn the_last_ones_of_each_call_are_remembered() {
        let mut errors = InFlights::default();
        let one = |number: usize| {
            InFlight::new(Place::of(error(&format!("error {number}"))), State::Sent)
        };
        let (call, inside) = (Around { depth: 2, span: 7 }, Around { depth: 3, span: 8 });
        for number in 10..20 {
            errors.add(one(number), call);
        }
        errors.add(one(20), inside);
        errors.add(one(21), inside);
        let take = |errors: &mut InFlights, around, texts: &[&str]| {
            let chain: Vec<_> = texts.iter().map(|text| error(text)).collect();
            errors.take(around, |error| error.is_in(chain.iter())).is_some()
        };
        let of = |number: usize| format!("error {number}");
        assert!(!take(&mut errors, call, &[&of(20)]) && take(&mut errors, inside, &[&of(20)]));
        let oldest = 20 - REMEMBERED + 2;
        assert!(!take(&mut errors, call, &[&of(oldest - 1)]));
        assert!(take(&mut errors, call, &["x", &format!("caused by {}", of(oldest))]));
        // Whoever found it has taken it on.
        assert!(!take(&mut errors, call, &[&of(oldest)]));
        let newest = errors.take(call, |_| true).map(|error| error.innermost.value.clone());
        assert_eq!(newest, Some(of(19)));
        // Back in the call, the one inside has ended.
        errors.add(one(22), call);
        assert_eq!(errors.depth, 2);
        assert!(!take(&mut errors, inside, &[&of(21)]) && take(&mut errors, call, &[&of(22)]));
        errors.forget_deeper(1);
        assert!(errors.depth == 0 && errors.errors.iter().all(Option::is_none));
    }
}
