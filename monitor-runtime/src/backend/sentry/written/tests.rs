//! What is written beside what the types would make of the same records.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sentry_core::protocol::{Envelope, Value as Json};
use sentry_core::{Client, ClientOptions};

use super::super::transport::{Form, write};
use super::super::{event, fit, fixture, headers, transaction};
use super::{Writer, Written};
use crate::PerformanceTier;
use crate::context::Scope;
use crate::propagation::{Parent, Propagation, SentryBaggage, Upstream};
use crate::record::{
    Attributes, Breadcrumb, Event, EventId, Level, Mechanism, Span, SpanId, StackFrame, Status,
    Text, TraceId, Transaction, User, Value,
};

/// Numbers that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % n
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn text(&mut self) -> String {
        let long = ["x".repeat(300), "ü".repeat(9000)];
        let texts = [
            "",
            "plain",
            "Grüße, 世界 🦀",
            "a\"b\\c/d",
            "two\nlines\r\t\u{0}\u{1f}\u{7f}",
            "\u{2028}</script>",
        ];
        match self.below(9) {
            0 => self.one(&long),
            at => texts[at % texts.len()].to_owned(),
        }
    }

    /// One of these, or a text that was made at run time.
    fn text_or(&mut self, of: &[Option<&'static str>]) -> Option<Text> {
        match self.below(of.len() + 1) {
            0 => Some(self.text().into()),
            at => of[at - 1].map(Text::Borrowed),
        }
    }

    fn key(&mut self) -> Text {
        let keys = [
            "id",
            "order.id",
            "sch\"lüssel\n",
            "type",
            "code.namespace",
            "code.line.number",
            "monitor.slow",
            "monitor.cut",
            "sentry.origin",
            "sentry.source",
            "measurement.rows",
            "measurement.rows.unit",
            "http.route",
            "order_type",
            "",
            "a.b.c",
            "url.full",
        ];
        Text::Borrowed(self.one(&keys))
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 11 { 10 } else { 13 }) {
            0 => Value::Null,
            1 => Value::Bool(true),
            2 => Value::I64(self.one(&[0, -1, i64::MIN, i64::MAX])),
            3 => Value::U64(self.one(&[7, (1 << 53) + 1, u64::MAX])),
            4 => Value::F64(self.one(&[0.1, -0.0, 1e300, 5e-324, 1.0, f64::NAN, f64::INFINITY])),
            5..=9 => self.text().into(),
            10 => Value::List((0..self.below(4)).map(|_| self.value(depth + 1)).collect()),
            11 => Value::Map(self.values(depth + 1)),
            // Deeper than Sentry takes.
            _ => (0..self.below(12)).fold(Value::from("leaf"), |v, _| Value::List(vec![v])),
        }
    }

    fn values(&mut self, depth: usize) -> Attributes {
        let most = self.one(&[1, 3, 6, 40]);
        (0..self.below(most)).map(|_| (self.key(), self.value(depth))).collect()
    }

    fn time(&mut self) -> SystemTime {
        let nanos = self.one(&[0, 1, 123_456_789, 999_999_999]);
        match self.below(8) {
            0 => UNIX_EPOCH - Duration::from_secs(5),
            _ => UNIX_EPOCH + Duration::new(1_700_000_000 + self.below(1000) as u64, nanos),
        }
    }

    fn span(&mut self, id: u64, parent: Option<u64>) -> Span {
        let duration = Duration::from_nanos(self.one(&[0, 999, 20_000_000, 5_000_000_001]));
        let mut span = fixture::span(id, parent);
        span.op = self.text_or(&[Some("db.query"), Some("function")]).unwrap();
        span.name = self.text_or(&[Some("load")]).unwrap();
        span.description = self.text_or(&[None, Some("select")]);
        span.parent_operation = self.text_or(&[None, Some("http.server")]);
        (span.start, span.duration) = (self.time(), duration);
        span.busy = self.one(&[duration, duration / 3]);
        span.status = Status::from_byte(u8::try_from(self.below(18)).unwrap());
        span.slow = self.below(4) == 0;
        span.attributes = self.values(0);
        span
    }

    fn scope(&mut self) -> Arc<Scope> {
        if self.below(4) == 0 {
            return Arc::default();
        }
        let mut scope = Scope::default();
        if self.below(2) == 0 {
            let user = User::new(self.text()).with_ip_address("203.0.113.7");
            scope.set_user(Some(user.with("name", self.value(0)).with("role", self.value(0))));
        }
        for key in ["tenant", "performance_tier", "correlation_id", "two words/ü"] {
            if self.below(2) == 0 {
                scope.set_tag(key, self.text());
            }
        }
        for name in ["order", "trace", "sch\"löss", "system"] {
            if self.below(3) == 0 {
                scope.set_context(name, self.values(0));
            }
        }
        for _ in 0..self.below(3) {
            let level = self.one(&[Level::Debug, Level::Info, Level::Fatal]);
            let mut breadcrumb = Breadcrumb::new(self.text(), self.text()).with_level(level);
            (breadcrumb.timestamp, breadcrumb.data) = (self.time(), self.values(0));
            scope.add_breadcrumb(breadcrumb, 100);
        }
        if self.below(3) == 0 {
            scope.set_correlation_id(self.text());
        }
        if self.below(3) == 0 {
            let mut sentry = SentryBaggage::default();
            if self.below(2) == 0 {
                sentry.set("trace_id", fixture::TRACE.to_owned());
                sentry.set("release", self.text());
                sentry.set("sample_rate", "0.5".to_owned());
            }
            scope.propagation = Some(Arc::new(propagation(sentry)));
        }
        Arc::new(scope)
    }

    fn transaction(&mut self, children: u64) -> Transaction {
        let parent = self.one(&[None, Some(99)]);
        let mut spans = vec![self.span(1, parent)];
        spans.extend((2..2 + children).map(|id| self.span(id, Some(1))));
        let tier = self.one(&[None, Some(PerformanceTier::Slow)]);
        let mut made = fixture::transaction(0);
        made.sampling.rate = self.one(&[1.0, 0.1, 0.333_333_333]);
        made.sampling.rand = self.one(&[0.0, 0.123_456_789, 0.999_999_9]);
        made.sampling.tail = self.below(3) == 0;
        Transaction {
            spans,
            scope: self.scope(),
            performance_tier: tier,
            dropped_spans: self.below(2) as u64,
            ..made
        }
    }

    fn event(&mut self) -> Event {
        let mut event = fixture::event();
        event.id = EventId::new(u128::from(self.0) << 3 | 1);
        event.timestamp = self.time();
        event.level = self.one(&[Level::Error, Level::Warning, Level::Fatal]);
        event.message = self.text_or(&[None]);
        event.exceptions.truncate(self.below(3));
        for error in &mut event.exceptions {
            error.value = self.text();
            error.module = self.text_or(&[None]);
            let frame = StackFrame {
                function: self.text().into(),
                file: self.one(&[None, Some("src/a.rs".into())]),
                line: self.one(&[None, Some(7)]),
                in_app: self.below(2) == 0,
            };
            error.frames = vec![frame; self.below(3)];
        }
        event.mechanism = Mechanism::handled("capture_errors");
        event.op = self.text_or(&[None]);
        event.transaction = self.text_or(&[None]);
        event.path.truncate(self.below(3));
        event.tags = (0..self.below(4)).map(|_| (self.key(), self.text())).collect();
        event.contexts = ["order", "trace", "panic", "error", "suppressed"]
            .map(|name| (Text::Borrowed(name), self.values(0)))
            .into();
        if self.below(2) == 0 {
            event.contexts[2].1.push(("thread".into(), "worker".into()));
        }
        let parts: [&[&'static str]; 4] =
            [&[], &["{{ default }}"], &["{{default}}"], &["{{ default }}", "a\"b"]];
        let parts = self.one(&parts);
        event.fingerprint = parts.iter().map(|part| Text::Borrowed(*part)).collect();
        event.suppressed = self.below(2) as u64;
        event.scope = self.scope();
        event
    }
}

fn propagation(sentry: SentryBaggage) -> Propagation {
    let trace_id = TraceId::parse(fixture::TRACE).unwrap();
    let span_id = SpanId::new(7).unwrap();
    let parent = Parent { trace_id, span_id, sampled: Some(true) };
    let upstream = Upstream { sentry: Some(sentry), ..Upstream::default() };
    Propagation::of(parent, span_id, upstream)
}

fn options() -> ClientOptions {
    let mut options = ClientOptions::new();
    options.dsn = Some("https://k\"ey@o7.ingest.sentry.io/42".parse().unwrap());
    options.release = Some("shop@1.2.3 \"x\"".into());
    options.environment = Some("tést".into());
    options.server_name = Some("host\n".into());
    options
}

/// The lines of an envelope but for the time at which it left.
fn lines(bytes: &[u8]) -> Vec<Json> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut lines: Vec<Json> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert!(lines[0].as_object_mut().unwrap().remove("sent_at").is_some());
    // The order of fields and blanks differ, so the length may; it must be right for each.
    let length = lines[1].as_object_mut().unwrap().remove("length").unwrap();
    let payload = bytes.split(|byte| *byte == b'\n').nth(2).unwrap();
    assert_eq!(length, payload.len());
    lines
}

