//! Named values, and values inside of values.

use super::keys::Verdict;
use super::{FILTERED, MAX_TEXT, Scrubber, card};
use crate::policy::{address, statement};
use crate::record::{Attributes, Text, Value};

/// Values inside of values that are looked at; what lies deeper is removed.
const MAX_DEPTH: usize = 10;
/// Values of one record's list or map; further ones are left out.
const MAX_VALUES: usize = 1000;

impl Scrubber {
    /// The values as they may be recorded; `None` if they may as they are.
    pub(super) fn attributes(&self, values: &Attributes) -> Option<Attributes> {
        self.map(values, 0)
    }

    /// The same in place, for values that belong to one record alone.
    pub(super) fn attributes_in_place(&self, values: &mut Attributes) {
        self.attributes_in_place_beside(values, "");
    }

    /// The same beside a message that is clean: where it stands again it needs no second look.
    pub(super) fn attributes_in_place_beside(&self, values: &mut Attributes, message: &str) {
        values.truncate(MAX_VALUES);
        for (key, value) in values {
            let verdict = self.verdict_of(key);
            if verdict == Verdict::Unknown && is_plain_number(value) {
                self.key_in_place(key);
                continue;
            }
            if key == "message"
                && verdict == Verdict::Unknown
                && self.patterns.is_empty()
                && matches!(value, Value::Text(text) if *text == *message)
            {
                continue;
            }
            if let Some(new) = self.judged(verdict, key, value, 0) {
                *value = new;
            }
            self.key_in_place(key);
        }
    }

    /// The name of a value in place. Most stand in the program's text.
    pub(super) fn key_in_place(&self, key: &mut Text) {
        if matches!(key, Text::Owned(_)) {
            self.text_in_place(key, MAX_KEY);
        }
    }

    /// A text in place.
    pub(super) fn text_in_place(&self, text: &mut Text, max: usize) {
        if let Some(new) = self.text_in(text, max) {
            *text = new.into();
        }
    }

    #[cfg(feature = "sentry")]
    pub(in crate::policy) fn named(&self, key: &str, value: &Value) -> Option<Value> {
        self.judged(self.verdict(key), key, value, 0)
    }

    /// The value of a name of which this is known.
    fn judged(&self, verdict: Verdict, key: &str, value: &Value, depth: usize) -> Option<Value> {
        let is_number = matches!(
            value,
            Value::Null | Value::Bool(_) | Value::I64(_) | Value::U64(_) | Value::F64(_)
        );
        match verdict {
            Verdict::Strong | Verdict::Listed if *value != Value::Null => Some(filtered()),
            Verdict::Weak if !is_number => Some(filtered()),
            Verdict::Personal => self.address(value),
            Verdict::Allowed => None,
            _ if statement::is_name(key) => self.statement(value),
            _ => self.value(value, depth),
        }
    }

    fn value(&self, value: &Value, depth: usize) -> Option<Value> {
        match value {
            Value::Text(text) => self.text_in(text, MAX_TEXT).map(|new| Value::Text(new.into())),
            Value::U64(number) if card::is_number(*number) => Some(filtered()),
            Value::I64(number) if u64::try_from(*number).is_ok_and(card::is_number) => {
                Some(filtered())
            }
            Value::List(_) | Value::Map(_) if depth == MAX_DEPTH => Some(filtered()),
            Value::List(values) => self.list(values, depth + 1).map(Value::List),
            Value::Map(values) => self.map(values, depth + 1).map(Value::Map),
            _ => None,
        }
    }

    fn list(&self, values: &[Value], depth: usize) -> Option<Vec<Value>> {
        let kept = &values[..values.len().min(MAX_VALUES)];
        let mut changed = (kept.len() < values.len()).then(|| kept.to_vec());
        for (at, value) in kept.iter().enumerate() {
            if let Some(new) = self.value(value, depth) {
                changed.get_or_insert_with(|| kept.to_vec())[at] = new;
            }
        }
        changed
    }

    fn map(&self, values: &[(Text, Value)], depth: usize) -> Option<Attributes> {
        let kept = &values[..values.len().min(MAX_VALUES)];
        let mut changed = (kept.len() < values.len()).then(|| kept.to_vec());
        for (at, (key, value)) in kept.iter().enumerate() {
            if let Some(new) = self.judged(self.verdict_of(key), key, value, depth) {
                changed.get_or_insert_with(|| kept.to_vec())[at].1 = new;
            }
            if matches!(key, Text::Owned(_))
                && let Some(new) = self.text_of(key, MAX_KEY)
            {
                changed.get_or_insert_with(|| kept.to_vec())[at].0 = new.into();
            }
        }
        changed
    }

    /// A value that is, or tells, where someone is on the net.
    fn address(&self, value: &Value) -> Option<Value> {
        match (self.personal, self.masks_addresses, value) {
            (false, ..) => Some(filtered()),
            (true, true, Value::Text(text)) => address::masked(text).map(Into::into),
            _ => None,
        }
    }

    /// A query as a statement without its values, unless personal data is allowed.
    pub(super) fn statement(&self, value: &Value) -> Option<Value> {
        self.statement_of(value.as_str()?).map(Into::into)
    }

    /// The same of a text. Secrets go first: without its dashes, say, a private key isn't known.
    pub(super) fn statement_of(&self, text: &str) -> Option<String> {
        let scrubbed = self.text_of(text, MAX_TEXT);
        let left = scrubbed.as_deref().unwrap_or(text);
        let statement = match self.personal {
            true => statement::cut(left),
            false => statement::shape(left),
        };
        statement.or(scrubbed)
    }
}

/// Whether it is a number that no card has.
const fn is_plain_number(value: &Value) -> bool {
    match value {
        Value::U64(number) => *number < card::LEAST,
        Value::I64(number) => *number < card::LEAST.cast_signed(),
        Value::F64(_) | Value::Bool(_) | Value::Null => true,
        _ => false,
    }
}

/// Bytes of a key that are kept.
pub(super) const MAX_KEY: usize = 256;

fn filtered() -> Value {
    Value::Text(Text::Borrowed(FILTERED))
}
