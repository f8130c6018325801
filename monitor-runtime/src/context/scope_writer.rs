//! What an attribute sets on the scope of its function.

use super::local::{self, Local, MAX_TEXT};
use super::recorder::Recorder;
use super::scope;
use super::seen::FieldValue;
use crate::groups::IntoUser;
use crate::hub::Hub;
use crate::record::{Attributes, Text, Value};

/// Sets what an attribute names on the scope of its function.
pub struct ScopeWriter<'a> {
    local: &'a Local,
    max: usize,
}

/// Runs `f` if anything may be recorded, sampled or not.
#[inline]
pub fn scoped(f: impl FnOnce(&mut ScopeWriter<'_>)) {
    local::with(|local| {
        if let Some(mut writer) = ScopeWriter::new(local) {
            f(&mut writer);
        }
    });
}

impl<'a> ScopeWriter<'a> {
    pub(super) fn new(local: &'a Local) -> Option<Self> {
        if !Hub::any() {
            return None;
        }
        let hub = Hub::current(local)?;
        Some(Self { local, max: hub.settings().max_value_length.min(MAX_TEXT) })
    }

    /// Sets a tag.
    pub fn tag(&mut self, key: &'static str, value: FieldValue<'_>) {
        let value = value.to_text(self.max);
        scope::update(|scope| scope.set_tag(key, value));
    }

    /// Sets a tag, and an attribute of the same name on the span.
    pub fn span_tag(&mut self, key: &'static str, value: FieldValue<'_>) {
        let value = value.to_text(self.max);
        if self.local.is_recorded() {
            Recorder::new(self.local).named(key, &FieldValue::Display(&value));
        }
        scope::update(|scope| scope.set_tag(key, value));
    }

    /// Sets the user.
    pub fn user(&mut self, user: impl IntoUser) {
        let user = user.into_user();
        scope::update(|scope| scope.set_user(Some(user)));
    }

    /// Sets a context.
    pub fn context(&mut self, name: &'static str, values: &[(&'static str, FieldValue<'_>)]) {
        let values: Attributes = values
            .iter()
            .map(|(key, value)| (Text::Borrowed(*key), value.to_value(self.max)))
            .collect();
        scope::update(|scope| scope.set_context(name, values));
    }

    /// Sets a context from anything that yields names and values.
    pub fn context_from<I, K, V>(&mut self, name: &'static str, values: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Text>,
        V: Into<Value>,
    {
        let values: Attributes =
            values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        scope::update(|scope| scope.set_context(name, values));
    }

    /// Sets a detail of `#[capture_errors(kind = ..)]`.
    pub fn detail(&mut self, key: &'static str, value: FieldValue<'_>) {
        let value = value.to_value(self.max);
        scope::update(|scope| scope.details.make_mut().push((key.into(), value)));
    }
}
