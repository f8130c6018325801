//! Records for the tests of this folder.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Callsite;
use crate::context::Scope;
use crate::record::{
    Breadcrumb, Event, EventId, EventKind, Exception, Frame, Level, Mechanism, Sampling, Span,
    SpanId, SpanRole, Times, TraceId, Transaction, User,
};

pub(super) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

pub(super) static PARENT: Callsite = Callsite::new("http.server", "handle", "shop::http");
static SITE: Callsite = Callsite::new("db.query", "load", "shop::orders");

/// A time with a fraction that a float can't hold exactly.
pub(super) fn start() -> SystemTime {
    UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789)
}

pub(super) fn span(id: u64, parent: Option<u64>) -> Span {
    let start = start().duration_since(UNIX_EPOCH).unwrap();
    let start = u64::try_from(start.as_nanos()).unwrap();
    let times = Times { start, duration: 20_000_000, busy: 5_000_000 };
    let mut span = Span::plain(SpanId::new(id).unwrap(), &SITE, times);
    span.parent = parent.and_then(SpanId::new);
    span.attributes_mut().push(("order".into(), 7.into()));
    match parent {
        Some(_) => span.parent_site = PARENT.number(),
        None => span.role = SpanRole::Root,
    }
    span
}

pub(super) fn scope() -> Arc<Scope> {
    let mut scope = Scope::default();
    scope.set_user(Some(User::new(42).with_ip_address("203.0.113.7").with("role", "Dispatcher")));
    scope.set_tag("tenant", "acme");
    scope.set_context("order", [("items", 3)]);
    scope.add_breadcrumb(Breadcrumb::new("auth", "token refreshed").with("attempt", 2), 100);
    Arc::new(scope)
}

/// A root with so many spans below it.
pub(super) fn transaction(children: u64) -> Transaction {
    let mut spans = vec![span(1, None)];
    spans.extend((2..2 + children).map(|id| span(id, Some(1))));
    Transaction {
        trace_id: TraceId::parse(TRACE).unwrap(),
        spans,
        scope: scope(),
        sampling: Sampling { rate: 0.25, rand: 0.125, tail: false },
        performance_tier: None,
        dropped_spans: 0,
    }
}

pub(super) fn event() -> Event {
    let exception = |type_name: &'static str, value: &str| Exception {
        type_name: type_name.into(),
        value: value.to_owned(),
        module: Some("shop::errors".into()),
        frames: Vec::new(),
    };
    let frame =
        |function, line| Frame { function, module: "shop::orders", file: "src/orders.rs", line };
    Event {
        id: EventId::new(0xfeed),
        timestamp: start(),
        kind: EventKind::Error,
        level: Level::Error,
        message: None,
        exceptions: vec![exception("OrderError", "no order 7"), exception("DbError", "timeout")],
        mechanism: Mechanism::handled("capture_errors"),
        trace_id: TraceId::parse(TRACE).unwrap(),
        sampled: true,
        sampling: Sampling { rate: 0.25, rand: 0.125, tail: false },
        span_id: SpanId::new(2),
        op: Some("db.query".into()),
        transaction: Some("checkout".into()),
        path: vec![frame("load", 20), frame("checkout", 10)],
        tags: vec![("tenant".into(), "other".to_owned())],
        contexts: vec![("order".into(), vec![("id".into(), 7.into())])].into(),
        fingerprint: Vec::new(),
        suppressed: 0,
        scope: scope(),
    }
}
