//! What the policy costs a record. Printed by
//!
//! ```text
//! cargo test --release -p monitor-runtime --features mock --lib -- --ignored --nocapture policy::cost
//! ```

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::related::Related;
use super::scrub::Scrubber;
use super::{Pipeline, Rules, fingerprint, statement};
use crate::backend::Losses;
use crate::callsite::Callsite;
use crate::config::Config;
use crate::context::Scope;
use crate::record::{
    Breadcrumb, Event, EventId, EventKind, Exception, Frame, Level, Mechanism, Sampling, Span,
    SpanId, SpanRole, Times, TraceId, Transaction, User, Value,
};
use crate::settings::Settings;

static SITE: Callsite = Callsite::new("db.query", "load", "shop::orders");

fn scope(breadcrumbs: usize) -> Arc<Scope> {
    let mut scope = Scope::default();
    scope.set_user(Some(User::new(42).with_username("ada").with("role", "Dispatcher")));
    for (key, value) in [("tenant", "acme"), ("command.name", "orders"), ("feature", "export")] {
        scope.set_tag(key, value);
    }
    scope.set_context("cart", [("items", Value::from(3)), ("currency", "EUR".into())]);
    for number in 0..breadcrumbs {
        let said = format!("attempt {number} to load the orders of the customer");
        scope.add_breadcrumb(Breadcrumb::new("orders", said).with("attempt", number), 100);
    }
    Arc::new(scope)
}

fn span(number: u64, fields: bool) -> Span {
    let attributes = match fields {
        true => vec![
            ("id".into(), number.into()),
            ("offset".into(), (-3).into()),
            ("name".into(), "select * from users".into()),
            ("shape".into(), "Shape { width: 3, height: 4 }".into()),
        ],
        false => Vec::new(),
    };
    let times = Times { start: 0, duration: 1_000_000, busy: 1_000_000 };
    let mut span = Span::plain(SpanId::new(number + 1).unwrap(), &SITE, times);
    span.parent = SpanId::new(number);
    span.parent_site = SITE.number();
    if number == 0 {
        span.role = SpanRole::Root;
    }
    if !attributes.is_empty() {
        *span.attributes_mut() = attributes;
    }
    span
}

fn transaction(fields: bool) -> Transaction {
    Transaction {
        trace_id: TraceId::new(1).unwrap(),
        spans: (0..100).map(|number| span(number, fields)).collect(),
        scope: scope(10),
        sampling: Sampling { rate: 1.0, rand: 0.5, tail: false },
        performance_tier: None,
        dropped_spans: 0,
    }
}

fn event(number: u64, breadcrumbs: usize) -> Event {
    let error = |type_name: &'static str, value: &str| Exception {
        type_name: type_name.into(),
        value: value.to_owned(),
        module: Some("shop::orders".into()),
        frames: Vec::new(),
    };
    Event {
        id: EventId::new(u128::from(number)),
        timestamp: SystemTime::UNIX_EPOCH + Duration::from_millis(number),
        kind: EventKind::Error,
        level: Level::Error,
        message: None,
        exceptions: vec![
            error("OrderError", "order 7 of customer 42 can't be loaded"),
            error("DbError", "no answer from 10.0.0.7 after 1500 ms"),
        ],
        mechanism: Mechanism::handled("capture_errors"),
        trace_id: TraceId::new(u128::from(number) + 1).unwrap(),
        span_id: SpanId::new(1),
        sampled: true,
        sampling: Sampling { rate: 1.0, rand: 0.5, tail: false },
        op: Some("db.query".into()),
        transaction: Some("GET /orders".into()),
        path: vec![Frame { function: "load", module: "shop", file: "src/orders.rs", line: 7 }],
        tags: vec![("db.table".into(), "orders".to_owned())],
        contexts: vec![("database".into(), vec![("operation".into(), "select".into())])].into(),
        fingerprint: Vec::new(),
        suppressed: 0,
        scope: scope(breadcrumbs),
    }
}

/// The least of 200 batches of 20 turns, in nanoseconds a turn: on a busy machine the others hold
/// what other programs took. What `prepare` does isn't counted.
fn measure<T>(what: &str, prepare: impl Fn(u64) -> T, mut work: impl FnMut(T)) {
    let batch = |batch: u64| {
        let prepared: Vec<T> = (0..20).map(|turn| prepare(batch * 20 + turn)).collect();
        let start = Instant::now();
        prepared.into_iter().for_each(&mut work);
        start.elapsed().as_nanos() / 20
    };
    let least = (0..200).map(batch).min();
    println!("{what}: {} ns", least.unwrap_or_default());
}

#[test]
#[ignore = "a measurement: it prints, and fails never"]
fn figures() {
    let scrubber = Scrubber::new();
    let scrub = |transaction: &mut Transaction| {
        scrubber.spans(&mut transaction.spans);
        scrubber.scope(&mut transaction.scope);
    };
    for (fields, what) in [(false, "without fields"), (true, "with four fields each")] {
        let what = format!("scrub a transaction of 100 spans {what}");
        measure(&what, |_| transaction(fields), |mut t| scrub(black_box(&mut t)));
    }
    for breadcrumbs in [0, 10, 100] {
        let what = format!("scrub an event with {breadcrumbs} breadcrumbs");
        let make = |number| event(number, breadcrumbs);
        measure(&what, make, |mut event| scrubber.event(black_box(&mut event)));
    }
    let text = "the quick brown fox, 3 years old, jumps over the lazy dog in /var/lib. ".repeat(14);
    let looked_at = |_| drop(black_box(scrubber.text_of(black_box(&text), 8192)));
    measure(&format!("scrub a text of {} bytes", text.len()), |_| (), looked_at);
    let drop_all = |_| drop(black_box(transaction(true)));
    measure("make and drop such a transaction", |_| (), drop_all);

    let unlimited = Config::new().with_max_events_per_fingerprint(u32::MAX).rules;
    let pipeline = Pipeline::new(unlimited, &Settings::default());
    let losses = Losses::default();
    let whole_way = |event| drop(black_box(pipeline.event(&losses, event, |_| ())));
    measure("the whole way of an event, 10 breadcrumbs, 100 related", |n| event(n, 10), whole_way);
    let mut related = Related::new(10);
    (0..100).for_each(|number| drop(related.relate(&mut event(number, 0))));
    let relate = |mut event| drop(black_box(related.relate(&mut event)));
    measure("relating an error to 100 others", |number| event(100 + number, 0), relate);
    let limited = Pipeline::new(Rules::default(), &Settings::default());
    let left_out = |event| drop(black_box(limited.event(&losses, event, |_| ())));
    measure("an event over the limit of its fingerprint", |n| event(n, 10), left_out);

    let message = "connection to 10.0.0.7:5432 refused after 1500 ms for ada@example.org";
    let normalise = |()| drop(black_box(fingerprint::normalised(black_box(message))));
    measure("normalise a message of 69 bytes", |_| (), normalise);
    let query = "SELECT * FROM orders WHERE customer = 'Ada' AND id IN (1, 2, 3) LIMIT 10";
    let shape = |()| drop(black_box(statement::shape(black_box(query))));
    measure("a query of 72 bytes as a statement", |_| (), shape);
}
