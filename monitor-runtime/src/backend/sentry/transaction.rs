//! A transaction in Sentry's types.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sentry_core::ClientOptions;
use sentry_core::protocol::{self, Context, Map, TraceContext};
use sentry_core::types::Uuid;

use super::event::PLATFORM;
use super::gen_ai::is_gen_ai;
use super::sdk::sdk;
use super::split::{Part, span_bytes, split};
use super::{convert, fit};
use crate::record::{Span, SpanId, TraceId, Transaction, Value};

/// Where a span's or a transaction's `origin` and name's source stand among its data: the types
/// have no field for them. Sentry's other SDKs write the same keys.
pub(super) const ORIGIN: &str = "sentry.origin";
pub(super) const SOURCE: &str = "sentry.source";

/// Bytes of one span's values: with that, the largest part holds one span beside the root's, and
/// both stay below the 1 MiB of a transaction.
pub(super) const SPAN_BYTES: usize = 300_000;
/// Bytes of what the scope adds to each part.
pub(super) const CONTEXTS_BYTES: usize = 200_000;

/// The transaction as one or more of Sentry's, each with about how many bytes its spans are.
///
/// The first holds the root. What doesn't fit follows in further ones of the same trace and name,
/// each below the root, so that Sentry shows them in its place and nothing is lost.
pub(super) fn build(
    transaction: &Transaction,
    options: &ClientOptions,
) -> Vec<(protocol::Transaction<'static>, usize)> {
    let correlation_id = transaction.correlation_id();
    let parts = split(transaction.children());
    let build_part = |(number, part): (usize, Part)| {
        let spans = &transaction.children()[part.range];
        let head = Head::of_part(transaction, number, spans);
        (build_one(transaction, &head, spans, &correlation_id, options), part.bytes)
    };
    parts.enumerate().map(build_part).collect()
}

/// What differs between the parts of a transaction.
pub(super) struct Head {
    pub(super) event_id: Uuid,
    pub(super) id: SpanId,
    pub(super) parent: Option<SpanId>,
    /// In nanoseconds since 1970, as is the end.
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) part: usize,
}

impl Head {
    pub(super) fn of_part(transaction: &Transaction, part: usize, spans: &[Span]) -> Self {
        let root = transaction.root();
        if part == 0 {
            let (id, parent) = (root.id, root.parent);
            let event_id = event_id(transaction.trace_id, id);
            let (start, end) = (root.times.start, root.times.end());
            return Self { event_id, id, parent, start, end, part };
        }
        let start = spans.iter().map(|span| span.times.start).min();
        let end = spans.iter().map(|span| span.times.end()).max();
        let start = start.unwrap_or(root.times.start);
        let end = end.unwrap_or(start);
        let id = derived_id(root.id, part);
        let event_id = event_id(transaction.trace_id, id);
        Self { event_id, id, parent: Some(root.id), start, end, part }
    }
}

fn wall_time(nanos: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(nanos)
}

/// An id for a part: the same whenever it is asked for, and unlikely to be another span's.
fn derived_id(root: SpanId, part: usize) -> SpanId {
    let mut x = root.get() ^ (part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    SpanId::new(x ^ (x >> 31)).unwrap_or(root)
}

/// The same for the same span: should it be sent twice, as by a process and its forked child, Sentry
/// takes it once.
fn event_id(trace_id: TraceId, root: SpanId) -> Uuid {
    let (low, high) = (root.get(), root.get().rotate_left(32));
    let bits = u128::from(high) << 64 | u128::from(low);
    Uuid::from_u128(u128::from_be_bytes(trace_id.to_bytes()) ^ bits)
}

fn build_one(
    transaction: &Transaction,
    head: &Head,
    spans: &[Span],
    correlation_id: &str,
    options: &ClientOptions,
) -> protocol::Transaction<'static> {
    let trace_id = convert::trace_id(transaction.trace_id);
    let root = transaction.root();
    let mut tags = convert::tags(&transaction.scope);
    tags.extend(span_tags(root, correlation_id).map(owned));
    let tier = transaction.performance_tier;
    tags.extend(tier.map(|tier| ("performance_tier".to_owned(), tier.as_str().to_owned())));
    let mut contexts = convert::contexts(&transaction.scope);
    fit::contexts(&mut contexts, CONTEXTS_BYTES);
    contexts.insert("trace".to_owned(), trace(transaction, head));
    protocol::Transaction {
        event_id: head.event_id,
        name: Some(fit::text(root.name(), fit::NAME)),
        release: options.release.clone(),
        environment: options.environment.clone(),
        user: transaction.scope.user().map(convert::user),
        tags,
        extra: Map::new(),
        sdk: Some(Cow::Owned(sdk())),
        platform: PLATFORM.into(),
        timestamp: Some(wall_time(head.end)),
        start_timestamp: wall_time(head.start),
        spans: spans.iter().map(|span| build_span(span, trace_id, correlation_id)).collect(),
        contexts,
        request: None,
        server_name: options.server_name.clone(),
    }
}

