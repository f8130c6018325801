//! Errors, panics and messages as events, with the scope and the call path of the moment.

mod ai;
mod captured;
mod category;
mod chain;
mod chain_on_its_way;
mod describe;
mod expected;
mod redact;
mod report;
mod span_type;
mod spare;
mod traceback;
mod type_name;

use std::error::Error;

use self::captured::Captured;
use self::report::ByHand;
use super::ids::event_id;
use super::in_flight::{self, InFlight, State};
use super::local::{self, Local};
use super::moment::Moment;
use super::open::Open;
use super::panic_hook::{self, Panicked};
use super::passing;
use super::scope;
use super::seen::FieldValue;
use crate::callsite::flag;
use crate::capture::ErrorCapture;
use crate::clock;
use crate::collect;
use crate::errors::ErrorClass;
use crate::groups::Surroundings;
use crate::hub::Hub;
use crate::metrics;
use crate::record::{
    Attributes, ErrorView, Event, EventId, EventKind, Exception, Failure, Level, Mechanism, Text,
};

#[cfg(feature = "stream")]
pub(super) use ai::describe_stream;
pub(super) use ai::texts;
pub(crate) use chain::MAX_ERROR_TEXT;
pub(crate) use expected::ExpectedCounts;
pub(crate) use report::ErrorReport;
pub(super) use spare::Place;

