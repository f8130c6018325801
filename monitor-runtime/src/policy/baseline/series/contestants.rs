use crate::callsite::Callsite;
use crate::policy::baseline::baselines::Baselines;
use crate::policy::baseline::function::Function;
use crate::policy::baseline::slowest::Slowest;
use crate::sketch::Sketch;

static SITE: Callsite = Callsite::new("test", "series", "tests");

/// A rule that sees minute after minute.
pub(super) trait Contestant {
    /// Whether it reports something new after these calls.
    fn reports(&mut self, calls: &[u64]) -> bool;
}

/// The product's.
#[derive(Default)]
pub(super) struct Ours(Function);

impl Contestant for Ours {
    fn reports(&mut self, calls: &[u64]) -> bool {
        calls.iter().for_each(|nanos| self.0.add(*nanos, Slowest::default));
        let mut found = Vec::new();
        self.0.close(&SITE, &Baselines::new(), &mut found);
        !found.is_empty()
    }
}

/// The usual first idea: the mean of a minute is over the moving mean of those before it by more
/// than three moving standard deviations, twice in a row: with three it would miss half of the changes,
/// because it learns from them.
#[derive(Default)]
pub(super) struct MovingDeviation {
    minutes: u32,
    mean: f64,
    variance: f64,
    in_a_row: u32,
    reported: Option<u32>,
}

/// As quick as the product's: a mean age of 20 minutes.
const WEIGHT: f64 = 1.0 / 20.0;

impl Contestant for MovingDeviation {
    fn reports(&mut self, calls: &[u64]) -> bool {
        if calls.is_empty() {
            return false;
        }
        let mean = calls.iter().sum::<u64>() as f64 / calls.len() as f64;
        self.minutes += 1;
        if self.minutes == 1 {
            self.mean = mean;
        }
        let off = mean - self.mean;
        let stands_out = self.minutes > 10 && off > 3.0 * self.variance.sqrt();
        self.mean += WEIGHT * off;
        self.variance = (1.0 - WEIGHT) * (self.variance + WEIGHT * off * off);
        self.in_a_row = if stands_out { self.in_a_row + 1 } else { 0 };
        let is_new = self.reported.is_none_or(|at| at + 15 < self.minutes);
        let reports = self.in_a_row == 2 && is_new;
        if reports {
            self.reported = Some(self.minutes);
        }
        reports
    }
}

/// What Sentry's server looks for in the p95 of transactions, hour by hour there: a short moving
/// average that gets over a long one by a fifth.
#[derive(Default)]
pub(super) struct CrossOver {
    minutes: u32,
    short: f64,
    long: f64,
    was_over: bool,
}

impl Contestant for CrossOver {
    fn reports(&mut self, calls: &[u64]) -> bool {
        let mut minute = Sketch::default();
        calls.iter().for_each(|nanos| minute.add(*nanos));
        if minute.is_empty() {
            return false;
        }
        let p95 = minute.quantile(0.95).as_secs_f64();
        self.minutes += 1;
        let weight = |minutes: f64| (2.0 / (minutes + 1.0)).max(1.0 / f64::from(self.minutes));
        self.short += weight(20.0) * (p95 - self.short);
        self.long += weight(40.0) * (p95 - self.long);
        let is_over = self.minutes > 20 && self.short > 1.2 * self.long;
        is_over && !std::mem::replace(&mut self.was_over, is_over)
    }
}
