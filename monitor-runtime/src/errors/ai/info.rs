use std::borrow::Cow;
use std::time::Duration;

/// What an error of an AI call knows of the request.
///
/// `#[ai_call]` reads it from the error that the function returns. Without it the status, the code and
/// the time to wait are looked for in the error's text, as the clients of the providers write them:
/// `429 Too Many Requests: .. (code: rate_limit_exceeded)`, `Please try again in 20s`.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::AiErrorInfo;
///
/// struct ApiError { status: u16, retry_after_ms: Option<u64> }
///
/// impl AiErrorInfo for ApiError {
///     fn status(&self) -> Option<u16> {
///         Some(self.status)
///     }
///
///     fn retry_after(&self) -> Option<Duration> {
///         self.retry_after_ms.map(Duration::from_millis)
///     }
/// }
/// ```
pub trait AiErrorInfo {
    /// The HTTP status that the provider answered with. Default: what the error's text says.
    fn status(&self) -> Option<u16> {
        None
    }

    /// The provider's word for what is wrong, such as `rate_limit_exceeded`; one of a few, never a
    /// sentence. Default: what the error's text says.
    fn code(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// When to try again. Default: what the error's text says.
    fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// The provider's id of the request. Default: not said.
    fn request_id(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// What may be told of the error where answers of models may not be recorded: without a word of
    /// the provider's response. Default: the error's own text, but for the errors of clients that
    /// quote responses, and for what looks like JSON.
    fn safe_message(&self) -> Option<Cow<'_, str>> {
        None
    }
}
