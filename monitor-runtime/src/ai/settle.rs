//! What follows from a call that has ended: its cost, its metrics, and what it takes of budgets.

use super::budget::{BudgetExceeded, Charge};
use super::response::AiResponse;
use super::{metrics, price};
use crate::context::local::Local;
use crate::hub::Hub;
use crate::record::Usage;

/// An AI call that has ended, sampled or not.
pub(crate) struct AiEnded<'a> {
    pub(crate) provider: &'a str,
    pub(crate) operation: &'a str,
    /// The model that was asked for.
    pub(crate) model: Option<&'a str>,
    /// With its usage settled.
    pub(crate) response: &'a AiResponse,
    /// Why it failed, in a word; `None` if it didn't.
    pub(crate) error_type: Option<&'a str>,
    /// How long it took, in nanoseconds.
    pub(crate) nanos: u64,
    /// How long it was until the first item of a stream with content, in nanoseconds.
    pub(crate) first_chunk_nanos: Option<u64>,
    /// Items of a stream.
    pub(crate) chunks: u64,
    /// Whether it is a stream that nobody read to its end.
    pub(crate) abandoned: bool,
    /// The budget that the attribute names.
    pub(crate) budget: Option<&'a str>,
    /// The user's id.
    pub(crate) user: Option<&'a str>,
    /// Whether its cost is asked for.
    pub(crate) priced: bool,
}

/// Counts a call of a model; its cost in USD, if anybody knows it.
pub(crate) fn settle(local: &Local, ended: &AiEnded<'_>) -> Option<f64> {
    let hub = Hub::current(local)?;
    let settings = &hub.settings().ai;
    let usage = ended.response.settled_usage();
    let is_asked = ended.priced || !settings.budgets.is_empty();
    let cost = is_asked
        .then(|| {
            let AiEnded { provider, model, response, .. } = *ended;
            price::cost(&settings.prices, provider, model, response, usage)
        })
        .flatten();
    metrics::record(ended, cost.filter(|_| ended.priced));
    let tokens = usage.and_then(Usage::total).unwrap_or(0);
    if !settings.budgets.is_empty() && (tokens > 0 || cost.is_some()) {
        let charge = Charge { budget: ended.budget, model: ended.model, user: ended.user };
        settings.budgets.charge(hub.clock().now(), &charge, tokens, cost);
    }
    cost
}

/// Whether the budget that a call names is spent, and the call must not be made.
pub(crate) fn over_budget(
    local: &Local,
    budget: &str,
    model: Option<&str>,
    user: Option<&str>,
) -> Option<BudgetExceeded> {
    let hub = Hub::current(local)?;
    let budgets = &hub.settings().ai.budgets;
    budgets.denies(hub.clock().now(), &Charge { budget: Some(budget), model, user })
}
