//! What an event of an error is made of, on its way to the collector, which makes the event: the
//! error's thread has done by then what only it can do.

use super::super::moment::Moment;
use super::chain_on_its_way::ChainOnItsWay;
use super::{ai, describe};
use crate::callsite::{Callsite, flag};
use crate::errors::ErrorClass;
use crate::groups::{self, Surroundings, System};
use crate::hub::Hub;
use crate::record::{Attributes, ErrorGroups, Event, Frame, Level, Mechanism};

/// A captured error and its moment.
pub(crate) struct ErrorReport {
    pub(super) moment: Moment,
    pub(super) exceptions: ChainOnItsWay,
    /// The function that returned it.
    pub(super) site: Option<&'static Callsite>,
    /// Errors of that function that were left out before.
    pub(super) suppressed: u64,
    pub(super) surroundings: Surroundings,
    /// What most errors don't have.
    pub(super) rest: Option<Box<Rest>>,
}

/// What else is known of an error.
#[derive(Default)]
pub(super) struct Rest {
    /// What it says of itself.
    pub(super) class: Option<ErrorClass>,
    /// Calls that it left and that don't capture, the innermost first.
    pub(super) passed: Vec<Frame>,
    pub(super) by_hand: Option<ByHand>,
}

/// What was said of an error that was captured by hand.
pub(super) struct ByHand {
    pub(super) kind: Option<&'static str>,
    pub(super) details: Attributes,
    pub(super) additional: Attributes,
    pub(super) level: Option<Level>,
}

impl ErrorReport {
    pub(crate) const fn hub(&self) -> &'static Hub {
        self.moment.hub
    }

    /// The bytes of the texts that lie elsewhere, about.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.exceptions.bytes()
    }

    /// The event, where this text came along.
    pub(crate) fn into_event(self, text: &str) -> Event {
        let (hub, site) = (self.hub(), self.site);
        let Rest { class, passed, by_hand } = self.rest.map(|rest| *rest).unwrap_or_default();
        let class = class.unwrap_or_default();
        let mut event = self.moment.event();
        event.mechanism = mechanism(site);
        event.exceptions = self.exceptions.into_exceptions(text);
        event.path.splice(..0, passed);
        event.suppressed = self.suppressed;
        describe::by_class(&mut event, &class);
        ai::redact(hub, &mut event.exceptions, Some(&event.scope));
        if let Some(site) = site {
            describe::by_callsite(&mut event, site);
            if site.has(flag::AI) {
                ai::describe(&mut event, site);
            }
            if site.has(flag::MAIN) {
                event.level = Level::Fatal;
            }
        }
        if let Some(by_hand) = by_hand {
            by_hand.describe(&mut event);
        }
        add_groups(&mut event, hub, (site, &class), self.surroundings);
        event
    }
}

/// Adds the contexts that each error has. They are made only when somebody looks at them, unless others
/// say something of the same: then all is put together at once.
fn add_groups(
    event: &mut Event,
    hub: &'static Hub,
    (site, class): (Option<&Callsite>, &ErrorClass),
    surroundings: Surroundings,
) {
    let stands_alone = class.values.is_empty() && event.scope.contexts().next().is_none();
    if let Some(performance) = surroundings.performance_alone().filter(|_| stands_alone)
        && let Some(error) = describe::error_group(event, site, class)
    {
        let system = System::now(hub);
        return event.contexts.say_later(ErrorGroups { error, performance, system });
    }
    describe::error_context(event, site, class);
    surroundings.add_to(event);
    groups::add_system(event, hub);
}

fn mechanism(site: Option<&'static Callsite>) -> Mechanism {
    match site {
        None => Mechanism::handled("capture_error"),
        Some(site) if site.has(flag::MAIN) => Mechanism::MAIN,
        Some(site) if site.has(flag::AI) => Mechanism::handled("ai_call"),
        Some(_) => Mechanism::handled("capture_errors"),
    }
}

impl ByHand {
    fn describe(self, event: &mut Event) {
        event.level = self.level.unwrap_or(event.level);
        if let Some(kind) = self.kind {
            describe::by_kind(event, kind, self.details);
        }
        if !self.additional.is_empty() {
            event.contexts.push(("additional".into(), self.additional));
        }
    }
}
