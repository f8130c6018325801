//! An event in Sentry's types.

use std::borrow::Cow;

use sentry_core::protocol::{self, Mechanism, Stacktrace, Thread, TraceContext, Values};

use super::sdk::sdk;
use super::{convert, fit};
use crate::record::{Event, Exception, Frame, StackFrame, Value};

/// What Sentry calls programs of compiled languages; it knows no `rust`.
pub(super) const PLATFORM: &str = "native";

/// Everything but release, environment and server name, which the client adds.
pub(super) fn build(event: &Event) -> protocol::Event<'static> {
    let (exception, threads) = what_happened(event);
    protocol::Event {
        event_id: sentry_core::types::Uuid::from_bytes(event.id.to_bytes()),
        level: convert::level(event.level),
        fingerprint: fingerprint(event),
        culprit: None,
        transaction: event.transaction.as_deref().map(|name| fit::text(name, fit::NAME)),
        message: event.message.as_deref().map(|message| fit::text(message, fit::TEXT)),
        logentry: None,
        logger: None,
        modules: protocol::Map::new(),
        platform: PLATFORM.into(),
        timestamp: convert::time(event.timestamp),
        server_name: None,
        release: None,
        dist: None,
        environment: None,
        user: event.scope.user().map(convert::user),
        request: None,
        contexts: contexts(event),
        breadcrumbs: event.scope.breadcrumbs().map(convert::breadcrumb).collect::<Vec<_>>().into(),
        exception,
        stacktrace: None,
        template: None,
        threads,
        tags: tags(event),
        extra: protocol::Map::new(),
        debug_meta: Cow::default(),
        sdk: Some(Cow::Owned(sdk())),
    }
}

/// The errors with the call path, or the call path alone.
fn what_happened(event: &Event) -> (Values<protocol::Exception>, Values<Thread>) {
    let stacktrace = stacktrace(&event.path);
    if event.exceptions.is_empty() {
        let thread = stacktrace.map(|stacktrace| Thread {
            stacktrace: Some(stacktrace),
            current: true,
            ..Thread::default()
        });
        return (Values::new(), thread.into_iter().collect::<Vec<_>>().into());
    }
    // Sentry's order: causes first, what was caught last.
    let caught = event.exceptions.iter().enumerate().rev();
    let mut chain: Vec<_> = caught.map(|(at, e)| exception(e, mechanism(event, at))).collect();
    let thread = event.context_value("panic", "thread").and_then(Value::as_str);
    let thread = thread.map(|name| Thread {
        name: Some(name.to_owned()),
        crashed: true,
        current: true,
        ..Thread::default()
    });
    if let Some(caught) = chain.last_mut() {
        caught.stacktrace = caught.stacktrace.take().or(stacktrace);
    }
    (chain.into(), thread.into_iter().collect::<Vec<_>>().into())
}

fn exception(exception: &Exception, mechanism: Mechanism) -> protocol::Exception {
    protocol::Exception {
        ty: fit::text(&exception.type_name, fit::TYPE),
        value: Some(fit::text(&exception.value, fit::TEXT)),
        module: exception.module.as_deref().map(|module| fit::text(module, fit::TYPE)),
        stacktrace: backtrace(&exception.frames),
        raw_stacktrace: None,
        thread_id: None,
        mechanism: Some(mechanism),
    }
}

/// Sources came along with the error that was captured.
fn mechanism(event: &Event, at: usize) -> Mechanism {
    Mechanism {
        ty: if at == 0 { event.mechanism.kind } else { "chained" }.to_owned(),
        handled: Some(event.mechanism.handled),
        ..Mechanism::default()
    }
}

/// The error's own backtrace, callers first.
fn backtrace(frames: &[StackFrame]) -> Option<Stacktrace> {
    let frames: Vec<_> = frames
        .iter()
        .rev()
        .map(|frame| protocol::Frame {
            function: Some(frame.function.to_string()),
            filename: frame.file.as_deref().map(str::to_owned),
            lineno: frame.line.map(u64::from),
            in_app: Some(frame.in_app),
            ..protocol::Frame::default()
        })
        .collect();
    (!frames.is_empty()).then_some(Stacktrace { frames, ..Stacktrace::default() })
}

fn stacktrace(path: &[Frame]) -> Option<Stacktrace> {
    // Sentry's order: callers first.
    let frames: Vec<_> = path.iter().rev().map(frame).collect();
    (!frames.is_empty()).then_some(Stacktrace { frames, ..Stacktrace::default() })
}

fn frame(frame: &Frame) -> protocol::Frame {
    protocol::Frame {
        function: Some(frame.function.to_owned()),
        module: Some(frame.module.to_owned()),
        filename: Some(frame.file.to_owned()),
        lineno: Some(u64::from(frame.line)),
        in_app: Some(true),
        ..protocol::Frame::default()
    }
}

fn fingerprint(event: &Event) -> Cow<'static, [Cow<'static, str>]> {
    if event.fingerprint.is_empty() {
        Cow::Borrowed(&[Cow::Borrowed("{{ default }}")])
    } else {
        Cow::Owned(event.fingerprint.clone())
    }
}

fn tags(event: &Event) -> protocol::Map<String, String> {
    let mut tags = convert::tags(&event.scope);
    tags.extend(fit::tag("correlation_id", &event.correlation_id()));
    tags.extend(event.tags.iter().filter_map(|(key, value)| fit::tag(key, value)));
    tags
}

fn contexts(event: &Event) -> protocol::Map<String, protocol::Context> {
    let mut contexts = convert::contexts(&event.scope);
    contexts.extend(
        event
            .contexts
            .iter()
            .map(|(name, values)| (name.to_string(), convert::context(name, values))),
    );
    if event.suppressed > 0 {
        let count = vec![("count".into(), event.suppressed.into())];
        contexts.insert("suppressed".to_owned(), protocol::Context::Other(convert::map(&count)));
    }
    // Last: nothing else may say to which trace the event belongs.
    contexts.insert("trace".to_owned(), trace(event).into());
    contexts
}

fn trace(event: &Event) -> TraceContext {
    TraceContext {
        trace_id: convert::trace_id(event.trace_id),
        // Sentry wants one even where there is no span; the default is random.
        span_id: event.span_id.map_or_else(protocol::SpanId::default, convert::span_id),
        parent_span_id: None,
        op: event.op.as_deref().map(|op| fit::text(op, fit::WORD)),
        description: None,
        status: None,
        origin: None,
        data: protocol::Map::new(),
    }
}
