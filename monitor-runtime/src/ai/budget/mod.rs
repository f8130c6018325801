//! How much may be spent: checked before a call, charged after it.

mod exceeded;
mod ledger;
mod limit;
mod report;
mod rules;
mod window;

pub use self::exceeded::{BudgetExceeded, Denied, denied};
pub use self::limit::{BudgetKey, BudgetLimit};
pub use self::report::BudgetStatus;
pub use self::rules::AiBudget;

pub(crate) use self::ledger::{Budgets, Charge};
