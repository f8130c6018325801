//! The names of one callsite's fields, as JSON.

use super::json::Json;
use crate::backend::sentry::split::span_bytes;
use crate::record::{Span, Text, Value};

/// Bytes of a span's texts, of its values and beside them, up to which it is surely not too large.
const FEW_BYTES: usize = 16 * 1024;

/// The names that the last span of a callsite had, all of them texts of the program.
#[derive(Clone, Default)]
pub(super) struct Fields {
    /// With where the JSON of each ends.
    names: Vec<(&'static str, usize)>,
    /// One behind the other, each with the comma before it.
    json: Vec<u8>,
}

impl Fields {
    /// Whether the span has these fields, and nothing that isn't written as it is.
    pub(super) fn are_of(&self, span: &Span) -> bool {
        let values = span.attributes();
        let mut bytes = 0;
        let is_known = |((name, _), (key, value)): (&(&'static str, usize), &(Text, Value))| {
            bytes += match value {
                Value::Text(text) => text.len(),
                Value::List(_) | Value::Map(_) => return false,
                _ => 0,
            };
            matches!(key, Text::Borrowed(key) if std::ptr::eq(*key, *name))
        };
        self.names.len() == values.len()
            && self.names.iter().zip(values).all(is_known)
            && bytes <= FEW_BYTES
    }

    /// Keeps the names of a usual span.
    pub(super) fn learn(&mut self, span: &Span) {
        self.names.clear();
        self.json.clear();
        if span_bytes(span) > FEW_BYTES {
            return;
        }
        let mut json = Json(std::mem::take(&mut self.json));
        for (key, _) in span.attributes() {
            let Text::Borrowed(key) = key else {
                self.names.clear();
                break;
            };
            json.raw(",");
            json.text(key);
            json.raw(":");
            self.names.push((key, json.0.len()));
        }
        self.json = json.0;
    }

    /// Writes fields that [are these](Self::are_of) in an object that is open.
    pub(super) fn write(&self, json: &mut Json, values: &[(Text, Value)]) {
        let mut from = usize::from(json.0.last() == Some(&b'{'));
        for ((_, end), (_, value)) in self.names.iter().zip(values) {
            json.raw(&self.json[from..*end]);
            json.value(value);
            from = *end;
        }
    }
}
