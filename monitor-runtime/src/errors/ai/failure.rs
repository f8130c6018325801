use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::AiErrorInfo;
use super::said;
use crate::context::local;

/// Bytes of a code or an id that are kept.
const MAX_WORD: usize = 64;

/// Why an AI call failed, as far as it can be told without a word of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AiFailure {
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<Box<str>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<Box<str>>,
    /// What may be shown in the place of the error's text.
    pub(crate) safe_message: Option<Box<str>>,
    /// Why there was no answer at all: `timeout`, `connect`, `abandoned`.
    pub(crate) cause: Option<&'static str>,
}

impl AiFailure {
    /// With what the error's text says, and those of its sources, where it is missing.
    pub(crate) fn completed(mut self, texts: &[String]) -> Self {
        for text in texts {
            self.status = self.status.or_else(|| said::status(text));
            self.code = self.code.take().or_else(|| said::code(text).and_then(word));
            self.retry_after = self.retry_after.or_else(|| said::retry_after(text));
            self.cause = self.cause.or_else(|| said::cause(text));
        }
        self
    }

    /// A stream whose reader went away before the end.
    #[cfg_attr(not(feature = "stream"), expect(dead_code, reason = "streams have it"))]
    pub(crate) fn abandoned() -> Self {
        Self { cause: Some("abandoned"), ..Self::default() }
    }

    /// What the error says of itself. Runs code of the program.
    pub(crate) fn of(info: &dyn AiErrorInfo) -> Self {
        let read = || Self {
            status: info.status(),
            code: info.code().and_then(|code| word(&code)),
            retry_after: info.retry_after(),
            request_id: info.request_id().and_then(|id| word(&id)),
            safe_message: info.safe_message().map(|message| Box::from(&*message)),
            cause: None,
        };
        local::unobserved(|| catch_unwind(AssertUnwindSafe(read))).unwrap_or_default()
    }

    /// The status, else the provider's code, else why there was no answer. Few values: events are
    /// grouped by it, and metrics have it.
    pub(crate) fn error_type(&self) -> Option<String> {
        let status = self.status.map(|status| status.to_string());
        status
            .or_else(|| self.code.as_deref().map(str::to_owned))
            .or_else(|| self.cause.map(str::to_owned))
    }

    /// What can be told in the place of a text that may quote the answer.
    pub(crate) fn summary(&self) -> String {
        let status = self.status.map(|status| status.to_string());
        let parts = [status.as_deref(), self.code.as_deref(), self.cause, Some("[Filtered]")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A word with nothing in it that could be a sentence.
fn word(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    (!text.is_empty() && text.len() <= MAX_WORD && text.chars().all(plain)).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> AiFailure {
        AiFailure::default().completed(&[text.to_owned()])
    }

    #[test]
    fn the_status_goes_before_the_code_and_that_before_the_cause() {
        let failure = read("429 Too Many Requests requests: slow down (code: rate_limit_exceeded)");
        assert_eq!(failure.error_type().as_deref(), Some("429"));
        assert_eq!(failure.summary(), "429 rate_limit_exceeded [Filtered]");
        let failure = read("invalid_request_error: no (code: model_not_found)");
        assert_eq!(failure.error_type().as_deref(), Some("model_not_found"));
        assert_eq!(read("operation timed out").error_type().as_deref(), Some("timeout"));
        assert_eq!(read("it is broken").error_type(), None);
    }

    #[test]
    fn a_code_is_a_word() {
        assert_eq!(read("(code: you said: my secret)").code, None);
    }

    #[test]
    fn what_the_error_says_wins() {
        struct Known;
        impl AiErrorInfo for Known {
            fn status(&self) -> Option<u16> {
                Some(503)
            }
        }
        let failure = AiFailure::of(&Known).completed(&["429 (code: x)".to_owned()]);
        assert_eq!((failure.status, failure.code.as_deref()), (Some(503), Some("x")));
    }

    #[test]
    fn an_error_that_panics_says_nothing() {
        struct Panics;
        impl AiErrorInfo for Panics {
            fn status(&self) -> Option<u16> {
                panic!("no status")
            }
        }
        assert_eq!(AiFailure::of(&Panics), AiFailure::default());
    }
}
