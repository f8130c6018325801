use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::limit::BudgetLimit;

/// A call wasn't made because its budget is spent.
///
/// What a function below `#[ai_call(budget = deny("chat"))]` returns then: its error type must be
/// `From<BudgetExceeded>`.
#[derive(Clone, Debug)]
pub struct BudgetExceeded {
    pub(super) name: &'static str,
    pub(super) limit: BudgetLimit,
    pub(super) spent: u64,
    pub(super) retry_after: Duration,
}

impl BudgetExceeded {
    /// The budget's name.
    pub const fn budget(&self) -> &'static str {
        self.name
    }

    /// How much may be spent.
    pub const fn limit(&self) -> BudgetLimit {
        self.limit
    }

    /// How much is spent, in tokens or in USD, as the limit is.
    pub fn spent(&self) -> f64 {
        self.limit.amount(self.spent)
    }

    /// How long it is until something of it is free again.
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl fmt::Display for BudgetExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, limit, spent, .. } = self;
        let (spent, whole) = (limit.written(*spent), limit.written(limit.units()));
        write!(f, "the AI budget `{name}` is spent: {spent} of {whole}")
    }
}

impl Error for BudgetExceeded {}

/// What a function returns whose call is denied.
#[diagnostic::on_unimplemented(
    message = "a call that its budget denies can't be returned as `{Self}`",
    label = "expected a `Result` whose error is `From<BudgetExceeded>`",
    note = "add `impl From<monitor_runtime::BudgetExceeded>` for the error, or say `budget = \"..\"` \
            without `deny(..)`: then it only tells"
)]
pub trait Denied {
    /// The error that says so.
    fn denied(exceeded: BudgetExceeded) -> Self;
}

impl<T, E: From<BudgetExceeded>> Denied for Result<T, E> {
    fn denied(exceeded: BudgetExceeded) -> Self {
        Err(exceeded.into())
    }
}

/// What the function returns whose call is denied.
pub fn denied<R: Denied>(exceeded: BudgetExceeded) -> R {
    R::denied(exceeded)
}
