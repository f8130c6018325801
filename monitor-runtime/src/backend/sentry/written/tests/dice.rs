//! Records of all kinds.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::PerformanceTier;
use crate::backend::sentry::fixture;
use crate::context::Scope;
use crate::groups::{Performance, System};
use crate::propagation::{Parent, Propagation, SentryBaggage, Upstream};
use crate::record::{
    Attributes, Breadcrumb, ErrorGroup, ErrorGroups, Event, EventId, Level, Mechanism,
    RelatedError, RelatedErrors, Span, SpanId, StackFrame, Status, Text, Times, ToldError, TraceId,
    Transaction, User, Value,
};

/// Numbers that are the same in each run.
pub(super) struct Dice(pub(super) u64);

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
        let duration = self.one(&[0, 999, 20_000_000, 5_000_000_001]);
        let mut span = fixture::span(id, parent);
        if self.below(2) == 0 {
            span.set_op(self.text_or(&[Some("db.query"), Some("function")]).unwrap());
            span.set_name(self.text_or(&[Some("load")]).unwrap());
            if let Some(description) = self.text_or(&[None, Some("select")]) {
                span.set_description(description);
            }
        }
        span.parent_site = self.one(&[0, fixture::PARENT.number()]);
        let start = self.time().duration_since(UNIX_EPOCH).unwrap_or_default();
        let start = u64::try_from(start.as_nanos()).unwrap();
        span.times = Times { start, duration, busy: self.one(&[duration, duration / 3]) };
        span.status = Status::from_byte(u8::try_from(self.below(18)).unwrap());
        span.slow = self.below(4) == 0;
        *span.attributes_mut() = self.values(0);
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

    pub(super) fn transaction(&mut self, children: u64) -> Transaction {
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

    pub(super) fn event(&mut self) -> Event {
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
            .into_iter()
            .collect();
        if self.below(2) == 0 {
            event.contexts.say_later(self.groups());
        }
        if self.below(2) == 0 {
            event.contexts.relate(self.related());
        }
        if self.below(4) == 0 {
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

impl Dice {
    /// One value of a context, or the call path.
    pub(super) fn change(&mut self, event: &mut Event) {
        let one = self.below(event.contexts.len());
        let values = &mut event.contexts[one].1;
        match self.below(4) {
            0 => values.truncate(self.below(4)),
            1 => event.path.reverse(),
            2 => values.extend(self.values(1)),
            _ => {
                for (_, value) in values {
                    *value = self.value(2);
                }
            }
        }
    }

    fn groups(&mut self) -> ErrorGroups {
        let error = ErrorGroup {
            type_name: self.text().into(),
            message: self.text(),
            traceback_hash: self.0,
            category: self.text().into(),
            severity: "high",
            module: self.text_or(&[None]),
            variant: self.text_or(&[None]),
        };
        let counts = [7, 1, 2].map(|most| self.below(most) as u32);
        let response = self.one(&[None, Some(0), Some(1_999), Some(12_340_000), Some(5_000_000)]);
        let system = System {
            uptime: self.one(&[0.0, 7.3]),
            memory_usage: self.one(&[None, Some(15.1)]),
            release: self.one(&[None, Some("a\"b".into())]),
        };
        let performance = Performance::of(counts, (self.0 >> 40) as u32, response);
        ErrorGroups { error, performance, system }
    }

    fn related(&mut self) -> RelatedErrors {
        let error = |dice: &mut Self| RelatedError {
            told: Arc::new(ToldError { id: EventId::new(dice.0.into()), title: dice.text() }),
            score: 7,
            shares: "trace, user",
            seconds_ago: dice.0,
        };
        let errors = (0..self.below(4)).map(|_| error(self)).collect();
        RelatedErrors { count: self.0, errors }
    }
}

fn propagation(sentry: SentryBaggage) -> Propagation {
    let trace_id = TraceId::parse(fixture::TRACE).unwrap();
    let span_id = SpanId::new(7).unwrap();
    let parent = Parent { trace_id, span_id, sampled: Some(true) };
    let upstream = Upstream { sentry: Some(sentry), ..Upstream::default() };
    Propagation::of(parent, span_id, upstream)
}
