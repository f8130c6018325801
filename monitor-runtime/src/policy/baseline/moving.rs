use std::time::Duration;

use super::latency::Latency;
use super::spread::Spread;
use crate::sketch::Sketch;

/// Windows that must have been learned before anything is compared with them.
const LEAST_WINDOWS: u32 = 10;
/// Calls that they must have had together: the p95 of fewer is a guess.
const LEAST_CALLS: u64 = 200;
/// Windows after which the older half of what is known is forgotten.
const BLOCK: u32 = 20;

/// What the last 20 to 40 windows of a callsite were like: at one a minute, the last half an hour.
///
/// Long enough for a p95 that holds still, short enough to follow a day that gets slower.
#[derive(Debug, Default)]
pub(super) struct MovingBaseline {
    older: Sketch,
    newer: Sketch,
    /// Windows in `newer`, and in both.
    in_newer: u32,
    windows: u32,
    spread: Spread,
    known: Option<Usual>,
}

/// What a window is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    pub(super) latency: Latency,
    /// What one call in ten takes longer than.
    pub(super) p90: Duration,
    /// The mean logarithm of the calls.
    pub(super) level: f64,
}

impl Usual {
    pub(super) fn of(sketch: &Sketch) -> Option<Self> {
        let (latency, level) = (Latency::of(sketch)?, sketch.mean_log()?);
        Some(Self { latency, p90: sketch.quantile(0.9), level })
    }
}

impl MovingBaseline {
    /// What a window is compared with, once enough is known.
    pub(super) const fn usual(&self) -> Option<&Usual> {
        self.known.as_ref()
    }

    /// How much the windows differ from each other.
    pub(super) const fn spread(&self) -> &Spread {
        &self.spread
    }

    /// Takes note of a window that stands out and may be a hiccup: such minutes happen.
    pub(super) fn note(&mut self, window: &Sketch) {
        if let Some(level) = window.mean_log() {
            self.spread.learn(level);
        }
    }

    /// Makes a window part of the baseline.
    pub(super) fn learn(&mut self, window: &Sketch) {
        if self.in_newer == BLOCK {
            self.older = std::mem::take(&mut self.newer);
            self.in_newer = 0;
        }
        self.newer.merge(window);
        self.note(window);
        self.in_newer += 1;
        self.windows = (self.windows + 1).min(LEAST_WINDOWS);
        let calls = self.older.count() + self.newer.count();
        if self.windows >= LEAST_WINDOWS && calls >= LEAST_CALLS {
            let mut all = self.older.clone();
            all.merge(&self.newer);
            self.known = Usual::of(&all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(millis: u64, calls: u64) -> Sketch {
        let mut window = Sketch::default();
        (0..calls).for_each(|_| window.add(millis * 1_000_000));
        window
    }

    fn p50(baseline: &MovingBaseline) -> Option<Duration> {
        baseline.usual().map(|usual| usual.latency.p50)
    }

    #[test]
    fn nothing_is_known_before_there_are_enough_windows_and_calls() {
        let mut baseline = MovingBaseline::default();
        (0..9).for_each(|_| baseline.learn(&window(10, 100)));
        assert_eq!(p50(&baseline), None, "nine windows");
        baseline.learn(&window(10, 100));
        assert_eq!(p50(&baseline), Some(Duration::from_millis(10)));
        let mut quiet = MovingBaseline::default();
        (0..19).for_each(|_| quiet.learn(&window(10, 10)));
        assert_eq!(p50(&quiet), None, "190 calls");
        quiet.learn(&window(10, 10));
        assert_eq!(quiet.usual().unwrap().latency.count, 200);
    }

    #[test]
    fn what_is_older_than_forty_windows_is_forgotten() {
        let mut baseline = MovingBaseline::default();
        (0..20).for_each(|_| baseline.learn(&window(10, 50)));
        (0..20).for_each(|_| baseline.learn(&window(30, 10)));
        let first = p50(&baseline).unwrap();
        assert!(first.abs_diff(Duration::from_millis(10)) < Duration::from_micros(320));
        baseline.learn(&window(30, 10));
        assert_eq!(p50(&baseline), Some(Duration::from_millis(30)));
        assert_eq!(baseline.usual().unwrap().latency.count, 210);
    }
}
