//! An error that is being captured, on its thread.

use super::super::in_flight::{self, InFlight, State};
use super::super::local::{self, Local};
use super::super::moment::Moment;
use super::super::open::Open;
use super::super::passing::Passing;
use super::super::scope;
use super::chain::Chain;
use super::chain_on_its_way::ChainOnItsWay;
use super::report::{ByHand, ErrorReport, Rest};
use super::spare::Place;
use super::type_name::split_type;
use super::{ai, describe, expected, finish, redact};
use crate::collect;
use crate::errors::ErrorClass;
use crate::groups::Surroundings;
use crate::hub::Hub;
use crate::metrics;
use crate::record::{Exception, Failure, Frame};

/// An error as it was when it was captured.
pub(super) struct Captured {
    hub: &'static Hub,
    pub(super) chain: Chain,
    /// What the error says of itself; most say nothing.
    class: Option<Box<ErrorClass>>,
    /// Whether the error itself says that it isn't expected, whatever its sources are.
    says_unexpected: bool,
    /// Calls that it left and that don't capture, the innermost first.
    pub(super) passed: Vec<Frame>,
}

impl Captured {
    pub(super) fn new(hub: &'static Hub) -> Self {
        let chain = Chain { outermost: Place::take(), sources: Vec::new() };
        Self { hub, chain, class: None, says_unexpected: false, passed: Vec::new() }
    }

    /// Reads an error. That is code of the program, of which nothing is recorded: what it captured
    /// in turn would come back here.
    pub(super) fn read(&mut self, failure: &Failure<'_>) {
        local::unobserved(|| {
            if describe::may_say(failure) {
                self.class = describe::class(failure).map(Box::new);
                let is_expected = self.class.as_ref().is_some_and(|class| class.expected);
                self.says_unexpected = failure.view.monitored().is_some() && !is_expected;
            }
            self.chain.read(failure);
        });
    }

    /// Takes on what a call inside the running one captured, if it is this error.
    pub(super) fn known_inside(&self, local: &Local) -> Option<InFlight> {
        in_flight::take_found(local, || self.chain.iter(), |state| self.is_worse_than(state))
    }

    /// Whether this is what the error became that just left a call inside: one of another type,
    /// without a source of its own, and nothing happened since.
    ///
    /// An error with a source that isn't the one before has a reason of its own, and so has one of
    /// the same type that says something else.
    pub(super) fn is_conversion(
        &self,
        state: State,
        before: &Passing,
        failure: &Failure<'_>,
    ) -> bool {
        // Of one that was left out nobody would hear at all.
        state != State::LeftOut
            && self.chain.sources.is_empty()
            && before.type_name != failure.type_name
            && !self.is_worse_than(state)
    }

    /// Whether the error, or one of its sources, is of this type.
    pub(super) fn has_type(&self, path: &'static str) -> bool {
        let name = split_type(path).1;
        self.chain.iter().any(|error| error.type_name == name)
    }

    /// Whether an expected error became one that says that it isn't.
    fn is_worse_than(&self, state: State) -> bool {
        state == State::Expected && self.says_unexpected
    }

    /// What the call around is told of it.
    pub(super) fn in_flight(self, state: State) -> InFlight {
        InFlight::new(self.chain.into_innermost(), state)
    }

    /// Sends the error, or counts it where it is an expected one. Returns the event's number, if there is
    /// one, and what the call around is told of it.
    ///
    /// `call` is what returned it, and when that ended, in ticks.
    pub(super) fn report(
        mut self,
        local: &Local,
        call: Option<(&Open, u64)>,
        by_hand: Option<ByHand>,
    ) -> (Option<u64>, InFlight) {
        match self.class.take_if(|class| class.expected) {
            Some(class) => {
                self.note(&class);
                (None, self.in_flight(State::Expected))
            }
            None => {
                let (number, error) = self.send(local, call, by_hand);
                (Some(number), error)
            }
        }
    }

    fn note(&self, class: &ErrorClass) {
        let mut exceptions: Vec<Exception> = self.chain.iter().cloned().collect();
        redact::exceptions(&mut exceptions, class);
        ai::redact(self.hub, &mut exceptions, scope::current().as_deref());
        if let Some(error) = exceptions.first() {
            expected::note(self.hub, error, class);
        }
    }

    fn send(
        self,
        local: &Local,
        call: Option<(&Open, u64)>,
        by_hand: Option<ByHand>,
    ) -> (u64, InFlight) {
        let Self { hub, chain, class, passed, .. } = self;
        hub.losses().cut_tags(class.as_ref().map_or(0, |class| class.left_out_tags));
        let took = call.filter(|(open, _)| open.start != 0);
        let took = took.map(|(open, end)| open.elapsed_nanos(end));
        let site = call.map(|(open, _)| open.site);
        let end = call.map_or(0, |(_, end)| end);
        let suppressed = site.map_or(0, |site| hub.policy().errors().report_at(site, end));
        let says = class.is_some() || by_hand.is_some() || !passed.is_empty();
        let rest =
            says.then(|| Box::new(Rest { class: class.map(|class| *class), passed, by_hand }));
        let surroundings = Surroundings::now(local, hub, took);
        let (number, scope) = (local.next_id(), Moment::scope_of(local));
        // What is counted of it, and what is known of an AI call, is this thread's.
        let is_at_once = metrics::is_on() || scope.as_ref().is_some_and(|s| s.ai.is_some());
        let (exceptions, text) = ChainOnItsWay::of(&chain);
        let report = ErrorReport {
            moment: Moment::of(local, hub, number, end, scope),
            exceptions,
            site,
            suppressed,
            surroundings,
            rest,
        };
        if is_at_once {
            send_at_once(hub, report, text);
        } else {
            collect::send_error(hub, report, text);
        }
        (number, InFlight::new(chain.into_innermost(), State::Sent))
    }
}

/// Makes the event on the error's own thread.
#[cold]
#[inline(never)]
fn send_at_once(hub: &Hub, report: ErrorReport, text: &str) {
    finish(hub, report.into_event(text));
}
