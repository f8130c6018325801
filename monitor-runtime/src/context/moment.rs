//! What a thread is doing at one moment, so that the collector can say it of an event.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::current_trace;
use super::ids;
use super::local::{Local, PATH, Words};
use super::scope::{self, Scope};
use crate::callsite::{Callsite, flag};
use crate::clock::{self, WallClock};
use crate::hub::Hub;
use crate::record::{Event, EventKind, Frame, Level, Mechanism, SpanId};

/// Callsites that are kept without an allocation.
const FEW: usize = 12;

/// Words and numbers, taken where something happens; an event is made of them elsewhere.
pub(crate) struct Moment {
    pub(crate) hub: &'static Hub,
    at: When,
    words: Words,
    /// Of what happened then: the event's id is made of it, and the key of a trace for an event outside of
    /// every one.
    number: u64,
    /// The callsites that were running, the outermost first; further in than these, `more`.
    path: [u32; FEW],
    more: Option<Box<[u32; PATH - FEW]>>,
    scope: Option<Arc<Scope>>,
}

/// A time as it was known.
#[derive(Clone, Copy)]
enum When {
    Wall(SystemTime),
    /// The caller needs no second look at a clock.
    Ticks(u64),
}

impl When {
    fn wall_time(self) -> SystemTime {
        match self {
            Self::Wall(time) => time,
            Self::Ticks(ticks) => {
                UNIX_EPOCH + Duration::from_nanos(WallClock::of_this_moment().at(ticks))
            }
        }
    }
}

impl Moment {
    pub(crate) fn now(local: &Local, hub: &'static Hub) -> Self {
        Self::of(local, hub, local.next_id(), 0, Self::scope_of(local))
    }

    /// With a number that only this has, the time in ticks where that is known, else 0, and the scope.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is large, and is made where it is to lie")]
    pub(super) fn of(
        local: &Local,
        hub: &'static Hub,
        number: u64,
        ticks: u64,
        scope: Option<Arc<Scope>>,
    ) -> Self {
        Self {
            hub,
            at: if ticks == 0 { When::Wall(clock::wall_time()) } else { When::Ticks(ticks) },
            words: local.words(),
            number,
            path: filled(local.path()),
            more: more(local),
            scope,
        }
    }

    /// The scope of a moment.
    #[inline]
    pub(super) fn scope_of(local: &Local) -> Option<Arc<Scope>> {
        if local.has_scope.get() { scope::current_for_event() } else { None }
    }

    /// The callsites that were running, the innermost first.
    fn sites(&self) -> impl Iterator<Item = &'static Callsite> {
        // Mostly few are running.
        let len = self.path.iter().position(|number| *number == 0).unwrap_or(FEW);
        let numbers =
            self.path[..len].iter().chain(self.more.iter().flat_map(|more| more.iter())).rev();
        numbers.filter_map(|number| Callsite::by_number(*number))
    }

    /// The same as an event shows them, with room for one that is added.
    fn frames(&self) -> Vec<Frame> {
        let mut frames = Vec::with_capacity(4);
        frames.extend(self.sites().map(Callsite::frame));
        frames
    }

    /// An event of this moment that says nothing yet.
    pub(crate) fn event(self) -> Event {
        let Words { trace, span, root, .. } = self.words;
        let scope = self.scope.as_deref();
        let (trace_id, sampling) = current_trace::ids_at(self.words, scope, self.hub, self.number);
        let root = Callsite::by_number(root).filter(|_| trace != 0);
        let op = self.sites().find(|site| !site.has(flag::NO_SPAN)).map(|site| site.op().into());
        Event {
            id: ids::event_id(self.number),
            timestamp: self.at.wall_time(),
            kind: EventKind::Error,
            level: Level::Error,
            message: None,
            exceptions: Vec::new(),
            mechanism: Mechanism::handled("monitor"),
            trace_id,
            span_id: SpanId::new(span),
            sampled: self.words.is_sampled(),
            sampling,
            op,
            transaction: root.map(|site| site.name().into()),
            path: self.frames(),
            tags: Vec::new(),
            contexts: scope.and_then(Scope::flags_context).into_iter().collect(),
            fingerprint: Vec::new(),
            suppressed: 0,
            scope: self.scope.unwrap_or_default(),
        }
    }
}

/// The first of these callsites. No callsite has the number 0.
#[inline]
fn filled<const N: usize>(sites: impl Iterator<Item = u32>) -> [u32; N] {
    let mut filled = [0; N];
    for (slot, site) in filled.iter_mut().zip(sites) {
        *slot = site;
    }
    filled
}

#[inline]
fn more(local: &Local) -> Option<Box<[u32; PATH - FEW]>> {
    let is_deep = local.depth.get() as usize > FEW;
    is_deep.then(|| Box::new(filled(local.path().skip(FEW))))
}
