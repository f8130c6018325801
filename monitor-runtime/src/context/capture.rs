//! Errors, panics and messages as events, with the scope and the call path of the moment.

use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use super::ids;
use super::in_flight::InFlight;
use super::local::{self, Local};
use super::open::{Mode, Open};
use super::panic_hook;
use super::scope::{self, Scope};
use super::text::{AsDebug, bounded};
use crate::callsite::{Callsite, flag};
use crate::collect::{self, Key, Plain};
use crate::hub::Hub;
use crate::record::{
    Attributes, ErrorView, Event, EventId, EventKind, Exception, Failure, Level, Sampling, SpanId,
    Text,
};

/// Bytes of an error's text: Sentry cuts exception values there.
const MAX_MESSAGE: usize = 8192;
/// Errors of one chain; a chain that loops stops here.
const MAX_CHAIN: usize = 50;
/// Bytes of the `Debug` text that are read for a type's name.
const MAX_TYPE_NAME: usize = 128;

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
    let view = ErrorView::Error(error);
    send(|event| {
        event.exceptions = chain(&Failure { type_name: "", view });
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
    send(|event| {
        event.kind = EventKind::Message;
        event.level = level;
        event.message = Some(message);
    })
}

/// Looks at a failure of an annotated call: captures it if the call asks for that and no call
/// inside it did. Returns what the enclosing call must know.
pub(super) fn outcome(open: &Open, failure: &Failure<'_>) -> Option<InFlight> {
    if matches!(open.mode, Mode::Child | Mode::Root) {
        let type_name = split_path(failure.type_name).1;
        let key = Key::Named("error.type");
        local::with(|l| l.write_value(open.site.number(), key, Plain::Text(type_name)));
    }
    let before = from_inside();
    if !open.site.has(flag::CAPTURE) {
        return before.map(|in_flight| InFlight::clone(&in_flight));
    }
    let exceptions = chain(failure);
    if let Some(in_flight) = before.filter(|in_flight| in_flight.is_in(&exceptions)) {
        return Some(InFlight::clone(&in_flight));
    }
    let innermost = exceptions.last()?.clone();
    send(|event| {
        event.exceptions = exceptions;
        describe(event, open.site);
    })?;
    Some(InFlight { innermost, depth: 0, span: 0 })
}

/// Captures the panic that is ending this call.
pub(super) fn panic(local: &Local, open: &Open) {
    let message = panic_hook::last_message();
    if Hub::current(local).is_none() {
        return;
    }
    send(|event| {
        event.kind = EventKind::Panic;
        event.exceptions =
            vec![Exception { type_name: "panic".into(), value: message, module: None }];
        describe(event, open.site);
        event.level = Level::Fatal;
    });
}

/// The error that a call inside this one captured and returned.
fn from_inside() -> Option<Arc<InFlight>> {
    local::with(|l| {
        if !l.has_scope.get() {
            return None;
        }
        let in_flight = scope::current()?.in_flight.clone()?;
        let is_ours = in_flight.depth == l.depth.get() && in_flight.span == l.span.get();
        is_ours.then_some(in_flight)
    })
}

/// Adds what the callsite's `#[capture_errors]` says.
fn describe(event: &mut Event, site: &'static Callsite) {
    let capture = &site.capture;
    event.level = capture.level;
    event.fingerprint = capture.fingerprint.iter().map(|part| Text::Borrowed(part)).collect();
    event.tags.extend(capture.tags.iter().map(|(key, value)| ((*key).into(), (*value).into())));
    let Some(kind) = capture.kind else { return };
    let literal =
        capture.details.iter().map(|(key, value)| (Text::Borrowed(*key), (*value).into()));
    let details: Attributes = literal.chain(event.scope.details.iter().cloned()).collect();
    let prefix = if kind == "database" { "db" } else { kind };
    for (key, value) in details.iter().filter(|(key, _)| key != "query") {
        event.tags.push((format!("{prefix}.{key}").into(), value.to_string()));
    }
    event.contexts.push((kind.into(), details));
}

/// Makes an event of this moment and sends it on its way.
pub(crate) fn send(fill: impl FnOnce(&mut Event)) -> Option<EventId> {
    if !Hub::any() {
        return None;
    }
    let (hub, mut event) = local::with(|l| {
        let hub = Hub::current(l)?;
        Some((hub, blank(l, hub)))
    })?;
    fill(&mut event);
    let id = event.id;
    collect::send_event(hub, event);
    Some(id)
}

pub(crate) fn blank(local: &Local, hub: &Hub) -> Event {
    let trace = match local.trace.get() {
        0 => local.next_id(),
        key => key,
    };
    let sites = || local.path().rev().filter_map(Callsite::by_number);
    let root = Callsite::by_number(local.root.get()).filter(|_| local.trace.get() != 0);
    Event {
        id: ids::event_id(),
        timestamp: SystemTime::now(),
        kind: EventKind::Error,
        level: Level::Error,
        message: None,
        exceptions: Vec::new(),
        trace_id: ids::trace_id(trace),
        span_id: SpanId::new(local.span.get()),
        sampled: local.is_recorded(),
        sampling: Sampling {
            rate: hub.settings().traces_sample_rate,
            rand: ids::sample_rand(trace),
        },
        op: sites().find(|site| !site.has(flag::NO_SPAN)).map(|site| site.op().into()),
        transaction: root.map(|site| site.name().into()),
        path: sites().map(Callsite::frame).collect(),
        tags: Vec::new(),
        contexts: Vec::new(),
        fingerprint: Vec::new(),
        scope: scope::current().unwrap_or_else(empty_scope),
    }
}

fn empty_scope() -> Arc<Scope> {
    thread_local! {
        static EMPTY: Arc<Scope> = Arc::default();
    }
    EMPTY.try_with(Arc::clone).unwrap_or_default()
}

/// The error and its sources, the outermost first.
fn chain(failure: &Failure<'_>) -> Vec<Exception> {
    let (module, type_name) = split_path(failure.type_name);
    let first = |value| Exception {
        type_name: type_name.to_owned().into(),
        value,
        module: module.map(|module| module.to_owned().into()),
    };
    match failure.view {
        ErrorView::Error(error) => {
            let outermost = match type_name {
                "" => exception(error),
                _ => first(bounded(&error, MAX_MESSAGE)),
            };
            let sources = std::iter::successors(source(error), |error| source(*error));
            let sources = sources.take(MAX_CHAIN - 1).map(exception);
            std::iter::once(outermost).chain(sources).collect()
        }
        ErrorView::Display(value) => vec![first(bounded(value, MAX_MESSAGE))],
        ErrorView::Debug(value) => vec![first(bounded(&AsDebug(value), MAX_MESSAGE))],
        ErrorView::Opaque => vec![first(String::new())],
    }
}

/// `Error::source`, which is code of the user and may panic.
fn source<'a>(error: &'a (dyn Error + 'a)) -> Option<&'a (dyn Error + 'static)> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| error.source())).ok().flatten()
}

/// An error of which only `Display` and `Debug` are known: a derived `Debug` begins with the name
/// of the type, or of the variant.
fn exception(error: &dyn Error) -> Exception {
    let debug = bounded(&AsDebug(&error), MAX_TYPE_NAME);
    let name_end = debug.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(debug.len());
    let is_name = debug.starts_with(char::is_uppercase);
    let type_name = if is_name { debug[..name_end].to_owned().into() } else { "Error".into() };
    Exception { type_name, value: bounded(&error, MAX_MESSAGE), module: None }
}

/// The module and the name in a path such as `my_app::db::DbError<u8>`.
fn split_path(path: &str) -> (Option<&str>, &str) {
    // Some compilers write the lifetime, others don't.
    let path = path.strip_suffix("<'_>").unwrap_or(path);
    let name_from = path.find('<').unwrap_or(path.len());
    match path[..name_from].rfind("::") {
        Some(at) => (Some(&path[..at]), &path[at + 2..]),
        None => (None, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_split_before_generics() {
        assert_eq!(split_path("app::db::Error<a::B>"), (Some("app::db"), "Error<a::B>"));
        assert_eq!(split_path("str"), (None, "str"));
    }

    #[test]
    fn a_chain_that_loops_ends() {
        #[derive(Debug)]
        struct Looping;
        impl std::fmt::Display for Looping {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("again")
            }
        }
        impl Error for Looping {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&Looping)
            }
        }
        let failure = Failure { type_name: "", view: ErrorView::Error(&Looping) };
        assert_eq!(chain(&failure).len(), MAX_CHAIN);
        assert_eq!(chain(&failure)[1].type_name, "Looping");
    }
}
