//! The breadcrumb that an attribute leaves.

use std::fmt::Display;

use super::handle::{add_breadcrumb, correlation_id};
use super::seen::FieldValue;
use super::text::bounded;
use crate::record::{Breadcrumb, Level};
use crate::settings::DEFAULT_MAX_VALUE_LENGTH;

/// Fills the breadcrumb of an attribute.
pub struct CrumbWriter(Breadcrumb);

/// Leaves a breadcrumb; `fill` runs only where one is kept.
pub fn crumb(category: &'static str, level: Level, fill: impl FnOnce(&mut CrumbWriter)) {
    if super::scope::hub().is_some() {
        let mut writer = CrumbWriter(Breadcrumb::new(category, "").with_level(level));
        fill(&mut writer);
        add_breadcrumb(writer.0);
    }
}

impl CrumbWriter {
    /// Says what happened.
    pub fn message(&mut self, message: &dyn Display) {
        self.0.message = bounded(message, DEFAULT_MAX_VALUE_LENGTH).into();
    }

    /// Says a fact.
    pub fn data(&mut self, key: &'static str, value: FieldValue<'_>) {
        self.0.data.push((key.into(), value.to_value(DEFAULT_MAX_VALUE_LENGTH)));
    }

    /// Says which unit of work it belongs to.
    pub fn correlation_id(&mut self) {
        if let Some(id) = correlation_id() {
            self.0.data.push(("correlation_id".into(), id.into()));
        }
    }
}
