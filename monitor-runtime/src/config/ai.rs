//! What is said of AI calls.

use std::sync::Arc;
use std::time::Duration;

use super::Config;
use crate::ai::{AiBudget, AiDialect, AiPrices};

/// AI calls.
impl Config {
    /// Sets whose names the attributes of AI calls have. Default: Sentry's.
    pub fn with_ai_dialect(mut self, dialect: AiDialect) -> Self {
        self.settings.ai.dialect = dialect;
        self
    }

    /// Sets whether AI calls are sent to Sentry as spans that stand for themselves, beside the
    /// transaction, as Sentry's SDKs for Python and JavaScript do; else they are in it. Needs this
    /// crate's own transport, the feature `sentry-ureq`; Spotlight and other transports get them in
    /// the transaction either way. Default: yes.
    pub fn with_ai_span_items(mut self, on: bool) -> Self {
        self.ai_span_items = on;
        self
    }

    /// Sets whether Sentry gets the older names of keys beside the present ones, such as
    /// `gen_ai.system` beside `gen_ai.provider.name`: for a server of one's own that is too old to
    /// know them. Spotlight gets them either way. Default: no.
    pub fn with_ai_older_keys(mut self, on: bool) -> Self {
        self.ai_older_keys = on;
        self
    }

    /// Sets prices of models, which win over those that the feature `prices` brings. What the
    /// provider says a call costs wins over both. Default: none.
    pub fn with_ai_prices(mut self, prices: AiPrices) -> Self {
        self.settings.ai.prices = Arc::new(prices);
        self
    }

    /// Adds a budget, which `#[ai_call(budget = "..")]` names. One of the same name takes the
    /// place of an earlier one.
    pub fn with_ai_budget(mut self, budget: AiBudget) -> Self {
        if let Some(budgets) = Arc::get_mut(&mut self.settings.ai.budgets) {
            budgets.add(budget);
        }
        self
    }

    /// Sets for how long the stream of a model's answer may be open until there is a warning of it, with
    /// what is known of the answer so far; its span goes on. `max_open = ".."` in `#[ai_call]` sets it for
    /// one function. Zero: for as long as it likes. Default: 10 minutes, for which OpenAI's and
    /// Anthropic's clients wait.
    pub fn with_ai_max_open(mut self, limit: Duration) -> Self {
        self.settings.ai.max_open = limit;
        self
    }

    /// Sets whether the cost of each AI call stands on its span, as `gen_ai.cost.total_tokens` in
    /// USD; `cost = span` in `#[ai_call]` asks for it for one function. Sentry works the cost out
    /// by itself, and puts its own in the place. Default: no; the cost is a metric.
    pub fn with_ai_cost_on_spans(mut self, on: bool) -> Self {
        self.settings.ai.cost_on_spans = on;
        self
    }
}
