//! Says that a budget is nearly, or wholly, spent.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::limit::BudgetLimit;
use super::rules::AiBudget;
use super::window::Reached;
use crate::context::{cut, local, send_event};
use crate::record::{EventKind, Level, Value};

/// Bytes of a key in an event.
const MAX_KEY: usize = 200;

/// A budget that is nearly, or wholly, spent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct BudgetStatus<'a> {
    /// The budget's name.
    pub budget: &'static str,
    /// The model or the user's id, where each has a budget.
    pub key: Option<&'a str>,
    /// How much may be spent.
    pub limit: BudgetLimit,
    /// How much is spent, in tokens or in USD, as the limit is.
    pub spent: f64,
    /// In which time.
    pub window: Duration,
    /// Whether all of it is spent; else as much as it warns at.
    pub exceeded: bool,
}

/// Tells whoever the budget says. No lock is held.
pub(super) fn report(rules: &AiBudget, key: Option<&str>, spent: u64, reached: Reached) {
    let status = BudgetStatus {
        budget: rules.name,
        key,
        limit: rules.limit,
        spent: rules.limit.amount(spent),
        window: rules.window,
        exceeded: reached == Reached::Limit,
    };
    if rules.sends_events {
        send(rules, &status, spent);
    }
    if let Some(callback) = &rules.callback {
        let call = || local::unobserved(|| callback(&status));
        if catch_unwind(AssertUnwindSafe(call)).is_err() {
            crate::diagnostics::warn("the callback of an AI budget panicked");
        }
    }
}

fn send(rules: &AiBudget, status: &BudgetStatus<'_>, spent: u64) {
    let (name, limit) = (rules.name, rules.limit);
    let (level, verb) = match status.exceeded {
        true => (Level::Error, "is spent"),
        false => (Level::Warning, "is nearly spent"),
    };
    let amounts = format!("{} of {}", limit.written(spent), limit.written(limit.units()));
    let _ = send_event(|event| {
        event.kind = EventKind::Message;
        event.level = level;
        event.message = Some(format!("AI budget `{name}` {verb}: {amounts}").into());
        event.fingerprint = vec!["ai-budget".into(), name.into()];
        event.tags.push(("ai.budget".into(), name.to_owned()));
        let mut values: Vec<(_, Value)> = vec![
            ("budget".into(), name.into()),
            ("spent".into(), status.spent.into()),
            ("limit".into(), limit.amount(limit.units()).into()),
            ("window_seconds".into(), rules.window.as_secs().into()),
        ];
        if let Some(key) = status.key {
            values.push(("key".into(), cut(key, MAX_KEY).into()));
        }
        event.contexts.push(("ai_budget".into(), values));
    });
}
