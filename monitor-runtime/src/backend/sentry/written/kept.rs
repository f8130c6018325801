//! JSON of what events say again and again, kept with what it was made of.

use std::collections::VecDeque;

use super::groups::KeptSystem;
use super::json::Json;
use super::names::Names;
use super::values::is_simple;
use crate::record::{Attributes, EventId, Frame, RelatedError, Text, Value};

/// Contexts that are kept, by their names; further ones are written each time.
const CONTEXTS: usize = 16;
/// Errors that others are related to.
const RELATED: usize = 16;
/// Bytes of a context that is kept.
const MAX_BYTES: usize = 4096;

/// What the last events said.
#[derive(Default)]
pub(super) struct Kept {
    contexts: Vec<Context>,
    /// The last errors that others were related to.
    related: VecDeque<Related>,
    pub(super) names: Names,
    path: Path,
    pub(super) system: KeptSystem,
}

/// What was said of an error that another one was related to.
struct Related {
    id: EventId,
    score: u32,
    shares: &'static str,
    seconds_ago: u64,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Context {
    name: String,
    /// The JSON of what is before the fields.
    head: Vec<u8>,
    fields: Vec<Field>,
    /// The JSON of the fields, one behind the other, each with the comma before it.
    bytes: Vec<u8>,
}

struct Field {
    key: Text,
    value: Value,
    /// Where the JSON of its value begins, and ends.
    value_from: usize,
    end: usize,
}

#[derive(Default)]
struct Path {
    frames: Vec<Frame>,
    bytes: Vec<u8>,
}

impl Kept {
    /// Writes a context with its name: an object with `"type":"unknown"`, behind another. Fields that are as
    /// in the last one of this name are copied. Whether that was done: not for values inside of values, and
    /// names that Sentry takes for something else.
    pub(super) fn context(&mut self, json: &mut Json, name: &str, values: &Attributes) -> bool {
        let Some(known) = self.place(name) else { return false };
        let is_known = known.is_of(values);
        if !is_known && !known.can_keep(values) {
            return false;
        }
        json.raw(&known.head);
        if is_known {
            json.raw(&known.bytes);
        } else {
            known.write(json, values);
        }
        json.close();
        true
    }

    /// Writes what `write` makes of an error that this one is related to.
    pub(super) fn related(
        &mut self,
        json: &mut Json,
        error: &RelatedError,
        write: impl FnOnce(&mut Json, &RelatedError),
    ) {
        if let Some(known) = self.related.iter().rev().find(|known| known.says(error)) {
            return json.raw(&known.bytes);
        }
        let start = json.0.len();
        write(json, error);
        // In the memory of the one that is kept longest.
        let kept = if self.related.len() == RELATED { self.related.pop_front() } else { None };
        let mut bytes = kept.map_or_else(Vec::new, |kept| kept.bytes);
        bytes.clear();
        bytes.extend_from_slice(&json.0[start..]);
        let &RelatedError { ref told, score, shares, seconds_ago } = error;
        let id = told.id;
        self.related.push_back(Related { id, score, shares, seconds_ago, bytes });
    }

