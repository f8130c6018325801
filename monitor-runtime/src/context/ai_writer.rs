//! What `#[ai_call]` sets on its span and its scope.

use std::fmt::Display;

use super::local::{self, Local};
use super::recorder::Recorder;
use super::scope_writer::ScopeWriter;
use super::seen::FieldValue;
use crate::callsite::{Ai, Callsite};
use crate::collect::Key;
use crate::hub::Hub;

/// Sets what `#[ai_call]` names.
pub struct AiWriter<'a> {
    local: &'a Local,
    scope: ScopeWriter<'a>,
    site: &'static Callsite,
    ai: Ai,
}

/// Runs `f` if anything may be recorded, sampled or not.
#[inline]
pub fn ai(f: impl FnOnce(&mut AiWriter<'_>)) {
    local::with(|local| {
        if let Some(mut writer) = AiWriter::new(local) {
            writer.begin();
            f(&mut writer);
        }
    });
}

impl<'a> AiWriter<'a> {
    fn new(local: &'a Local) -> Option<Self> {
        let scope = ScopeWriter::new(local)?;
        let site = Callsite::by_number(local.path().next_back()?)?;
        Some(Self { local, scope, site, ai: site.details.ai? })
    }

    fn begin(&mut self) {
        let Ai { provider, operation } = self.ai;
        self.tagged("gen_ai.operation.name", "ai.operation", &FieldValue::Display(&operation));
        self.tagged("gen_ai.provider.name", "ai.provider", &FieldValue::Display(&provider));
    }

    /// Says which model is asked.
    pub fn model(&mut self, model: FieldValue<'_>) {
        self.tagged("gen_ai.request.model", "ai.model", &model);
        self.complete_name(&model);
    }

    /// Says on behalf of which agent the call is made.
    pub fn agent(&mut self, agent: FieldValue<'_>) {
        self.attribute("gen_ai.agent.name", &agent);
        if matches!(self.ai.operation, "invoke_agent" | "create_agent") {
            self.complete_name(&agent);
        }
    }

    /// Says which tool is called.
    pub fn tool(&mut self, tool: FieldValue<'_>) {
        self.attribute("gen_ai.tool.name", &tool);
        if self.ai.operation == "execute_tool" {
            self.complete_name(&tool);
        }
    }

    /// Says to which conversation the call belongs.
    pub fn conversation(&mut self, conversation: FieldValue<'_>) {
        self.attribute("gen_ai.conversation.id", &conversation);
    }

    /// Records what is asked, where that is allowed; `prompt` doesn't run otherwise.
    pub fn prompt<T: Display>(&mut self, prompt: impl FnOnce() -> T) {
        let allowed = Hub::current(self.local).is_some_and(|hub| hub.settings().send_default_pii);
        if allowed {
            let prompt = prompt();
            self.attribute("gen_ai.input.messages", &FieldValue::Display(&prompt));
        }
    }

    /// A span named only by its operation gets the model's, agent's or tool's name beside it.
    fn complete_name(&mut self, subject: &FieldValue<'_>) {
        let Ai { operation, .. } = self.ai;
        if self.site.name() == operation && self.local.is_recorded() {
            let name = format!("{operation} {}", subject.to_text(256));
            Recorder::new(self.local).set(Key::Name, &FieldValue::Display(&name));
        }
    }

    fn tagged(&mut self, attribute: &'static str, tag: &'static str, value: &FieldValue<'_>) {
        self.attribute(attribute, value);
        self.scope.tag(tag, *value);
    }

    fn attribute(&mut self, key: &'static str, value: &FieldValue<'_>) {
        if self.local.is_recorded() {
            Recorder::new(self.local).named(key, value);
        }
    }
}
