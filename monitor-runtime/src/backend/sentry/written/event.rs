//! An event as JSON.

use sentry_core::protocol::SpanId;

use super::groups;
use super::json::Json;
use super::kept::Kept;
use super::values::is_simple;
use crate::backend::sentry::{convert, fit};
use crate::record::{
    Attributes, Breadcrumb, ERROR_GROUPS, Event, Exception, Frame, Level, RELATED_EVENTS,
    RelatedError, RelatedErrors, StackFrame, Value,
};

/// Writes an event; `common` are fields that all of this process have, and what is kept of others.
pub(super) fn write(
    json: &mut Json,
    event: &Event,
    trace: &str,
    (common, kept): (&[u8], &mut Kept),
) {
    json.raw(r#"{"event_id":""#);
    json.id(event.id.to_bytes());
    json.raw("\"");
    json.raw(common);
    if event.level != Level::Error {
        json.name("level");
        json.plain(convert::level_word(event.level));
    }
    if !is_default(event) {
        json.name("fingerprint");
        json.list(&event.fingerprint, |json, part| json.text(part));
    }
    if let Some(name) = &event.transaction {
        json.raw(r#","transaction":"#);
        kept.names.write(json, name, fit::NAME);
    }
    if let Some(message) = &event.message {
        json.raw(r#","message":"#);
        json.fitting(message, fit::TEXT);
    }
    json.raw(r#","timestamp":"#);
    json.time(event.timestamp);
    if let Some(user) = event.scope.user() {
        json.name("user");
        json.typed(&convert::user(user));
    }
    json.raw(r#","contexts":"#);
    contexts(json, event, trace, kept);
    let count = event.scope.breadcrumbs.len();
    values(json, "breadcrumbs", count, event.scope.breadcrumbs(), breadcrumb);
    what_happened(json, event, kept);
    tags(json, event, trace);
    json.close();
}

fn is_default(event: &Event) -> bool {
    match &event.fingerprint[..] {
        [] => true,
        [only] => only == "{{ default }}" || only == "{{default}}",
        _ => false,
    }
}

/// A list in the form that Sentry has for lists, unless it is empty.
fn values<T>(
    json: &mut Json,
    name: &'static str,
    len: usize,
    items: impl IntoIterator<Item = T>,
    write: impl FnMut(&mut Json, T),
) {
    if len > 0 {
        json.name(name);
        json.raw(r#"{"values":"#);
        json.list(items, write);
        json.close();
    }
}

fn contexts(json: &mut Json, event: &Event, trace: &str, kept: &mut Kept) {
    let suppressed =
        (event.suppressed > 0).then(|| vec![("count".into(), event.suppressed.into())]);
    let (own, groups, related) = event.contexts.parts();
    let all = || {
        let own = own.iter().map(|(name, values)| (&**name, values));
        let own = own.chain(suppressed.as_ref().map(|values| ("suppressed", values)));
        event.scope.contexts().chain(own)
    };
    json.raw(r#"{"trace":"#);
    trace_context(json, event, trace, kept);
    for (at, (name, values)) in all().enumerate() {
        // A later one of the same name wins, and nothing else may say to which trace it belongs.
        let is_last = !all().skip(at + 1).any(|(later, _)| later == name);
        if name != "trace"
            && is_last
            && (groups.is_none() || !ERROR_GROUPS.contains(&name))
            && (related.is_none() || name != RELATED_EVENTS)
            && !kept.context(json, name, values)
        {
            json.key(name);
            context(json, name, values);
        }
    }
    if let Some(groups) = groups {
        groups::write(json, groups, kept);
    }
    if let Some(errors) = related {
        json.name(RELATED_EVENTS);
        related_errors(json, errors, kept);
    }
    json.close();
}

/// As `convert::context` makes it.
fn context(json: &mut Json, name: &str, values: &Attributes) {
    let is_renamed = |key: &str| key.strip_prefix(name) == Some("_type");
    if !is_simple(values) || values.iter().any(|(key, _)| is_renamed(key)) {
        return json.typed(&convert::context(name, values));
    }
    json.raw(r#"{"type":"unknown""#);
    for (key, value) in values {
        match &**key {
            "type" => json.key(&format!("{name}_type")),
            key => json.key(key),
        }
        json.value(value);
    }
    json.close();
}

/// As the context that [`Contexts`](crate::record::Contexts) makes of them.
fn related_errors(json: &mut Json, errors: &RelatedErrors, kept: &mut Kept) {
    json.raw(r#"{"type":"unknown","count":"#);
    json.number(errors.count);
    json.raw(r#","score":"#);
    json.number(errors.score().into());
    json.raw(r#","events":"#);
    json.list(&errors.errors, |json, error| kept.related(json, error, related_error));
    json.close();
}

fn related_error(json: &mut Json, error: &RelatedError) {
    json.raw(r#"{"event_id":""#);
    json.id(error.told.id.to_bytes());
    json.raw(r#"","title":"#);
    json.fitting(&error.told.title, fit::TEXT);
    json.raw(r#","score":"#);
    json.number(error.score.into());
    json.raw(r#","shares":"#);
    json.text(error.shares);
    json.raw(r#","seconds_ago":"#);
    json.number(error.seconds_ago);
    json.close();
}

fn trace_context(json: &mut Json, event: &Event, trace: &str, kept: &mut Kept) {
    json.raw(r#"{"type":"trace","trace_id":""#);
    json.raw(trace);
    json.raw(r#"","span_id":""#);
    match event.span_id {
        Some(id) => json.hex(id.get()),
        // Sentry wants one even where there is no span.
        None => json.raw(SpanId::default().to_string()),
    }
    json.raw("\"");
    if let Some(op) = &event.op {
        json.raw(r#","op":"#);
        kept.names.write(json, op, fit::WORD);
    }
    json.close();
}

fn breadcrumb(json: &mut Json, breadcrumb: &Breadcrumb) {
    json.open();
    json.name("timestamp");
    json.time(breadcrumb.timestamp);
    json.name("category");
    json.fitting(&breadcrumb.category, fit::WORD);
    if breadcrumb.level != Level::Info {
        json.name("level");
        json.plain(convert::level_word(breadcrumb.level));
    }
    json.name("message");
    json.fitting(&breadcrumb.message, fit::TEXT);
    if !breadcrumb.data.is_empty() {
        json.name("data");
        json.map(&breadcrumb.data);
    }
    json.close();
}

/// The errors with the call path, or the call path alone.
fn what_happened(json: &mut Json, event: &Event, kept: &mut Kept) {
    // Sentry's order: causes first, what was caught last.
    let chain = event.exceptions.iter().enumerate().rev();
    values(json, "exception", event.exceptions.len(), chain, |json, (at, error)| {
        exception(json, event, (at, error), kept);
    });
    let thread = event.context_value("panic", "thread").and_then(Value::as_str);
    let thread = thread.filter(|_| !event.exceptions.is_empty());
    if let Some(name) = thread {
        json.name("threads");
        json.raw(r#"{"values":[{"name":"#);
        json.text(name);
        json.raw(r#","crashed":true,"current":true}]}"#);
    } else if event.exceptions.is_empty() && !event.path.is_empty() {
        json.name("threads");
        json.raw(r#"{"values":[{"#);
        kept.path(json, &event.path, path);
        json.raw(r#","current":true}]}"#);
    }
}

fn exception(
    json: &mut Json,
    event: &Event,
    (at, exception): (usize, &Exception),
    kept: &mut Kept,
) {
    json.raw(r#"{"type":"#);
    kept.names.write(json, &exception.type_name, fit::TYPE);
    json.raw(r#","value":"#);
    json.fitting(&exception.value, fit::TEXT);
    if let Some(module) = &exception.module {
        json.raw(r#","module":"#);
        kept.names.write(json, module, fit::TYPE);
    }
    if !exception.frames.is_empty() {
        json.name("stacktrace");
        json.raw(r#"{"frames":"#);
        json.list(exception.frames.iter().rev(), backtrace_frame);
        json.close();
    } else if at == 0 && !event.path.is_empty() {
        // The comma depends on what is before it.
        json.comma();
        kept.path(json, &event.path, path);
    }
    json.raw(r#","mechanism":{"type":"#);
    json.text(if at == 0 { event.mechanism.kind } else { "chained" });
    json.raw(if event.mechanism.handled {
        r#","handled":true}}"#
    } else {
        r#","handled":false}}"#
    });
}

/// A frame of the error's own backtrace.
fn backtrace_frame(json: &mut Json, frame: &StackFrame) {
    json.raw(r#"{"function":"#);
    json.text(&frame.function);
    if let Some(file) = &frame.file {
        json.name("filename");
        json.text(file);
    }
    if let Some(line) = frame.line {
        json.name("lineno");
        json.typed(&line);
    }
    json.name("in_app");
    json.typed(&frame.in_app);
    json.close();
}

/// The annotated functions, callers first: a field without a comma before it.
fn path(json: &mut Json, path: &[Frame]) {
    json.raw(r#""stacktrace":{"frames":"#);
    json.list(path.iter().rev(), |json, frame| {
        json.raw(r#"{"function":"#);
        json.text(frame.function);
        json.raw(r#","module":"#);
        json.text(frame.module);
        json.raw(r#","filename":"#);
        json.text(frame.file);
        json.raw(r#","lineno":"#);
        json.number(frame.line.into());
        json.raw(r#","in_app":true}"#);
    });
    json.close();
}

fn tags(json: &mut Json, event: &Event, trace: &str) {
    // Mostly there is no other, and an id needs no escapes.
    if event.tags.is_empty()
        && event.scope.tags.is_empty()
        && event.scope.own_correlation_id().is_none()
    {
        json.raw(r#","tags":{"correlation_id":""#);
        json.raw(trace);
        return json.raw(r#""}"#);
    }
    let correlation_id = event.scope.own_correlation_id().unwrap_or(trace);
    let own = event.tags.iter().filter_map(|(key, value)| fit::fitting_tag(key, value));
    let common = fit::fitting_tag("correlation_id", correlation_id);
    let tags: Vec<_> = convert::fitting_tags(&event.scope).chain(common).chain(own).collect();
    if !tags.is_empty() {
        json.name("tags");
        json.tags(tags);
    }
}
