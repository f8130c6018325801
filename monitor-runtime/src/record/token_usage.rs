use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::Usage;

/// A response that knows how many tokens it cost.
///
/// `#[ai_call]` reads it from the function's return value, or from what is inside its `Ok` or
/// `Some`, unless the attribute says `usage = ..`. Of a stream it reads it from each item, and the
/// last value of each count stays: counts in items are totals so far.
///
/// Only the first method must be there. Types that are `Serialize` need none of it with the feature
/// `serde`: their counts are found by the names that providers give them.
///
/// ```
/// use std::borrow::Cow;
/// use monitor_runtime::{TokenUsage, Usage};
///
/// struct Completion { model: String, prompt_tokens: u64, completion_tokens: u64 }
///
/// impl TokenUsage for Completion {
///     fn token_usage(&self) -> Option<Usage> {
///         Some(Usage::new(self.prompt_tokens, self.completion_tokens))
///     }
///
///     fn response_model(&self) -> Option<Cow<'_, str>> {
///         Some(self.model.as_str().into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't say how many tokens were used",
    label = "expected a type that is `TokenUsage`, or an `Option` of one",
    note = "a number is `#[monitor(input)]`, `#[monitor(output)]` or another count"
)]
pub trait TokenUsage {
    /// The tokens used, or `None` when this response doesn't say. Counts are inclusive: see
    /// [`Usage`].
    fn token_usage(&self) -> Option<Usage>;

    /// The model that answered, such as `gpt-4o-2024-08-06`. Default: not said.
    fn response_model(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// The provider's id of the response. Default: not said.
    fn response_id(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// Why the model stopped, a word a choice, such as `stop` or `length`. Default: not said.
    fn finish_reasons(&self) -> Vec<Cow<'_, str>> {
        Vec::new()
    }

    /// What the provider charges, in USD, where it says so. It wins over a table of prices.
    /// Default: not said.
    fn cost_usd(&self) -> Option<f64> {
        None
    }

    /// Whether there is anything of the answer in this item of a stream; the first one that has
    /// gives the time to the first chunk. Default: `true`.
    fn has_content(&self) -> bool {
        true
    }
}

/// A function may return no more than that.
impl TokenUsage for Usage {
    fn token_usage(&self) -> Option<Usage> {
        Some(*self)
    }
}

/// Nothing is said where nothing is.
impl<T: TokenUsage> TokenUsage for Option<T> {
    fn token_usage(&self) -> Option<Usage> {
        self.as_ref()?.token_usage()
    }

    fn response_model(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.response_model()
    }

    fn response_id(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.response_id()
    }

    fn finish_reasons(&self) -> Vec<Cow<'_, str>> {
        self.as_ref().map(TokenUsage::finish_reasons).unwrap_or_default()
    }

    fn cost_usd(&self) -> Option<f64> {
        self.as_ref()?.cost_usd()
    }

    fn has_content(&self) -> bool {
        self.as_ref().is_some_and(TokenUsage::has_content)
    }
}

macro_rules! behind {
    ($($pointer:ty),*) => {$(
        impl<T: TokenUsage + ?Sized> TokenUsage for $pointer {
            fn token_usage(&self) -> Option<Usage> {
                (**self).token_usage()
            }

            fn response_model(&self) -> Option<Cow<'_, str>> {
                (**self).response_model()
            }

            fn response_id(&self) -> Option<Cow<'_, str>> {
                (**self).response_id()
            }

            fn finish_reasons(&self) -> Vec<Cow<'_, str>> {
                (**self).finish_reasons()
            }

            fn cost_usd(&self) -> Option<f64> {
                (**self).cost_usd()
            }

            fn has_content(&self) -> bool {
                (**self).has_content()
            }
        }
    )*};
}

behind!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);
