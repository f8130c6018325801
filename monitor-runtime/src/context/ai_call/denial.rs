//! A call that isn't made, because its budget is spent.

use super::super::local;
use super::super::scope;
use crate::ai::{self, BudgetExceeded};
use crate::callsite::Callsite;

/// Whether the running call must not be made. It then counts as denied: its error makes no event, the
/// budget has its own.
pub fn over_budget() -> Option<BudgetExceeded> {
    local::with(|local| {
        let site = Callsite::by_number(local.path().next_back()?)?;
        let scope = scope::current()?;
        let call = scope.ai.as_ref().filter(|call| std::ptr::eq(call.site, site))?;
        let budget = call.ai.budget?;
        let model = call.model_name();
        let user = scope.user().and_then(|user| user.id.as_deref());
        let exceeded = ai::over_budget(local, budget, model.as_deref(), user)?;
        call.said().denied = true;
        Some(exceeded)
    })
}
