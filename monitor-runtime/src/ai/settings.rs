use std::sync::Arc;

use super::budget::Budgets;
use super::keys::AiDialect;
use super::price::AiPrices;

/// What a `Config` says of AI calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct AiSettings {
    pub(crate) prices: Arc<AiPrices>,
    pub(crate) budgets: Arc<Budgets>,
    pub(crate) dialect: AiDialect,
    /// Whether the cost of a call stands on its span, where its attribute doesn't say it.
    pub(crate) cost_on_spans: bool,
}
