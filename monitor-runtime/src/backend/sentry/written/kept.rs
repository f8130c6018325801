//! JSON of what events say again and again, kept with what it was made of.

use super::json::Json;
use super::values::is_simple;
use crate::record::{Attributes, Frame, Text, Value};

/// Contexts that are kept, by their names; further ones are written each time.
const CONTEXTS: usize = 16;
/// Bytes of a context that is kept.
const MAX_BYTES: usize = 4096;

/// What the last events said.
#[derive(Default)]
pub(super) struct Kept {
    contexts: Vec<Context>,
    path: Path,
}

#[derive(Default)]
struct Context {
    name: String,
    fields: Vec<Field>,
    /// The JSON of the fields, one behind the other, each with the comma before it.
    bytes: Vec<u8>,
}

struct Field {
    key: Text,
    value: Value,
    /// Where its JSON ends.
    end: usize,
}

#[derive(Default)]
struct Path {
    frames: Vec<Frame>,
    bytes: Vec<u8>,
}

impl Kept {
    /// Writes a context that is an object with `"type":"unknown"`, field by field: those that are as in the
    /// last one of this name are copied. Whether that was done: not for values inside of values, and names
    /// that Sentry takes for something else.
    pub(super) fn context(&mut self, json: &mut Json, name: &str, values: &Attributes) -> bool {
        let is_flat = |value: &Value| !matches!(value, Value::List(_) | Value::Map(_));
        let Some(known) = self.place(name) else { return false };
        if known.is_of(values) {
            json.raw(r#"{"type":"unknown""#);
            json.raw(&known.bytes);
            json.close();
            return true;
        }
        let is_renamed = |key: &str| key == "type" || key.strip_prefix(name) == Some("_type");
        if !is_simple(values)
            || !values.iter().all(|(key, value)| is_flat(value) && !is_renamed(key))
        {
            return false;
        }
        json.raw(r#"{"type":"unknown""#);
        known.write(json, values);
        json.close();
        true
    }

    fn place(&mut self, name: &str) -> Option<&mut Context> {
        let at = self.contexts.iter().position(|context| context.name == name);
        if at.is_none() && self.contexts.len() < CONTEXTS {
            self.contexts.push(Context { name: name.to_owned(), ..Context::default() });
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

impl Context {
    fn is_of(&self, values: &Attributes) -> bool {
        !self.fields.is_empty()
            && self.fields.len() == values.len()
            && self.fields.iter().zip(values).all(|(field, (key, value))| field.is(key, value))
    }

    /// Writes the fields, and keeps them.
    fn write(&mut self, json: &mut Json, values: &Attributes) {
        let start = json.0.len();
        let mut known_from = 0;
        for (at, (key, value)) in values.iter().enumerate() {
            let known = self.fields.get(at).map(|field| known_from..field.end);
            known_from = known.as_ref().map_or(known_from, |known| known.end);
            let is_same = self.fields.get(at).is_some_and(|field| field.is(key, value));
            match known.filter(|_| is_same).and_then(|known| self.bytes.get(known)) {
                Some(bytes) => json.raw(bytes),
                None => {
                    json.key(key);
                    json.value(value);
                }
            }
            let end = json.0.len() - start;
            match self.fields.get_mut(at) {
                Some(field) if is_same => field.end = end,
                Some(field) => field.set(key, value, end),
                None => self.fields.push(Field { key: key.clone(), value: value.clone(), end }),
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
    fn is(&self, key: &Text, value: &Value) -> bool {
        is_same(&self.key, key)
            && match (&self.value, value) {
                (Value::Text(known), Value::Text(text)) => is_same(known, text),
                // -0 is written as such.
                (Value::F64(known), Value::F64(number)) => known.to_bits() == number.to_bits(),
                (known, value) => known == value,
            }
    }

    /// In the memory that there is.
    fn set(&mut self, key: &Text, value: &Value, end: usize) {
        self.key.clone_from(key);
        match (&mut self.value, value) {
            (Value::Text(Text::Owned(known)), Value::Text(text)) => {
                known.clear();
                known.push_str(text);
            }
            (known, value) => known.clone_from(value),
        }
        self.end = end;
    }
}

/// Whether two texts are the same. Those of the program mostly lie at the same place.
fn is_same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kept: &mut Kept, name: &str, values: &Attributes) -> Option<String> {
        let mut json = Json::default();
        kept.context(&mut json, name, values).then(|| String::from_utf8(json.0).unwrap())
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