    fn place(&mut self, name: &str) -> Option<&mut Context> {
        let at = self.contexts.iter().position(|context| context.name == name);
        if at.is_none() && self.contexts.len() < CONTEXTS {
            let mut head = Json(vec![b',']);
            head.text(name);
            head.raw(r#":{"type":"unknown""#);
            let name = name.to_owned();
            self.contexts.push(Context { name, head: head.0, ..Context::default() });
        }
        let at = at.unwrap_or(self.contexts.len().checked_sub(1)?);
        self.contexts.get_mut(at).filter(|context| context.name == name)
    }

    /// Writes what `write` makes of a call path.
    pub(super) fn path(
        &mut self,
        json: &mut Json,
        frames: &[Frame],
        write: impl FnOnce(&mut Json, &[Frame]),
    ) {
        let Path { frames: known, bytes } = &mut self.path;
        let is_same = |(a, b): (&Frame, &Frame)| {
            // Of the same callsite mostly, and then they are the same texts.
            std::ptr::eq(a.function, b.function)
                && std::ptr::eq(a.module, b.module)
                && std::ptr::eq(a.file, b.file)
                && a.line == b.line
        };
        if bytes.is_empty() || known.len() != frames.len() || !known.iter().zip(frames).all(is_same)
        {
            let start = json.0.len();
            write(json, frames);
            known.clear();
            known.extend_from_slice(frames);
            bytes.clear();
            bytes.extend_from_slice(&json.0[start..]);
        } else {
            json.raw(bytes);
        }
    }
}

impl Related {
    /// What is told of an error never changes; what it has to do with another one may.
    fn says(&self, error: &RelatedError) -> bool {
        self.id == error.told.id
            && self.score == error.score
            && self.seconds_ago == error.seconds_ago
            && is_same(self.shares, error.shares)
    }
}

impl Context {
    fn is_of(&self, values: &Attributes) -> bool {
        !self.fields.is_empty()
            && self.fields.len() == values.len()
            && self
                .fields
                .iter()
                .zip(values)
                .all(|(field, (key, value))| field.is_called(key) && field.says(value))
    }

    /// Whether these values may stand here: flat ones, each with a name of its own.
    fn can_keep(&self, values: &Attributes) -> bool {
        let is_flat = |value: &Value| !matches!(value, Value::List(_) | Value::Map(_));
        // As which `type` is written.
        let is_taken = |key: &str| key.strip_prefix(&*self.name) == Some("_type");
        let are_known = self.fields.len() == values.len()
            && self.fields.iter().zip(values).all(|(field, (key, _))| field.is_called(key));
        values.iter().all(|(_, value)| is_flat(value))
            && (are_known || (is_simple(values) && !values.iter().any(|(key, _)| is_taken(key))))
    }

    /// Writes the fields, and keeps them.
    fn write(&mut self, json: &mut Json, values: &Attributes) {
        let start = json.0.len();
        // Where the JSON of the field that was at this place begins.
        let mut from = 0;
        for (at, (key, value)) in values.iter().enumerate() {
            let known = self.fields.get(at);
            let known_key = known.filter(|field| field.is_called(key));
            match known_key.and_then(|field| self.bytes.get(from..field.value_from)) {
                Some(bytes) => json.raw(bytes),
                None if key == "type" => json.key(&format!("{}_type", self.name)),
                None => json.key(key),
            }
            let value_from = json.0.len() - start;
            let known_value = known.filter(|field| field.says(value));
            match known_value.and_then(|field| self.bytes.get(field.value_from..field.end)) {
                Some(bytes) => json.raw(bytes),
                None => json.value(value),
            }
            from = known.map_or(from, |field| field.end);
            let (key_is_new, value_is_new) = (known_key.is_none(), known_value.is_none());
            let end = json.0.len() - start;
            match self.fields.get_mut(at) {
                Some(field) => {
                    field.set(key_is_new.then_some(key), value_is_new.then_some(value));
                    (field.value_from, field.end) = (value_from, end);
                }
                None => {
                    let (key, value) = (key.clone(), value.clone());
                    self.fields.push(Field { key, value, value_from, end });
                }
            }
        }
        self.fields.truncate(values.len());
        self.bytes.clear();
        match json.0.get(start..) {
            Some(written) if written.len() <= MAX_BYTES => self.bytes.extend_from_slice(written),
            _ => self.fields.clear(),
        }
    }
}

impl Field {
    fn is_called(&self, key: &str) -> bool {
        is_same(&self.key, key)
    }

    fn says(&self, value: &Value) -> bool {
        match (&self.value, value) {
            (Value::Text(known), Value::Text(text)) => is_same(known, text),
            // -0 is written as such.
            (Value::F64(known), Value::F64(number)) => known.to_bits() == number.to_bits(),
            (known, value) => known == value,
        }
    }

    /// Takes what is new of these, in the memory that there is.
    fn set(&mut self, key: Option<&Text>, value: Option<&Value>) {
        if let Some(key) = key {
            self.key.clone_from(key);
        }
        match (&mut self.value, value) {
            (_, None) => {}
            (Value::Text(Text::Owned(known)), Some(Value::Text(text))) => {
                known.clear();
                known.push_str(text);
            }
            (known, Some(value)) => known.clone_from(value),
        }
    }
}

/// Whether two texts are the same. Those of the program mostly lie at the same place.
fn is_same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ToldError;

