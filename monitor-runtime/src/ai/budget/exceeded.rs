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
    note = "return a `Result` whose error can be made from `monitor_runtime::BudgetExceeded`, or say \
            `budget = \"..\"` without `deny(..)`: then it only tells"
)]
pub trait Denied {
    /// The error that says so.
    fn denied(exceeded: BudgetExceeded) -> Self;
}

impl<T, E: DeniedError> Denied for Result<T, E> {
    fn denied(exceeded: BudgetExceeded) -> Self {
        Err(E::denied(exceeded))
    }
}

/// An error that a call may be denied with.
#[diagnostic::on_unimplemented(
    message = "a call that its budget denies can't be returned as the error `{Self}`",
    label = "there is no `impl From<BudgetExceeded> for {Self}`",
    note = "write `impl From<monitor_runtime::BudgetExceeded> for {Self} {{ .. }}`, or say `budget = \"..\"` \
            without `deny(..)`: then it only tells"
)]
pub trait DeniedError {
    /// The error that says so.
    fn denied(exceeded: BudgetExceeded) -> Self;
}

// What is missing is told by the trait above, and not by the one that it stands for.
#[diagnostic::do_not_recommend]
impl<E: From<BudgetExceeded>> DeniedError for E {
    fn denied(exceeded: BudgetExceeded) -> Self {
        exceeded.into()
    }
}

/// What the function returns whose call is denied.
pub fn denied<R: Denied>(exceeded: BudgetExceeded) -> R {
    R::denied(exceeded)
}
