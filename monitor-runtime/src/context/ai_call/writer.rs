//! What is known of an AI call, onto its span.

use super::super::local::{Local, MAX_TEXT};
use super::super::text::cut;
use super::{AiCall, Said, message, records, shortened};
use crate::ai::{self, Notes};
use crate::callsite::AiKind;
use crate::collect::{Key, Plain};
use crate::record::Value;

/// Writes attributes of a span.
pub(super) struct Writer<'a> {
    pub(super) local: &'a Local,
    pub(super) site: u32,
}

impl Writer<'_> {
    pub(super) fn write(&self, call: &AiCall, said: &Said, notes: Notes, max: usize) {
        self.request(said);
        ai::write(self.local, self.site, &said.response, notes);
        if said.streaming {
            self.stream(said);
        }
        if !said.output.is_empty() {
            let (key, text) = match call.ai.kind() {
                AiKind::Tool => ("gen_ai.tool.call.result", shortened(&said.output, max)),
                AiKind::Memory => ("gen_ai.memory.records", records(&said.output, max)),
                _ => ("gen_ai.output.messages", message("assistant", &said.output, max)),
            };
            self.text(key, &text);
        }
        if let Some(error_type) = said.error_type() {
            self.text("error.type", &error_type);
        }
    }

    /// What was asked, and of whom; the collector knows what the callsite says.
    pub(super) fn request(&self, said: &Said) {
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
        if let Some(before) = &said.retry_of {
            self.text("monitor.ai.retry_of", before);
        }
        if said.attempt > 1 {
            self.named("http.request.resend_count", Plain::U64(said.attempt - 1));
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

    pub(super) fn text(&self, key: &str, text: &str) {
        self.named(key, Plain::Text(cut(text, MAX_TEXT)));
    }

    fn named(&self, key: &str, value: Plain<'_>) {
        self.local.write_value(self.site, Key::Named(key), value);
    }
}
