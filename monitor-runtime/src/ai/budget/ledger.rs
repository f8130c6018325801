//! What was spent, of all budgets of a hub.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::exceeded::BudgetExceeded;
use super::limit::BudgetKey;
use super::report::report;
use super::rules::AiBudget;
use super::window::Window;
use crate::context::cut;

/// Bytes of a key that tell it from others.
const MAX_KEY: usize = 256;

/// The budgets of a hub.
#[derive(Debug, Default)]
pub(crate) struct Budgets(Vec<Ledger>);

/// A call, as budgets see it.
#[derive(Clone, Copy)]
pub(crate) struct Charge<'a> {
    /// The budget that the attribute names.
    pub(crate) budget: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
    pub(crate) user: Option<&'a str>,
}

/// One of them.
#[derive(Debug)]
struct Ledger {
    rules: AiBudget,
    keys: Mutex<HashMap<Box<str>, Entry>>,
}

#[derive(Debug)]
struct Entry {
    window: Window,
    last: Duration,
}

impl Budgets {
    /// One of the same name takes the place of an earlier one.
    pub(crate) fn add(&mut self, rules: AiBudget) {
        self.0.retain(|ledger| ledger.rules.name != rules.name);
        self.0.push(Ledger { rules, keys: Mutex::default() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the budget that the call names is spent, and denies it.
    pub(crate) fn denies(&self, now: Duration, call: &Charge<'_>) -> Option<BudgetExceeded> {
        let ledger = self.0.iter().find(|ledger| Some(ledger.rules.name) == call.budget)?;
        ledger.denies(now, call)
    }

    /// Counts a call that has ended, and tells if a mark is reached.
    pub(crate) fn charge(&self, now: Duration, call: &Charge<'_>, tokens: u64, usd: Option<f64>) {
        for ledger in &self.0 {
            if ledger.rules.all_calls || Some(ledger.rules.name) == call.budget {
                ledger.charge(now, call, tokens, usd);
            }
        }
    }
}

impl Ledger {
    fn key<'a>(&self, call: &Charge<'a>) -> Option<&'a str> {
        match self.rules.key {
            BudgetKey::Overall => None,
            BudgetKey::Model => call.model,
            BudgetKey::User => call.user,
        }
        .map(|key| cut(key, MAX_KEY))
    }

    fn denies(&self, now: Duration, call: &Charge<'_>) -> Option<BudgetExceeded> {
        if !self.rules.denies {
            return None;
        }
        let limit = self.rules.limit.units();
        let key = self.key(call).unwrap_or_default();
        self.lock(|keys| {
            let window = &mut keys.get_mut(key)?.window;
            let spent = window.spent(now);
            (spent >= limit).then(|| BudgetExceeded {
                name: self.rules.name,
                limit: self.rules.limit,
                spent,
                retry_after: window.free_after(now, limit),
            })
        })
    }

    fn charge(&self, now: Duration, call: &Charge<'_>, tokens: u64, usd: Option<f64>) {
        let rules = &self.rules;
        let units = rules.limit.charge(tokens, usd);
        if units == 0 {
            return;
        }
        let key = self.key(call);
        let limit = rules.limit.units();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a share of a limit, which is not below 0"
        )]
        let warn_at = (limit as f64 * rules.warn_at).ceil() as u64;
        let (spent, reached) = self.lock(|keys| {
            if !keys.contains_key(key.unwrap_or_default()) && keys.len() >= rules.max_keys {
                forget_oldest(keys);
            }
            let entry = keys
                .entry(key.unwrap_or_default().into())
                .or_insert_with(|| Entry { window: Window::new(rules.window, now), last: now });
            entry.last = now;
            let spent = entry.window.charge(now, units);
            (spent, entry.window.newly(now, spent, warn_at, limit))
        });
        if let Some(reached) = reached {
            report(rules, key, spent, reached);
        }
    }

    fn lock<T>(&self, f: impl FnOnce(&mut HashMap<Box<str>, Entry>) -> T) -> T {
        f(&mut self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes room: an eighth at once, so that not each new key looks at all.
fn forget_oldest(keys: &mut HashMap<Box<str>, Entry>) {
    let mut times: Vec<Duration> = keys.values().map(|entry| entry.last).collect();
    let mut left = (times.len() / 8).max(1).min(times.len());
    let Some(last) = left.checked_sub(1) else { return };
    let latest_to_go = *times.select_nth_unstable(last).1;
    keys.retain(|_, entry| {
        let goes = left > 0 && entry.last <= latest_to_go;
        left -= usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ai::budget::BudgetLimit;

    fn call<'a>(user: &'a str) -> Charge<'a> {
        Charge { budget: Some("chat"), model: Some("m"), user: Some(user) }
    }

    fn budgets(rules: AiBudget) -> Budgets {
        let mut budgets = Budgets::default();
        budgets.add(rules.with_events(false));
        budgets
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn each_key_has_its_own() {
        let rules = AiBudget::new("chat", BudgetLimit::Tokens(100)).per(BudgetKey::User).denying();
        let budgets = budgets(rules);
        budgets.charge(HOUR, &call("ada"), 100, None);
        let denied = budgets.denies(HOUR, &call("ada")).unwrap();
        assert_eq!(denied.to_string(), "the AI budget `chat` is spent: 100 tokens of 100 tokens");
        assert_eq!(denied.retry_after(), HOUR * 24);
        assert!(budgets.denies(HOUR, &call("bob")).is_none());
        assert!(budgets.denies(HOUR * 25, &call("ada")).is_none(), "a day later");
    }

    #[test]
    fn dollars_are_counted_to_the_billionth() {
        let budgets = budgets(AiBudget::new("chat", BudgetLimit::Usd(0.000_001)).denying());
        for _ in 0..9 {
            budgets.charge(HOUR, &call("ada"), 5, Some(0.000_000_1));
        }
        assert!(budgets.denies(HOUR, &call("ada")).is_none());
        budgets.charge(HOUR, &call("ada"), 5, Some(0.000_000_1));
        assert!(budgets.denies(HOUR, &call("ada")).is_some());
        // What nobody knows the cost of, and what is no amount, costs nothing.
        budgets.charge(HOUR, &call("bob"), 5, None);
        budgets.charge(HOUR, &call("bob"), 5, Some(f64::NAN));
        assert_eq!(budgets.denies(HOUR, &call("bob")).unwrap().spent(), 0.000_001);
    }

    #[test]
    fn keys_are_bounded() {
        let rules = AiBudget::new("chat", BudgetLimit::Tokens(10)).per(BudgetKey::User).denying();
        let budgets = budgets(rules.with_max_keys(16));
        for number in 0..1_000 {
            let now = HOUR + Duration::from_millis(number);
            budgets.charge(now, &call(&number.to_string()), 10, None);
            assert!(budgets.0[0].lock(|keys| keys.len()) <= 16);
        }
        assert!(budgets.denies(HOUR, &call("999")).is_some(), "the latest are kept");
        assert!(budgets.denies(HOUR, &call("0")).is_none());
    }

    #[test]
    fn calls_on_many_threads_are_all_counted() {
        let budgets = budgets(AiBudget::new("chat", BudgetLimit::Tokens(8_000)).denying());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    (0..1_000).for_each(|_| budgets.charge(HOUR, &call("ada"), 1, None));
                });
            }
        });
        assert_eq!(budgets.denies(HOUR, &call("ada")).unwrap().spent(), 8_000.0);
    }
}
