//! What a thread is doing at one moment, so that the collector can say it of an event.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::current_trace;
use super::ids;
use super::local::{Local, Words};
use super::scope::{self, Scope};
use crate::callsite::{Callsite, flag};
use crate::clock::{self, WallClock};
use crate::hub::Hub;
use crate::record::{Contexts, Event, EventId, EventKind, Frame, Level, Mechanism, SpanId};

/// Callsites that are kept without an allocation.
const FEW: usize = 12;

/// Words and numbers, taken where something happens; an event is made of them elsewhere.
pub(crate) struct Moment {
    pub(crate) hub: &'static Hub,
    pub(crate) id: EventId,
    at: When,
    words: Words,
    /// The key of a trace for an event outside of every one.
    key: u64,
    /// The callsites that were running, the outermost first; further in than these, `more`.
    path: [u32; FEW],
    more: Option<Box<[u32]>>,
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
        Self::at(local, hub, 0)
    }

    /// The same where the time is known in ticks; 0: it isn't.
    pub(crate) fn at(local: &Local, hub: &'static Hub, ticks: u64) -> Self {
        let mut running = local.path();
        // No callsite has the number 0.
        let path = std::array::from_fn(|_| running.next().unwrap_or_default());
        let more = if running.len() > 0 { Some(running.collect()) } else { None };
        Self {
            hub,
            id: ids::event_id(local),
            at: if ticks == 0 { When::Wall(clock::wall_time()) } else { When::Ticks(ticks) },
            words: local.words(),
            key: local.next_id(),
            path,
            more,
            scope: if local.has_scope.get() { scope::current_for_event() } else { None },
        }
    }

    pub(crate) fn scope(&self) -> Option<&Scope> {
        self.scope.as_deref()
    }

    /// The callsites that were running, the innermost first.
    fn sites(&self) -> impl Iterator<Item = &'static Callsite> {
        let numbers = self.path.iter().chain(self.more.iter().flatten()).rev();
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
        let (trace_id, sampling) = current_trace::ids_at(self.words, scope, self.hub, self.key);
        let root = Callsite::by_number(root).filter(|_| trace != 0);
        let op = self.sites().find(|site| !site.has(flag::NO_SPAN)).map(|site| site.op().into());
        Event {
            id: self.id,
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
            contexts: Contexts::beginning_with(scope.and_then(Scope::flags_context)),
            fingerprint: Vec::new(),
            suppressed: 0,
            scope: self.scope.unwrap_or_default(),
        }
    }
}
