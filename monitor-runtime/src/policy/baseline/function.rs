use std::time::Duration;

use super::anomaly::Anomaly;
use super::baselines::Baselines;
use super::breach::Breach;
use super::latency::Latency;
use super::moving::{MovingBaseline, Usual};
use super::over_limit::OverLimit;
use super::rule;
use super::slowest::Slowest;
use crate::callsite::{Callsite, flag};
use crate::sketch::Sketch;

/// Windows after which what began as an anomaly is how things are now: an hour.
const ACCEPTED_AFTER: u32 = 60;
/// Calls of two windows that make a p95.
const LEAST_FOR_P95: u64 = 20;

/// What is known of one callsite.
#[derive(Default)]
pub(crate) struct Function {
    /// All calls but those of the open window.
    closed: Sketch,
    /// The window that is open, and its slowest call.
    window: Sketch,
    slowest: Slowest,
    last_window: Sketch,
    baseline: MovingBaseline,
    anomaly: Breach,
    /// What the calls are like since an anomaly began, and for how many windows.
    since: MovingBaseline,
    windows_since: u32,
    over_limit: Breach,
}

/// What a window shows when it is closed.
pub(super) enum Finding {
    Anomaly(Anomaly),
    OverLimit(OverLimit),
}

impl Function {
    #[inline]
    pub(super) fn add(&mut self, nanos: u64, call: impl FnOnce() -> Slowest) {
        self.window.add(nanos);
        if nanos > self.slowest.nanos {
            self.slowest = call();
        }
    }

    /// What is usual, once enough is known.
    pub(super) const fn usual(&self) -> Option<&Usual> {
        self.baseline.usual()
    }

    /// The last window that is closed.
    pub(crate) const fn last_window(&self) -> &Sketch {
        &self.last_window
    }

    /// Adds all calls to another sketch.
    pub(super) fn add_all_to(&self, all: &mut Sketch) {
        all.merge(&self.closed);
        all.merge(&self.window);
    }

    /// Closes the window, if it has enough calls.
    pub(super) fn close(
        &mut self,
        site: &'static Callsite,
        settings: &Baselines,
        found: &mut Vec<Finding>,
    ) {
        if self.window.count() < settings.min_calls {
            return;
        }
        let window = std::mem::take(&mut self.window);
        let slowest = std::mem::take(&mut self.slowest);
        self.closed.merge(&window);
        found.extend(self.compare(site, settings, &window, &slowest).map(Finding::Anomaly));
        if site.has(flag::QUERY) {
            let over = self.compare_with_limit(site, settings.db_p95_limit, &window, &slowest);
            found.extend(over.map(Finding::OverLimit));
        }
        self.last_window = window;
    }

    fn compare(
        &mut self,
        site: &'static Callsite,
        settings: &Baselines,
        window: &Sketch,
        slowest: &Slowest,
    ) -> Option<Anomaly> {
        let Some(usual) = self.baseline.usual().copied() else {
            self.baseline.learn(window);
            return None;
        };
        let level = window.mean_log().unwrap_or_default();
        let stands_out = rule::stands_out(window, &usual, settings.factor)
            && self.baseline.spread().is_outlier(level);
        let was_open = self.anomaly.is_open();
        let begins = self.anomaly.note(stands_out);
        if self.anomaly.is_open() {
            self.go_on(window);
        } else if was_open {
            self.end();
        } else if stands_out {
            self.baseline.note(window);
        } else {
            self.baseline.learn(window);
        }
        let observed = Latency::of(window).filter(|_| begins)?;
        let factor = rule::slowdown(window, &usual);
        Some(Anomaly::new(site, observed, usual.latency, factor, slowest.clone()))
    }

    /// Notes a window of an anomaly. One that doesn't end is accepted.
    fn go_on(&mut self, window: &Sketch) {
        self.since.learn(window);
        self.windows_since += 1;
        if self.windows_since == ACCEPTED_AFTER {
            self.baseline = std::mem::take(&mut self.since);
            self.end();
        }
    }

    fn end(&mut self) {
        self.anomaly = Breach::default();
        self.since = MovingBaseline::default();
        self.windows_since = 0;
    }

    fn compare_with_limit(
        &mut self,
        site: &'static Callsite,
        limit: Duration,
        window: &Sketch,
        slowest: &Slowest,
    ) -> Option<OverLimit> {
        let mut recent = self.last_window.clone();
        recent.merge(window);
        let is_over = recent.count() >= LEAST_FOR_P95 && recent.quantile(0.95) > limit;
        let begins = self.over_limit.note(is_over);
        let observed = Latency::of(&recent).filter(|_| begins)?;
        Some(OverLimit { site, observed, limit, slowest: slowest.clone() })
    }
}
