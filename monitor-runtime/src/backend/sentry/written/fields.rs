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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::sentry::fixture;

    fn span(attributes: &[(Text, Value)]) -> Span {
        let mut span = fixture::transaction(1).spans.remove(1);
        *span.attributes_mut() = attributes.to_vec();
        span
    }

    #[test]
    fn fields_are_those_that_were_learnt() {
        let one: [(Text, Value); 2] = [("id".into(), 1.into()), ("na\"me".into(), "a".into())];
        let mut fields = Fields::default();
        assert!(!fields.are_of(&span(&one)));
        fields.learn(&span(&one));
        for open in ["{", r#"{"a":1"#] {
            let (mut known, mut all) = (Json(open.into()), Json(open.into()));
            fields.write(&mut known, &one);
            all.values(&one);
            assert_eq!(known.0, all.0);
        }
        let large = "x".repeat(FEW_BYTES + 1);
        let made = String::from("id");
        for other in [
            [("ip".into(), 1.into()), one[1].clone()],
            [(made.into(), 1.into()), one[1].clone()],
            [("id".into(), Value::List(Vec::new())), one[1].clone()],
            [one[0].clone(), (one[1].0.clone(), large.into())],
        ] {
            assert!(fields.are_of(&span(&one)) && !fields.are_of(&span(&other)), "{other:?}");
        }
        assert!(!fields.are_of(&span(&one[..1])));
        // A name that was made at run time may be another text at the same place.
        fields.learn(&span(&[("id".into(), 1.into()), (String::from("made").into(), 1.into())]));
        assert!(!fields.are_of(&span(&one)) && fields.names.is_empty());
    }
}