    fn written(kept: &mut Kept, name: &str, values: &Attributes) -> Option<String> {
        let mut json = Json::default();
        let is_kept = kept.context(&mut json, name, values);
        let text = String::from_utf8(json.0).unwrap();
        is_kept.then(|| text.strip_prefix(&format!(",\"{name}\":")).unwrap().to_owned())
    }

    #[test]
    fn what_changed_is_written_anew() {
        let mut kept = Kept::default();
        let mut values: Attributes =
            vec![("a".into(), 1.into()), ("b".into(), "text".into()), ("c".into(), 0.0.into())];
        let first = r#"{"type":"unknown","a":1,"b":"text","c":0.0}"#;
        for _ in 0..2 {
            assert_eq!(written(&mut kept, "one", &values).unwrap(), first);
            assert_eq!(written(&mut kept, "two", &values).unwrap(), first);
        }
        let typed = vec![("type".into(), "Refused".into())];
        for _ in 0..2 {
            let expected = r#"{"type":"unknown","error_type":"Refused"}"#;
            assert_eq!(written(&mut kept, "error", &typed).unwrap(), expected);
        }
        values[1].1 = "longer text".into();
        values[2].1 = (-0.0).into();
        let second = r#"{"type":"unknown","a":1,"b":"longer text","c":-0.0}"#;
        assert_eq!(written(&mut kept, "one", &values).unwrap(), second);
        values.remove(0);
        let third = r#"{"type":"unknown","b":"longer text","c":-0.0}"#;
        assert_eq!(written(&mut kept, "one", &values).unwrap(), third);
        assert_eq!(written(&mut kept, "one", &values).unwrap(), third);
        values.push(("d".into(), Value::Map(Vec::new())));
        assert_eq!(written(&mut kept, "one", &values), None);
        values.pop();
        values.push(("one_type".into(), 1.into()));
        assert_eq!(written(&mut kept, "one", &values), None);
    }

    #[test]
    fn what_is_said_of_a_related_error_is_written_anew_where_it_differs() {
        let mut kept = Kept::default();
        let told: std::sync::Arc<_> = ToldError { id: EventId::new(7), title: "no".into() }.into();
        let mut errors = Vec::new();
        for (score, shares, seconds_ago) in [(3, "trace", 1), (4, "trace", 1), (3, "user", 1)] {
            for seconds_ago in [seconds_ago, 2] {
                errors.push(RelatedError { told: told.clone(), score, shares, seconds_ago });
            }
        }
        let mut all: Vec<_> = errors.clone();
        all.push(RelatedError {
            told: ToldError { id: EventId::new(8), title: "no".into() }.into(),
            ..errors[0].clone()
        });
        let write = |json: &mut Json, error: &RelatedError| json.raw(format!("{error:?}"));
        for round in 0..2 {
            for error in &all {
                let mut json = Json::default();
                let mut written = 0;
                kept.related(&mut json, error, |json, error| {
                    written += 1;
                    write(json, error);
                });
                assert_eq!(json.0, format!("{error:?}").into_bytes());
                assert_eq!(written, 1 - round);
            }
        }
    }

    #[test]
    fn so_many_and_no_larger_ones_are_kept() {
        let mut kept = Kept::default();
        let values = vec![("a".into(), "x".repeat(MAX_BYTES).into())];
        assert!(written(&mut kept, "large", &values).is_some());
        assert!(kept.contexts[0].bytes.is_empty() && kept.contexts[0].fields.is_empty());
        let names: Vec<String> = (0..2 * CONTEXTS).map(|n| format!("context {n}")).collect();
        let small = vec![("a".into(), 1.into())];
        let kept: Vec<_> = names.iter().map(|name| written(&mut kept, name, &small)).collect();
        assert_eq!(kept.iter().flatten().count(), CONTEXTS - 1);
    }
}
