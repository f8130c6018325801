use super::MockBackend;
use crate::ai::usage_attributes;
use crate::record::{Usage, Value};

/// AI calls.
impl MockBackend {
    /// Checks what the one span of this name used: the counts that are given, and their total.
    ///
    /// ```
    /// use monitor_runtime::{MockBackend, Usage, ai_call};
    ///
    /// #[ai_call(provider = "openai", model = "gpt-4o")]
    /// fn ask() -> Usage {
    ///     Usage::new(2_006, 300).with_cache_read(1_920)
    /// }
    ///
    /// let mock = MockBackend::install();
    /// ask();
    /// mock.assert_tokens("chat gpt-4o", (2_006, 300));
    /// ```
    ///
    /// # Panics
    /// When it used others, and when there is no such span or more than one.
    #[track_caller]
    pub fn assert_tokens(&self, span: &str, usage: impl Into<Usage>) {
        let span = self.span(span);
        for (key, expected) in usage_attributes(&usage.into()) {
            let found = span.attribute(key).and_then(Value::as_u64);
            assert!(
                found == Some(expected),
                "expected {expected} `{key}` of `{}`, found {found:?}; received:\n{}",
                span.name(),
                self.snapshot()
            );
        }
    }
}
