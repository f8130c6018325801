//! What `#[ai_call]` says of its call before the body runs.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use super::ai_call::{
    AiCall, RECORD_COUNT, STORE_ID, Said, json_list, message, records, shortened,
};
use super::local::{self, Local};
use super::scope;
use super::scope_writer::ScopeWriter;
use super::seen::FieldValue;
use super::text::bounded;
use crate::ai::AiRequest;
use crate::callsite::{Ai, AiKind, Callsite};
use crate::collect::Plain;
use crate::groups::IntoUser;
use crate::hub::Hub;
use crate::record::Value;

/// Bytes of a name: of a model, an agent, a conversation.
const MAX_NAME: usize = 256;
/// Characters of the prompt that the event of an error shows.
const MAX_PREVIEW: usize = 100;

/// Says what `#[ai_call]` names.
pub struct AiWriter<'a> {
    local: &'a Local,
    hub: &'static Hub,
    site: &'static Callsite,
    /// Once more has to be said of it than a note holds.
    call: Option<Arc<AiCall>>,
}

/// Runs `f` if anything may be recorded, sampled or not.
#[inline]
pub fn ai(f: impl FnOnce(&mut AiWriter<'_>)) {
    local::with(|local| {
        if let Some(mut writer) = AiWriter::new(local) {
            f(&mut writer);
        }
    });
}

impl<'a> AiWriter<'a> {
    fn new(local: &'a Local) -> Option<Self> {
        if !Hub::any() {
            return None;
        }
        let hub = Hub::current(local)?;
        let site = Callsite::by_number(local.path().next_back()?)?;
        let call = match scope::is_noted(local, site) {
            true => None,
            false => Some(scope::ai_call(site)?),
        };
        Some(Self { local, hub, site, call })
    }

    /// The call in the scope, where it is put now unless it is there.
    fn call(&mut self) -> Option<&AiCall> {
        if self.call.is_none() {
            self.call = scope::ai_call(self.site);
        }
        self.call.as_deref()
    }

    fn say(&mut self, say: impl FnOnce(&mut Said)) {
        if let Some(call) = self.call() {
            say(&mut call.said());
        }
    }

    /// Leaves the contents of this call out, whatever the config allows, and of those inside it.
    pub fn skip(&mut self, skip: bool) {
        if skip {
            self.say(|said| said.skip = true);
        }
    }

    /// Says which model is asked.
    pub fn model(&mut self, model: FieldValue<'_>) {
        let is_noted = self.call.is_none()
            && matches!(model, FieldValue::Plain(Plain::Text(text))
                if scope::note_model(self.local, self.site, text));
        if is_noted {
            return;
        }
        if let Some(model) = name(model) {
            self.say(|said| said.model = Some(model.into()));
        }
    }

    /// Says on behalf of which agent the call is made.
    pub fn agent(&mut self, agent: FieldValue<'_>) {
        if let Some(agent) = name(agent) {
            self.say(|said| said.agent = Some(agent.into()));
        }
    }

    /// Says which tool is called.
    pub fn tool(&mut self, tool: FieldValue<'_>) {
        if let Some(tool) = name(tool) {
            self.say(|said| said.tool = Some(tool.into()));
        }
    }

    /// Says which store of memories is meant.
    pub fn store(&mut self, store: FieldValue<'_>) {
        if let Some(store) = name(store) {
            self.attribute(STORE_ID, store.into());
        }
    }

    /// Says which record of a memory is meant.
    pub fn record(&mut self, record: FieldValue<'_>) {
        if let Some(record) = name(record) {
            self.attribute("gen_ai.memory.record.id", record.into());
        }
    }

    /// Says how many records of a memory are made, changed or deleted.
    pub fn record_count(&mut self, count: FieldValue<'_>) {
        self.param(RECORD_COUNT, count);
    }

    /// Says to which conversation the call belongs.
    pub fn conversation(&mut self, conversation: FieldValue<'_>) {
        if let Some(conversation) = name(conversation) {
            self.say(|said| said.conversation = Some(conversation.into()));
        }
    }

    /// Says of which pipeline the call is a part.
    pub fn pipeline(&mut self, pipeline: FieldValue<'_>) {
        if let Some(pipeline) = name(pipeline) {
            self.say(|said| said.pipeline = Some(pipeline.into()));
        }
    }

    /// Says which template the prompt was made of.
    pub fn prompt_name(&mut self, prompt_name: FieldValue<'_>) {
        if let Some(prompt_name) = name(prompt_name) {
            self.attribute("gen_ai.prompt.name", prompt_name.into());
        }
    }

    /// Says what the tool is for.
    pub fn description(&mut self, description: FieldValue<'_>) {
        let description = description.to_text(self.max());
        if self.kind() == AiKind::Tool {
            self.attribute("gen_ai.tool.description", description.into());
        }
    }

    /// Says which time the request is sent, from 1.
    pub fn attempt(&mut self, attempt: FieldValue<'_>) {
        let attempt = match attempt {
            FieldValue::Plain(Plain::U64(attempt)) => attempt,
            FieldValue::Plain(Plain::I64(attempt)) => attempt.try_into().unwrap_or(0),
            _ => return,
        };
        self.say(|said| said.attempt = attempt);
    }

    /// Says which answer or request this one repeats.
    pub fn retry_of(&mut self, before: FieldValue<'_>) {
        if let Some(before) = name(before) {
            self.say(|said| said.retry_of = Some(before.into()));
        }
    }

    /// Says the parameters that were found in the request.
    pub fn request(&mut self, request: AiRequest) {
        let stops = request.stops.into_iter().map(Cow::Owned).collect();
        self.say(|said| said.attributes.extend(request.params));
        self.words("gen_ai.request.stop_sequences", stops);
    }

    /// Says a parameter of the request that is a list, unless there is nothing in it.
    pub fn words(&mut self, key: &'static str, words: Vec<Cow<'_, str>>) {
        if !words.is_empty() {
            self.attribute(key, json_list(&words, self.max()).into());
        }
    }

    /// Says a parameter of the request, unless that is `None`.
    pub fn param(&mut self, key: &'static str, value: FieldValue<'_>) {
        let value = match value.to_value(self.max()) {
            Value::Null => return,
            // Sentry keeps it as a text: it may be larger than its numbers.
            value if key == "gen_ai.request.seed" => value.to_string().into(),
            value => value,
        };
        self.attribute(key, value);
    }

    /// Says for whom the call is made.
    pub fn user(&mut self, user: impl IntoUser) {
        if let Some(mut scope) = ScopeWriter::new(self.local) {
            scope.user(user);
        }
    }

    /// Records what a user says, where that is allowed; `prompt` doesn't run otherwise.
    pub fn prompt<T: Display>(&mut self, prompt: impl FnOnce() -> T) {
        self.content(prompt);
    }

    /// Records all that is sent, where that is allowed; `input` doesn't run otherwise.
    pub fn input<T: Display>(&mut self, input: impl FnOnce() -> T) {
        self.content(input);
    }

    fn content<T: Display>(&mut self, content: impl FnOnce() -> T) {
        let skips = |call: &AiCall| call.said().skip;
        if !self.hub.settings().records_ai_inputs() || self.call().is_none_or(skips) {
            return;
        }
        let max = self.max();
        // A character more than fits, so that it is seen that something was cut.
        let content = bounded(&content(), max.saturating_add(4));
        let preview: String = content.chars().take(MAX_PREVIEW).collect();
        let (key, text) = match (self.kind(), self.operation()) {
            (AiKind::Memory, "search_memory") => {
                ("gen_ai.memory.query.text", shortened(&content, max))
            }
            (AiKind::Memory, _) => ("gen_ai.memory.records", records(&content, max)),
            (AiKind::Tool, _) => ("gen_ai.tool.call.arguments", shortened(&content, max)),
            (_, "embeddings") => ("gen_ai.embeddings.input", shortened(&content, max)),
            _ => ("gen_ai.input.messages", message("user", &content, max)),
        };
        self.say(|said| {
            said.prompt_preview = Some(preview.into());
            said.attributes.push((key, text.into()));
        });
    }

    fn kind(&self) -> AiKind {
        self.site.details.ai.as_ref().map_or(AiKind::Model, Ai::kind)
    }

    fn operation(&self) -> &'static str {
        self.site.details.ai.as_ref().map_or("", |ai| ai.operation)
    }

    fn attribute(&mut self, key: &'static str, value: Value) {
        self.say(|said| said.attributes.push((key, value)));
    }

    fn max(&self) -> usize {
        self.hub.settings().max_value_length
    }
}

/// A name, unless it is empty or `None`.
fn name(value: FieldValue<'_>) -> Option<String> {
    let name = value.to_text(MAX_NAME);
    (!name.is_empty()).then_some(name)
}
