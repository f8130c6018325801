//! What is said of AI calls.

use std::sync::Arc;

use super::Config;
use crate::ai::{AiBudget, AiPrices};

/// AI calls.
impl Config {
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

    /// Sets whether the cost of each AI call stands on its span, as `gen_ai.cost.total_tokens` in
    /// USD; `cost = span` in `#[ai_call]` asks for it for one function. Sentry works the cost out
    /// by itself, and puts its own in the place. Default: no; the cost is a metric.
    pub fn with_ai_cost_on_spans(mut self, on: bool) -> Self {
        self.settings.ai.cost_on_spans = on;
        self
    }
}