/// Captures an error that isn't returned from an annotated function.
///
/// It goes out with its chain of sources, the scope and the call path of this moment, at level
/// [`Level::Error`]. Returns the event's id, or `None` where nothing is recorded.
///
/// ```
/// if let Err(error) = "x".parse::<u32>() {
///     monitor_runtime::capture_error(&error);
/// }
/// ```
pub fn capture_error(error: &(dyn Error + 'static)) -> Option<EventId> {
    let failure = Failure { type_name: "", view: ErrorView::Known(error) };
    send_captured(ErrorCapture::new(failure))
}

/// What `capture!` becomes.
pub fn capture_with(
    failure: Option<Failure<'_>>,
    kind: Option<&'static str>,
    details: &[(&'static str, FieldValue<'_>)],
    additional: &[(&'static str, FieldValue<'_>)],
) -> Option<EventId> {
    let max = scope::hub()?.settings().max_value_length;
    let values = |given: &[(&'static str, FieldValue<'_>)]| -> Attributes {
        given.iter().map(|(key, value)| ((*key).into(), value.to_value(max))).collect()
    };
    let (details, additional) = (values(details), values(additional));
    send_captured(ErrorCapture { kind, details, additional, ..ErrorCapture::new(failure?) })
}

/// Captures an error by hand.
pub(crate) fn send_captured(capture: ErrorCapture<'_>) -> Option<EventId> {
    let ErrorCapture { failure, kind, details, additional, level } = capture;
    let mut captured = Captured::new(scope::hub()?);
    captured.read(&failure);
    passing::interrupt();
    let by_hand = ByHand { kind, details, additional, level };
    local::with(|local| {
        let (number, error) = captured.report(local, None, Some(by_hand));
        // If the running call returns this error it isn't captured again.
        if local.depth.get() > 0 {
            in_flight::add(local, error);
        }
        number.map(event_id)
    })
}

/// Sends a message as an event.
///
/// Returns the event's id, or `None` where nothing is recorded.
///
/// ```
/// use monitor_runtime::Level;
///
/// monitor_runtime::capture_message("Rate limit exceeded", Level::Warning);
/// ```
pub fn capture_message(message: impl Into<Text>, level: Level) -> Option<EventId> {
    let message = message.into();
    passing::interrupt();
    send(|event| {
        event.kind = EventKind::Message;
        event.mechanism = Mechanism::handled("capture_message");
        event.level = level;
        event.message = Some(message);
    })
}

/// Sends a message that has a context of its own.
pub(crate) fn send_message(
    mechanism: &'static str,
    level: Level,
    message: impl Into<Text>,
    context: (&'static str, Attributes),
) -> Option<EventId> {
    passing::interrupt();
    send(|event| {
        event.kind = EventKind::Message;
        event.mechanism = Mechanism::handled(mechanism);
        event.level = level;
        event.message = Some(message.into());
        event.contexts.push((context.0.into(), context.1));
    })
}

/// What became of an error, for the enclosing call.
pub(super) enum Fate {
    /// Nobody knows of it.
    Unknown,
    /// Its callsite has had its share of events.
    LeftOut,
    /// This is known of it.
    Known(InFlight),
}

/// Looks at a failure of an annotated call: captures it if the call asks for that and no call
/// inside it did. Returns what the enclosing call must know.
///
/// `end` is when the call ended, in ticks; 0 where nobody asks for the time.
pub(super) fn outcome(open: &Open, failure: &Failure<'_>, end: u64) -> Fate {
    if !open.site.has(flag::CAPTURE) {
        return passed(open, failure.type_name);
    }
    local::with(|local| {
        span_type::write(local, open, failure.type_name);
        let Some(hub) = Hub::current(local) else { return Fate::Unknown };
        if is_left_out(hub, open, failure) {
            return Fate::LeftOut;
        }
        let begun = metrics::begin_error();
        let fate = capture(local, hub, open, failure, end);
        metrics::error_handled(begun);
        fate
    })
}

fn capture(local: &Local, hub: &'static Hub, open: &Open, failure: &Failure<'_>, end: u64) -> Fate {
    let mut captured = Captured::new(hub);
    captured.read(failure);
    if failure.type_name.is_empty() {
        span_type::write_name(local, open, &captured.chain.outermost.type_name);
    }
    if let Some(same) = captured.known_inside(local) {
        return Fate::Known(same);
    }
    if let Some(passing) = passing::last(local) {
        match passing.reported {
            Some(State::LeftOut) if captured.has_type(passing.type_name) => {
                return Fate::LeftOut;
            }
            Some(state) if captured.is_conversion(state, &passing, failure) => {
                return Fate::Known(captured.in_flight(state));
            }
            Some(_) => {}
            None => captured.passed = passing.frames().collect(),
        }
    }
    Fate::Known(captured.report(local, Some((open, end)), None).1)
}

/// Whether the callsite has had its share of events. Nothing is made of the error then. Expected
/// ones make no event, and are counted all the same.
fn is_left_out(hub: &Hub, open: &Open, failure: &Failure<'_>) -> bool {
    if !hub.policy().errors().is_full(open.site, open.start) {
        return false;
    }
    // Most errors say nothing of themselves, and then there is no need to ask.
    let says_expected =
        || local::unobserved(|| describe::class(failure)).is_some_and(|class| class.expected);
    if describe::may_say(failure) && says_expected() {
        return false;
    }
    metrics::error_left_out(open.site, failure.type_name);
    hub.leaves_out_error(open.site)
}

/// Looks at a failure of a call that captures none. Returns what the enclosing call must know: that
/// a call inside this one captured it already.
pub(super) fn passed(open: &Open, type_name: &'static str) -> Fate {
    local::with(|local| {
        span_type::write(local, open, type_name);
        if passing::is_left_out(local) {
            return Fate::LeftOut;
        }
        in_flight::take_last(local).map_or(Fate::Unknown, Fate::Known)
    })
}

/// How long a call took so far, if somebody asks for its time.
fn elapsed(open: &Open) -> Option<u64> {
    (open.start != 0).then(|| open.elapsed_nanos(clock::now()))
}

/// Captures the panic that is ending this call.
pub(super) fn panic(local: &Local, open: &Open) {
    let Some(hub) = Hub::current(local) else { return };
    let Some(panicked) = panic_hook::take() else { return };
    if hub.policy().errors().is_full(open.site, open.start) {
        metrics::error_left_out(open.site, "panic");
        hub.leaves_out_error(open.site);
        return;
    }
    let surroundings = Surroundings::now(local, hub, elapsed(open));
    send(|event| {
        fill_panic(event, panicked);
        event.suppressed = hub.policy().errors().report(open.site);
        describe::by_callsite(event, open.site);
        event.level = Level::Fatal;
        describe::error_context(event, Some(open.site), &ErrorClass::new());
        surroundings.add_to(event);
    });
}

/// Captures a panic that ends no annotated function. Runs in the panic hook.
pub(super) fn panic_outside(panicked: Panicked) {
    send(|event| fill_panic(event, panicked));
}

fn fill_panic(event: &mut Event, panicked: Panicked) {
    event.kind = EventKind::Panic;
    event.mechanism = Mechanism::PANIC;
    event.level = Level::Fatal;
    let Panicked { message, location, thread, frames } = panicked;
    let value = match &location {
        Some(location) => format!("{message} at {location}"),
        None => message,
    };
    event.exceptions = vec![Exception { type_name: "panic".into(), value, module: None, frames }];
    let facts = [("thread", thread), ("location", location)];
    let facts = facts.into_iter().filter_map(|(key, value)| Some((key.into(), value?.into())));
    event.contexts.push(("panic".into(), facts.collect()));
}

/// Makes an event of this moment and sends it on its way.
pub(crate) fn send(fill: impl FnOnce(&mut Event)) -> Option<EventId> {
    if !Hub::any() {
        return None;
    }
    let (hub, mut event) = local::with(|l| {
        let hub = Hub::current(l)?;
        Some((hub, Moment::now(l, hub).event()))
    })?;
    fill(&mut event);
    let id = event.id;
    finish(hub, event);
    Some(id)
}

/// Sends an event that says all that is to be said.
fn finish(hub: &Hub, mut event: Event) {
    ai::tag(&mut event);
    if matches!(event.kind, EventKind::Error | EventKind::Panic) {
        metrics::error_captured(&event);
    }
    collect::send_event(hub, event);
}
