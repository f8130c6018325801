//! The end of an AI call: what is known of it goes onto its span, and to the calls around it.

use std::borrow::Cow;

use super::super::local::Local;
use super::super::open::{Mode, Open};
use super::super::scope;
use super::super::text::cut;
use super::seen::AiSeen;
use super::{AiCall, Said, message, shortened};
use crate::ai::{self, AiEnded, AiResponse};
use crate::callsite::AiKind;
use crate::collect::{Key, Plain};
use crate::hub::Hub;
use crate::metrics;
use crate::record::{Status, Value};

/// Writes what is known of the call that ends. Its scope is still current.
pub(in crate::context) fn finish(
    local: &Local,
    open: &Open,
    (status, end): (Status, u64),
    seen: Option<Box<AiSeen>>,
) {
    let Some(call) = scope::ai_call(open.site) else { return };
    let mut said = call.said();
    if let Some(seen) = seen {
        said.add(*seen);
    }
    let span = Writer { local, site: open.site.number() };
    let is_recorded = matches!(open.mode, Mode::Child | Mode::Root);
    if call.wraps() {
        // The call inside says it all, and counts once.
        if is_recorded {
            local.write_value(span.site, Key::Op, Plain::Text("function"));
        }
        return;
    }
    let inside = call.used_inside();
    if let Some(used) = inside {
        said.response.set_usage(Some(used));
    }
    if is_recorded {
        let max = Hub::current(local).map_or(0, |hub| hub.settings().max_value_length);
        span.write(open, &call, &said, max);
    }
    let ended = said.ended(status);
    let mut response = std::mem::take(&mut said.response);
    drop(said);
    if inside.is_some() {
        // Those calls have reported it.
        response = AiResponse::default();
    } else if let Some(usage) = response.usage() {
        call.report(&usage);
    } else if call.ai.asks_a_model() && status.is_ok() {
        ai::no_usage(call.site, &response);
    }
    let cost = settle(local, &call, &response, (&ended, call.nanos_until(end)));
    if let Some(cost) = cost.filter(|_| is_recorded && is_on_span(local, &call)) {
        ai::write_cost(local, span.site, cost);
    }
}

/// What remains of a call for those who count.
struct Ended {
    first_chunk: Option<u64>,
    chunks: u64,
    error_type: Option<Cow<'static, str>>,
    abandoned: bool,
}

impl Said {
    fn ended(&self, status: Status) -> Ended {
        let abandoned = status == Status::Cancelled && self.streaming;
        let failed = matches!(status, Status::Error | Status::Panicked);
        let error_type = failed.then(|| self.error_type().unwrap_or("_OTHER".into()));
        Ended { first_chunk: self.first_chunk.nanos(), chunks: self.chunks, error_type, abandoned }
    }
}

/// Counts the call, with no lock held; its cost in USD, if anybody knows it.
fn settle(
    local: &Local,
    call: &AiCall,
    response: &AiResponse,
    (ended, nanos): (&Ended, u64),
) -> Option<f64> {
    let scope = scope::current();
    let model = call.model_name();
    ai::settle(
        local,
        &AiEnded {
            provider: call.ai.provider,
            operation: call.ai.operation,
            model: model.as_deref(),
            response,
            error_type: ended.error_type.as_deref(),
            nanos,
            first_chunk_nanos: ended.first_chunk,
            chunks: ended.chunks,
            abandoned: ended.abandoned,
            budget: call.ai.budget,
            user: scope.as_ref().and_then(|scope| scope.user()?.id.as_deref()),
            priced: call.ai.cost != Some("off") && (metrics::is_on() || is_on_span(local, call)),
        },
    )
}

/// Whether the span says what the call costs: as the attribute says, else as the config does.
fn is_on_span(local: &Local, call: &AiCall) -> bool {
    match call.ai.cost {
        Some(said) => said == "span",
        None => Hub::current(local).is_some_and(|hub| hub.settings().ai.cost_on_spans),
    }
}

/// Writes attributes of a span.
struct Writer<'a> {
    local: &'a Local,
    site: u32,
}

