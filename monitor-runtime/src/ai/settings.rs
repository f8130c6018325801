use std::sync::Arc;
use std::time::Duration;

use super::budget::Budgets;
use super::keys::AiDialect;
use super::price::AiPrices;

/// What a `Config` says of AI calls.
#[derive(Clone, Debug)]
pub(crate) struct AiSettings {
    pub(crate) prices: Arc<AiPrices>,
    pub(crate) budgets: Arc<Budgets>,
    pub(crate) dialect: AiDialect,
    /// Whether the cost of a call stands on its span, where its attribute doesn't say it.
    pub(crate) cost_on_spans: bool,
    /// For how long a stream may be open until it is reported; none: for as long as it likes.
    pub(crate) max_open: Duration,
}

/// For so long OpenAI's and Anthropic's clients wait for an answer, unless told otherwise.
const DEFAULT_MAX_OPEN: Duration = Duration::from_secs(600);

impl Default for AiSettings {
    fn default() -> Self {
        Self {
            prices: Arc::default(),
            budgets: Arc::default(),
            dialect: AiDialect::default(),
            cost_on_spans: false,
            max_open: DEFAULT_MAX_OPEN,
        }
    }
}

#[cfg(feature = "stream")]
impl AiSettings {
    pub(crate) fn max_open_nanos(&self) -> u64 {
        u64::try_from(self.max_open.as_nanos()).unwrap_or(u64::MAX)
    }
}
