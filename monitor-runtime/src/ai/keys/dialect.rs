use std::str::CharIndices;

use super::table::KEYS;
use super::{Key, Kind};
use crate::record::{Span, Value};

/// Whose names the attributes of AI calls have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AiDialect {
    /// Sentry's conventions, version 0.33.
    #[default]
    Sentry,
    /// OpenTelemetry's for generative AI, as they are developed: tokens written to a cache are
    /// `gen_ai.usage.cache_write.input_tokens`, lists are lists, and what only Sentry has
    /// (`gen_ai.usage.total_tokens`, `gen_ai.pipeline.name`, the cost) is left out.
    OpenTelemetry,
}

impl AiDialect {
    /// Renames what stands on the span of an AI call.
    pub(crate) fn apply(self, span: &mut Span) {
        if self == Self::Sentry || span.is_plain() || !span.op().starts_with("gen_ai.") {
            return;
        }
        span.attributes_mut().retain_mut(|(name, value)| {
            let Some(key) = KEYS.iter().find(|key| key.name == name.as_ref()) else {
                return true;
            };
            let Some(otel) = key.otel else { return false };
            *name = otel.into();
            key.to_otel(value);
            true
        });
    }
}

impl Key {
    fn to_otel(self, value: &mut Value) {
        let Some(text) = value.as_str() else { return };
        match self.kind {
            Kind::WholeInText => {
                if let Ok(whole) = text.parse::<i64>() {
                    *value = whole.into();
                }
            }
            Kind::Texts => {
                if let Some(words) = words(text) {
                    *value = words.into();
                }
            }
            Kind::Text | Kind::Whole | Kind::Float | Kind::Truth => {}
        }
    }
}

/// What stands behind a backslash.
fn unescaped(letters: &mut CharIndices<'_>) -> Option<char> {
    Some(match letters.next()?.1 {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        letter => letter,
    })
}

/// The texts of a list in JSON as this crate writes it.
fn words(json: &str) -> Option<Vec<String>> {
    let mut rest = json.strip_prefix('[')?.strip_suffix(']')?;
    let mut words = Vec::new();
    while !rest.is_empty() {
        let mut word = String::new();
        let mut letters = rest.strip_prefix('"')?.char_indices();
        let end = loop {
            match letters.next()? {
                (at, '"') => break at,
                (_, '\\') => word.push(unescaped(&mut letters)?),
                (_, letter) => word.push(letter),
            }
        };
        words.push(word);
        rest = &rest[end + 2..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    Some(words)
}

#[cfg(test)]
mod unit {
    use super::words;

    #[test]
    fn lists_are_read_as_they_are_written() {
        let read = |json| words(json).map(|words| words.join("|"));
        assert_eq!(read("[]").as_deref(), Some(""));
        assert_eq!(read(r#"["stop","a\"b\\","é"]"#).as_deref(), Some(r#"stop|a"b\|é"#));
        assert_eq!(read(r#"["\n\n","\u0001"]"#).as_deref(), Some("\n\n|\u{1}"));
        for bad in ["", "[", r#"["\u00"]"#, "[\"a", "[a]", r#"["a\]"#] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