impl Writer<'_> {
    fn write(&self, open: &Open, call: &AiCall, said: &Said, max: usize) {
        self.request(open, call, said);
        ai::write(self.local, self.site, &said.response);
        if said.streaming {
            self.stream(said);
        }
        if !said.output.is_empty() {
            let (key, text) = match call.ai.kind() {
                AiKind::Tool => ("gen_ai.tool.call.result", shortened(&said.output, max)),
                _ => ("gen_ai.output.messages", message("assistant", &said.output, max)),
            };
            self.text(key, &text);
        }
        if let Some(error_type) = said.error_type() {
            self.text("error.type", &error_type);
        }
    }

    /// What was asked, and of whom; the collector knows what the callsite says.
    fn request(&self, open: &Open, call: &AiCall, said: &Said) {
        for (key, text) in [
            ("gen_ai.request.model", said.model.as_deref()),
            ("gen_ai.agent.name", said.agent.as_deref()),
            ("gen_ai.tool.name", said.tool.as_deref()),
            ("gen_ai.pipeline.name", said.pipeline.as_deref()),
            ("gen_ai.conversation.id", said.conversation.as_deref()),
        ] {
            if let Some(text) = text {
                self.text(key, text);
            }
        }
        for (key, value) in &said.attributes {
            self.value(key, value);
        }
        if said.attempt > 1 {
            self.named("http.request.resend_count", Plain::U64(said.attempt - 1));
        }
        // A span named only by its operation gets the model's, agent's or tool's name beside it.
        let subject = match call.ai.kind() {
            AiKind::Model => said.model.as_deref(),
            AiKind::Agent => said.agent.as_deref(),
            AiKind::Tool => said.tool.as_deref(),
        };
        if let Some(subject) = subject.filter(|_| open.site.name() == call.ai.operation) {
            let name = format!("{} {}", call.ai.operation, cut(subject, 256));
            self.local.write_value(self.site, Key::Name, Plain::Text(&name));
        }
    }

    fn stream(&self, said: &Said) {
        self.named("gen_ai.response.streaming", Plain::Bool(true));
        self.named("monitor.ai.chunks", Plain::U64(said.chunks));
        if let Some(nanos) = said.first_chunk.nanos() {
            #[expect(clippy::cast_precision_loss, reason = "exact for a hundred days")]
            let seconds = nanos as f64 / 1e9;
            self.named("gen_ai.response.time_to_first_chunk", Plain::F64(seconds));
        }
    }

    fn value(&self, key: &str, value: &Value) {
        match value {
            Value::Bool(value) => self.named(key, Plain::Bool(*value)),
            Value::I64(value) => self.named(key, Plain::I64(*value)),
            Value::U64(value) => self.named(key, Plain::U64(*value)),
            Value::F64(value) => self.named(key, Plain::F64(*value)),
            Value::Text(text) => self.text(key, text),
            other => self.text(key, &other.to_string()),
        }
    }

    fn text(&self, key: &str, text: &str) {
        self.named(key, Plain::Text(cut(text, super::super::local::MAX_TEXT)));
    }

    fn named(&self, key: &str, value: Plain<'_>) {
        self.local.write_value(self.site, Key::Named(key), value);
    }
}

impl Said {
    /// Adds what a value, or an item of a stream, says.
    pub(in crate::context) fn add(&mut self, seen: AiSeen) {
        let AiSeen { response, output, failure: _ } = seen;
        if self.streaming {
            self.response.merge(response);
        } else {
            self.response = response;
        }
        if let Some(output) = output {
            let room = MAX_OUTPUT.saturating_sub(self.output.len());
            self.output.push_str(cut(&output, room));
        }
    }

    /// What kept the call from an answer.
    fn error_type(&self) -> Option<Cow<'static, str>> {
        if self.denied {
            return Some("budget_exceeded".into());
        }
        self.failure.as_ref()?.error_type().map(Into::into)
    }
}

/// Bytes that are kept of a streamed answer while it comes: what a text of a span may have at most.
const MAX_OUTPUT: usize = super::super::local::MAX_TEXT;
