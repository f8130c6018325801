use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Display;

use super::Severity;
use crate::context::seen::FieldValue;
use crate::context::{MAX_ERROR_TEXT, bounded};
use crate::record::{Attributes, Level, StackFrame, Text, Value, parse_backtrace};

/// Bytes of a tag's value that are formatted. Sentry keeps 200 characters: that is cut, and counted,
/// with all that is recorded.
const MAX_TAG: usize = 1024;
/// Bytes of a value in a context, unless the program says something else.
const MAX_VALUE: usize = crate::settings::DEFAULT_MAX_VALUE_LENGTH;
/// Tags and values that one error may add.
const MAX_ENTRIES: usize = 64;

/// How an error is to be reported. Everything has a default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ErrorClass {
    pub(crate) variant: Option<&'static str>,
    pub(crate) expected: bool,
    pub(crate) level: Option<Level>,
    pub(crate) severity: Option<Severity>,
    pub(crate) category: Option<Text>,
    pub(crate) fingerprint: Vec<Text>,
    pub(crate) tags: Vec<(Text, String)>,
    pub(crate) values: Attributes,
    /// Texts that must not be in any message.
    pub(crate) secrets: Vec<String>,
    pub(crate) hides_text: bool,
    pub(crate) backtrace: Vec<StackFrame>,
    /// Tags that were one too many.
    pub(crate) left_out_tags: u64,
}

impl ErrorClass {
    /// An error like any other.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name of the variant, which the event's context `error` shows.
    pub fn with_variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    /// Sets whether the error is part of what users do. Then it becomes a breadcrumb and is
    /// counted, and there is no event. Default: no.
    pub fn with_expected(mut self, expected: bool) -> Self {
        self.expected = expected;
        self
    }

    /// Sets the event's level. Default: by severity, else [`Level::Error`].
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets how bad the error is. Default: by level.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Sets what goes wrong: `payment`, `database`. It is a tag, too. Default: what
    /// `#[capture_errors(kind = ..)]` says, else by the error's type.
    pub fn with_category(mut self, category: impl Into<Text>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets by what events are grouped. Default: by type and message.
    pub fn with_fingerprint<P: Into<Text>>(mut self, parts: impl IntoIterator<Item = P>) -> Self {
        self.fingerprint = parts.into_iter().map(Into::into).take(MAX_ENTRIES).collect();
        self
    }

    /// Adds a tag, of which 200 characters are kept; 64 tags at most. What is more is counted in
    /// [`Loss`](crate::Loss).
    pub fn with_tag(mut self, key: impl Into<Text>, value: impl Display) -> Self {
        self.push_tag(key.into(), bounded(&value, MAX_TAG));
        self
    }

    /// Adds a value to the event's context `error`, 64 at most.
    pub fn with_context(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.push_value(key.into(), value.into());
        self
    }

    /// Takes a text out of all messages of this error and its sources.
    pub fn with_secret(mut self, secret: impl Display) -> Self {
        self.push_secret(bounded(&secret, MAX_ERROR_TEXT));
        self
    }

    /// Records no message of this error, nor of its sources.
    pub fn with_sensitive_text(mut self) -> Self {
        self.hides_text = true;
        self
    }

    /// Sets the place where the error arose, if the backtrace was captured.
    pub fn with_backtrace(mut self, backtrace: &Backtrace) -> Self {
        if backtrace.status() == BacktraceStatus::Captured {
            self.backtrace = parse_backtrace(&backtrace.to_string());
        }
        self
    }

    /// The event's level, if anything is said that decides it.
    pub(crate) fn effective_level(&self) -> Option<Level> {
        self.level.or(self.severity.map(Severity::level))
    }

    fn push_tag(&mut self, key: Text, value: String) {
        if self.tags.len() < MAX_ENTRIES {
            self.tags.push((key, value));
        } else {
            self.left_out_tags += 1;
        }
    }

    fn push_value(&mut self, key: Text, value: Value) {
        if self.values.len() < MAX_ENTRIES {
            self.values.push((key, value));
        }
    }

    fn push_secret(&mut self, secret: String) {
        // Nothing is the same in every text.
        if !secret.is_empty() {
            self.secrets.push(secret);
        }
    }
}

/// What the derive says.
#[doc(hidden)]
impl ErrorClass {
    pub fn __part(mut self, pieces: &[FieldValue<'_>]) -> Self {
        let part: String = pieces.iter().map(|piece| piece.to_text(MAX_TAG)).collect();
        self.fingerprint.push(part.into());
        self
    }

    pub fn __tag(mut self, key: &'static str, value: FieldValue<'_>) -> Self {
        self.push_tag(key.into(), value.to_text(MAX_TAG));
        self
    }

    pub fn __value(mut self, key: &'static str, value: FieldValue<'_>) -> Self {
        self.push_value(key.into(), value.to_value(MAX_VALUE));
        self
    }

    pub fn __secret(mut self, value: FieldValue<'_>) -> Self {
        let secret = value.to_text(MAX_ERROR_TEXT);
        let escaped = secret.escape_debug().to_string();
        // As a message has it that was made with `{:?}`.
        if escaped != secret {
            self.push_secret(escaped);
        }
        self.push_secret(secret);
        self
    }
}