fn written(written: &Written) -> Vec<Json> {
    lines(&written.bytes(SystemTime::now()))
}

fn typed(
    item: impl Into<sentry_core::protocol::EnvelopeItem>,
    headers: sentry_core::protocol::EnvelopeHeaders,
) -> Vec<Json> {
    let mut envelope = Envelope::new().with_headers(headers);
    envelope.add_item(item);
    lines(&write(&envelope, Form::AiSpans, SystemTime::now()).unwrap())
}

fn compare(transaction: &Transaction, options: &ClientOptions) {
    let writer = Writer::new(options);
    let parts = writer.transaction(transaction, Form::AiSpans).unwrap();
    let typed = transaction::build(transaction, options).into_iter().map(|(part, _)| {
        let headers = headers::for_transaction(&part, transaction, options);
        typed(part, headers)
    });
    let (parts, typed): (Vec<_>, Vec<_>) = (parts.collect(), typed.collect());
    assert_eq!(parts.len(), typed.len());
    for (part, typed) in parts.iter().zip(typed) {
        pretty_assert(&written(part), &typed);
        let spans = typed[2]["spans"].as_array().unwrap().len() as u64;
        assert_eq!(part.contents().map(|(_, n)| n).collect::<Vec<_>>(), [1, spans + 1]);
    }
}

