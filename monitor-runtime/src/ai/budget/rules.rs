use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::limit::{BudgetKey, BudgetLimit};
use super::report::BudgetStatus;

/// A day: what most providers count by.
const DEFAULT_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// A share at which there is time to do something.
const DEFAULT_WARN_AT: f64 = 0.8;
/// Of 250 bytes each.
const DEFAULT_MAX_KEYS: usize = 10_000;

pub(super) type Callback = Arc<dyn Fn(&BudgetStatus<'_>) + Send + Sync>;

/// How much AI calls may use in a while.
///
/// `#[ai_call(budget = "chat")]` counts a call in it; `budget = deny("chat")` also keeps the call
/// from being made once it is spent, if the budget [denies](Self::denying). Failed calls count, too,
/// if they say what they used. Each process counts for itself.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{AiBudget, BudgetKey, BudgetLimit, Config};
///
/// let budget = AiBudget::new("chat", BudgetLimit::Usd(50.0))
///     .per(BudgetKey::User)
///     .within(Duration::from_secs(3600))
///     .denying();
/// let config = Config::new().with_ai_budget(budget);
/// ```
#[derive(Clone)]
#[must_use]
pub struct AiBudget {
    pub(super) name: &'static str,
    pub(super) limit: BudgetLimit,
    pub(super) key: BudgetKey,
    pub(super) window: Duration,
    pub(super) warn_at: f64,
    pub(super) denies: bool,
    pub(super) sends_events: bool,
    pub(super) callback: Option<Callback>,
    pub(super) max_keys: usize,
    pub(super) all_calls: bool,
}

impl AiBudget {
    /// A budget of a day, for all together, that tells by an event when 80 % and when all of it is
    /// spent.
    pub fn new(name: &'static str, limit: BudgetLimit) -> Self {
        Self {
            name,
            limit,
            key: BudgetKey::Overall,
            window: DEFAULT_WINDOW,
            warn_at: DEFAULT_WARN_AT,
            denies: false,
            sends_events: true,
            callback: None,
            max_keys: DEFAULT_MAX_KEYS,
            all_calls: false,
        }
    }

    /// Sets what each have a budget of their own. Default: all share one.
    pub fn per(mut self, key: BudgetKey) -> Self {
        self.key = key;
        self
    }

    /// Sets the window: what was spent longer ago doesn't count any more. It moves on in steps of a
    /// 24th. Default: a day; at least 24 s.
    pub fn within(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Sets at which share of the limit it warns, from 0 to 1. Default: 0.8.
    pub fn warning_at(mut self, share: f64) -> Self {
        self.warn_at = if share.is_nan() { DEFAULT_WARN_AT } else { share.clamp(0.0, 1.0) };
        self
    }

    /// Denies calls below `budget = deny("..")` once it is spent.
    pub fn denying(mut self) -> Self {
        self.denies = true;
        self
    }

    /// Sets whether it tells by events: a warning, and an error once it is spent, each once a key
    /// and window. Default: yes.
    pub fn with_events(mut self, send: bool) -> Self {
        self.sends_events = send;
        self
    }

    /// Calls this when the warning or the limit is reached, once a key and window, on the thread
    /// whose call reached it. One that panics is left alone.
    pub fn calling(mut self, callback: impl Fn(&BudgetStatus<'_>) + Send + Sync + 'static) -> Self {
        self.callback = Some(Arc::new(callback));
        self
    }

    /// Sets how many keys are kept; past it those go that spent nothing for the longest time, and
    /// begin anew. Default: 10,000.
    pub fn with_max_keys(mut self, keys: usize) -> Self {
        self.max_keys = keys.max(1);
        self
    }

    /// Counts all calls of models, whatever their attributes name.
    pub fn for_all_calls(mut self) -> Self {
        self.all_calls = true;
        self
    }
}

impl fmt::Debug for AiBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AiBudget")
            .field("name", &self.name)
            .field("limit", &self.limit)
            .field("key", &self.key)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
