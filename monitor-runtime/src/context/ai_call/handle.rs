use std::fmt;
use std::sync::Arc;

use super::super::scope;
use super::AiCall;
use crate::context::cut;
use crate::hub::Hub;
use crate::record::Usage;

/// Bytes of a model's name.
const MAX_NAME: usize = 256;

/// The AI call that was running when [`current_ai_call`] was called.
///
/// It may go to other threads. What is said through it when the call has ended, outside of every call, or
/// where no backend is, goes nowhere.
#[derive(Clone)]
pub struct AiCallHandle(Option<Arc<AiCall>>);

/// The innermost `#[ai_call]`, `#[ai_agent]` or `#[ai_tool]` that is running here, for what only its body
/// knows.
///
/// ```
/// # use monitor_runtime::{Usage, ai_call, current_ai_call};
/// # fn send(_: u32) -> Result<(String, Usage), String> { Ok((String::new(), Usage::new(3, 1))) }
/// #[ai_call(provider = "openai", model = "gpt-4o")]
/// fn ask() -> Result<String, String> {
///     let mut attempts = 0;
///     loop {
///         attempts += 1;
///         current_ai_call().attempt();
///         match send(attempts) {
///             Ok((text, usage)) => {
///                 current_ai_call().record_usage(usage);
///                 return Ok(text);
///             }
///             Err(error) if attempts == 3 => return Err(error),
///             Err(_) => {}
///         }
///     }
/// }
/// # ask().unwrap();
/// ```
pub fn current_ai_call() -> AiCallHandle {
    if !Hub::any() {
        return AiCallHandle(None);
    }
    AiCallHandle(scope::current().and_then(|scope| scope.ai.clone()))
}

impl AiCallHandle {
    /// Whether a call was running.
    pub fn is_running(&self) -> bool {
        self.0.is_some()
    }

    /// Says that the request is sent, for the first time or once more: before each time, in functions that
    /// try again by themselves.
    ///
    /// The span says how often it was sent again, as `http.request.resend_count`, and the error that the
    /// call ends with says which attempt it was; what is captured during an attempt has the tag
    /// `ai.attempt`. An `#[ai_call]` of the same operation inside is this attempt, and says so.
    ///
    /// What an attempt has used, because its value or items of its stream said so or by
    /// [`record_usage`](Self::record_usage), is added to what those after it use.
    pub fn attempt(&self) {
        if let Some(call) = &self.0 {
            call.said().begin_attempt();
        }
    }

    /// Says what the present attempt used, in place of what is found in the value: where that doesn't say
    /// it, or where it is of another attempt. The last one counts.
    pub fn record_usage(&self, usage: impl Into<Usage>) {
        if let Some(call) = &self.0 {
            call.said().record_usage(usage.into());
        }
    }

    /// Says that another model is asked than the attribute says, such as one to fall back on. Of its name
    /// 256 bytes are kept.
    pub fn set_model(&self, model: &str) {
        if let Some(call) = self.0.as_ref().filter(|_| !model.is_empty()) {
            call.said().model = Some(cut(model, MAX_NAME).into());
        }
    }
}

impl fmt::Debug for AiCallHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AiCallHandle").field(&self.0).finish()
    }
}