/// Names the field that differs: the whole would be too much to read.
fn pretty_assert(left: &[Json], right: &[Json]) {
    fn differs(at: &str, left: &Json, right: &Json) {
        match (left, right) {
            (Json::Object(l), Json::Object(r)) => {
                assert_eq!(l.keys().collect::<Vec<_>>(), r.keys().collect::<Vec<_>>(), "{at}");
                l.iter().for_each(|(key, l)| differs(&format!("{at}.{key}"), l, &r[key]));
            }
            (Json::Array(l), Json::Array(r)) => {
                assert_eq!(l.len(), r.len(), "{at}");
                l.iter().zip(r).for_each(|(l, r)| differs(&format!("{at}[]"), l, r));
            }
            // As text they are exact; the types' go through a float, in which times lie 240 ns apart.
            (Json::Number(l), Json::Number(r)) if at.ends_with("timestamp") => {
                let apart = l.as_f64().unwrap() - r.as_f64().unwrap();
                assert!(apart.abs() < 1e-6, "{at}: {left} {right}");
            }
            _ => assert_eq!(left, right, "{at}"),
        }
    }
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).for_each(|(left, right)| differs("", left, right));
}

#[test]
fn transactions_are_what_the_types_make_of_them() {
    let (options, bare) = (options(), ClientOptions::new());
    let mut dice = Dice(1);
    for round in 0..400 {
        let children = [0, 1, 5][round % 3];
        let transaction = dice.transaction(children);
        compare(&transaction, if round % 10 == 0 { &bare } else { &options });
    }
    // As parts, of which some hold a span that is cut.
    let mut large = fixture::transaction(2300);
    large.spans[7].attributes = vec![
        ("small".into(), 1.into()),
        ("large".into(), Value::List(vec!["\u{1}".repeat(8000).into(); 40])),
    ];
    compare(&large, &options);
}

#[test]
fn events_are_what_the_types_make_of_them() {
    let options = options();
    let client = Client::with_options(options.clone());
    let writer = Writer::new(&options);
    let mut dice = Dice(2);
    for _ in 0..400 {
        let event = dice.event();
        let prepared = client.prepare_event(event::build(&event), None).unwrap();
        let headers = headers::for_event(&prepared, &event, &options);
        let mut typed = typed(prepared, headers);
        let written = writer.event(&event).unwrap();
        assert!(written.is_event());
        let mut written = self::written(&written);
        if event.span_id.is_none() {
            // Random in both.
            for lines in [&mut typed, &mut written] {
                lines[2]["contexts"]["trace"]["span_id"] = Json::Null;
            }
        }
        pretty_assert(&written, &typed);
    }
}

#[test]
fn events_that_are_too_large_are_left_to_the_types() {
    let mut event = fixture::event();
    assert!(Writer::new(&options()).event(&event).is_some());
    let long = Value::from("x".repeat(fit::TEXT));
    event.contexts.push(("large".into(), vec![("list".into(), Value::List(vec![long; 130]))]));
    assert!(Writer::new(&options()).event(&event).is_none());
}

#[test]
fn what_others_read_is_left_to_the_types() {
    let writer = Writer::new(&options());
    let mut ai = fixture::transaction(2);
    assert!(writer.transaction(&ai, Form::Transactions).is_some());
    assert!(writer.transaction(&ai, Form::Spans).is_none());
    ai.spans[2].op = "gen_ai.chat".into();
    assert!(writer.transaction(&ai, Form::Transactions).is_none());
}

#[test]
fn the_time_of_leaving_is_that_of_the_attempt() {
    let writer = Writer::new(&options());
    let event = writer.event(&fixture::event()).unwrap();
    let head = |at: SystemTime| {
        let bytes = event.bytes(at);
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let head: Json = serde_json::from_slice(&bytes[..end]).unwrap();
        head["sent_at"].as_str().unwrap().to_owned()
    };
    // The same envelope, tried again after a day and on a clock that was set back.
    assert_eq!(head(UNIX_EPOCH + Duration::from_secs(1_700_000_000)), "2023-11-14T22:13:20Z");
    let later = SystemTime::now() + Duration::from_secs(86_400);
    assert_eq!(head(later), crate::time_text::rfc3339(later));
}

#[test]
fn memory_is_used_again() {
    let writer = Writer::new(&options());
    let first = writer.event(&fixture::event()).unwrap();
    let memory = first.bytes.as_ptr();
    drop(first);
    assert_eq!(writer.event(&fixture::event()).unwrap().bytes.as_ptr(), memory);
}
