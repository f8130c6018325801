//! Recorded values as JSON, as `convert` makes them.

use std::borrow::Cow;

use super::json::Json;
use crate::backend::sentry::{convert, fit};
use crate::context::bounded;
use crate::record::{Attributes, Text, Value};

/// Named values of one map that are compared with each other; larger maps are left to the types.
const FEW: usize = 32;

impl Json {
    /// A text of at most so many characters.
    pub(super) fn fitting(&mut self, text: &str, max: usize) {
        self.text(&fit::fitting(text, max));
    }

    pub(super) fn value(&mut self, value: &Value) {
        self.value_at(value, 0);
    }

    fn value_at(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(value) => self.raw(if *value { "true" } else { "false" }),
            Value::I64(value) => {
                if *value < 0 {
                    self.raw("-");
                }
                self.number(value.unsigned_abs());
            }
            Value::U64(value) => self.number(*value),
            Value::F64(value) => self.typed(value),
            Value::Text(text) => self.fitting(text, fit::TEXT),
            Value::List(_) | Value::Map(_) if depth == fit::DEPTH => {
                self.text(&fit::fitting(&bounded(value, fit::TEXT), fit::TEXT));
            }
            Value::List(values) => self.list(values, |json, value| json.value_at(value, depth + 1)),
            Value::Map(values) if is_simple(values) => {
                self.open();
                for (key, value) in values {
                    self.key(key);
                    self.value_at(value, depth + 1);
                }
                self.close();
            }
            value @ Value::Map(_) => self.typed(&convert::json_at(value, depth)),
        }
    }

    /// Values in an object that is open; they must be [simple](is_simple).
    pub(super) fn values(&mut self, values: &[(Text, Value)]) {
        for (key, value) in values {
            self.key(key);
            self.value(value);
        }
    }

    /// Values as an object.
    pub(super) fn map(&mut self, values: &Attributes) {
        if is_simple(values) {
            self.open();
            self.values(values);
            self.close();
        } else {
            self.typed(&convert::map(values));
        }
    }

    /// Tags as an object; a later one of the same name wins.
    pub(super) fn tags<'t>(
        &mut self,
        tags: impl IntoIterator<Item = (Cow<'t, str>, Cow<'t, str>)>,
    ) {
        let tags: Vec<_> = tags.into_iter().collect();
        self.open();
        for (at, (key, value)) in tags.iter().enumerate() {
            if !tags[at + 1..].iter().any(|(later, _)| later == key) {
                self.key(key);
                self.text(value);
            }
        }
        self.close();
    }
}

/// Whether the values are few, and each has a name of its own.
pub(super) fn is_simple(values: &[(Text, Value)]) -> bool {
    let mut seen = 0_u64;
    let is_new = |at: usize| {
        let key = &values[at].0;
        // Names that differ in their length, their beginning or their end mostly differ here, too.
        let ends = [key.bytes().next(), key.bytes().next_back()].map(|byte| byte.unwrap_or(0));
        let mark = 1 << ((usize::from(ends[0]) * 7 + usize::from(ends[1]) * 3 + key.len()) % 64);
        let is_marked = seen & mark != 0;
        seen |= mark;
        !is_marked || !values[..at].iter().any(|(other, _)| other == key)
    };
    values.len() <= FEW && (0..values.len()).all(is_new)
}