pub(super) fn trace(transaction: &Transaction, head: &Head) -> Context {
    let root = transaction.root();
    let mut data = data(root);
    data.insert(SOURCE.to_owned(), name_source(root).into());
    if transaction.dropped_spans > 0 {
        data.insert("monitor.dropped_spans".to_owned(), transaction.dropped_spans.into());
    }
    if head.part > 0 {
        data.insert("monitor.part".to_owned(), head.part.into());
    }
    let context = TraceContext {
        span_id: convert::span_id(head.id),
        trace_id: convert::trace_id(transaction.trace_id),
        parent_span_id: head.parent.map(convert::span_id),
        op: Some(fit::text(root.op(), fit::WORD)),
        description: root.description().map(str::to_owned),
        status: Some(convert::status(root.status)),
        origin: Some(origin(root).to_owned()),
        data,
    };
    context.into()
}

pub(super) fn build_span(
    span: &Span,
    trace_id: protocol::TraceId,
    correlation_id: &str,
) -> protocol::Span {
    protocol::Span {
        span_id: convert::span_id(span.id),
        trace_id,
        parent_span_id: span.parent.map(convert::span_id),
        same_process_as_parent: None,
        op: Some(fit::text(span.op(), fit::WORD)),
        description: Some(span.description().unwrap_or(span.name()).to_string()),
        timestamp: Some(convert::end(span.start(), span.duration())),
        start_timestamp: convert::time(span.start()),
        status: Some(convert::status(span.status)),
        tags: span_tags(span, correlation_id).map(owned).collect(),
        data: data(span),
    }
}

pub(super) fn span_tags<'t>(
    span: &'t Span,
    correlation_id: &'t str,
) -> impl Iterator<Item = fit::Tag<'t>> {
    parent_tag(span).into_iter().chain(fit::fitting_tag("correlation_id", correlation_id))
}

pub(super) fn parent_tag(span: &Span) -> Option<fit::Tag<'_>> {
    fit::fitting_tag("parent_operation", span.parent_operation().as_ref()?)
}

fn owned((key, value): fit::Tag<'_>) -> (String, String) {
    (key.into_owned(), value.into_owned())
}

/// What is known of a span beyond its fields. The program's own values win.
fn data(span: &Span) -> Map<String, protocol::Value> {
    let mut data = Map::new();
    let site = span.callsite;
    if !site.module().is_empty() {
        data.insert("code.namespace".to_owned(), site.module().into());
        data.insert("code.function.name".to_owned(), site.function().into());
        data.insert("code.file.path".to_owned(), site.location().file().into());
        data.insert("code.line.number".to_owned(), site.location().line().into());
    }
    if shows_idle(span) {
        data.insert("monitor.busy_ms".to_owned(), millis(span.busy()).into());
        data.insert("monitor.idle_ms".to_owned(), millis(span.idle()).into());
    }
    if span.slow {
        data.insert("monitor.slow".to_owned(), true.into());
    }
    data.extend(convert::map(span.attributes()));
    // What must be escaped takes up to six bytes.
    if span_bytes(span) > SPAN_BYTES / 6 {
        fit::data(&mut data, SPAN_BYTES);
    }
    data.insert(ORIGIN.to_owned(), origin(span).into());
    data
}

/// Less is what two looks at the clock differ by.
pub(super) fn shows_idle(span: &Span) -> bool {
    span.idle() >= Duration::from_micros(1)
}

pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

pub(super) fn origin(span: &Span) -> &'static str {
    if is_gen_ai(span.op()) { "auto.ai.monitor" } else { "auto.monitor" }
}

/// What the transaction's name is: Sentry groups and cleans names by that.
pub(super) fn name_source(root: &Span) -> Cow<'_, str> {
    match root.attribute(SOURCE) {
        Some(Value::Text(given)) => Cow::Borrowed(given),
        _ if is_route(root) => "route".into(),
        _ if root.op() == "task" || root.op().starts_with("queue.") => "task".into(),
        _ if root.name() == root.callsite.name() => "component".into(),
        _ => "custom".into(),
    }
}

fn is_route(root: &Span) -> bool {
    root.attribute("http.route").is_some()
        || root.op() == "http.server" && root.name().contains('/')
}
