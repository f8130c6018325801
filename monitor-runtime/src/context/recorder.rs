//! Values recorded on the current span.

use std::fmt::Display;

use super::local::{self, Local, MAX_TEXT};
use super::seen::FieldValue;
use super::text::{AsDebug, bounded, cut, with_text};
use crate::collect::{Key, Plain};
use crate::hub::Hub;
use crate::policy::statement;
use crate::settings::DEFAULT_MAX_VALUE_LENGTH;

/// Records the values that an attribute names.
pub struct Recorder<'a> {
    local: &'a Local,
    /// Whose list the fields' numbers count in.
    site: u32,
    max: usize,
}

/// Runs `f` if the current span is recorded.
#[inline]
pub fn record(f: impl FnOnce(&mut Recorder<'_>)) {
    local::with(|local| {
        if local.is_recorded() {
            f(&mut Recorder::new(local));
        }
    });
}

impl<'a> Recorder<'a> {
    #[inline(never)]
    pub(super) fn new(local: &'a Local) -> Self {
        let max = Hub::current(local)
            .map_or(DEFAULT_MAX_VALUE_LENGTH, |hub| hub.settings().max_value_length);
        Self { local, site: local.path().next_back().unwrap_or(0), max: max.min(MAX_TEXT) }
    }

    /// Records the field of this number in the callsite's list.
    #[inline]
    pub fn field(&mut self, number: usize, value: FieldValue<'_>) {
        self.set(Key::Field(number), &value);
    }

    /// Names the span.
    pub fn name(&mut self, name: impl Display) {
        self.set(Key::Name, &FieldValue::Display(&name));
    }

    /// Describes the span.
    pub fn description(&mut self, description: impl Display) {
        self.set(Key::Description, &FieldValue::Display(&description));
    }

    /// Records the database query that the span runs, and describes the span by its beginning.
    pub fn query(&mut self, query: impl Display) {
        let query = bounded(&query, self.max);
        let description = statement::description(&query);
        self.set(Key::Description, &FieldValue::Display(&description));
        self.named("db.query.text", &FieldValue::Display(&query));
    }

    pub(super) fn named(&mut self, key: &str, value: &FieldValue<'_>) {
        self.set(Key::Named(cut(key, 256)), value);
    }

    pub(super) fn set(&mut self, key: Key<'_>, value: &FieldValue<'_>) {
        let (local, site) = (self.local, self.site);
        match value {
            FieldValue::Plain(Plain::Text(text)) => {
                local.write_value(site, key, Plain::Text(cut(text, self.max)));
            }
            FieldValue::Plain(plain) => local.write_value(site, key, *plain),
            FieldValue::Display(value) => with_text(value, self.max, |text| {
                local.write_value(site, key, Plain::Text(text));
            }),
            FieldValue::Debug(value) => with_text(&AsDebug(*value), self.max, |text| {
                local.write_value(site, key, Plain::Text(text));
            }),
            FieldValue::Opaque(type_name) => {
                local.write_value(site, key, Plain::Text(cut(type_name, self.max)));
            }
        }
    }
}
