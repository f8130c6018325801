//! Whether a window stands out from its baseline.

use std::time::Duration;

use super::moving::Usual;
use crate::sketch::Sketch;

/// The share of calls that are expected over the baseline's p90.
const EXPECTED: f64 = 0.1;
/// The least share that stands out: twice as many, whatever their number.
const LEAST_SHARE: f64 = 0.2;
/// How likely such a window may be by chance, at most.
const LEAST_CHANCE: f64 = 0.05;

/// Whether so many more calls of the window than expected are over the baseline's p90 that it isn't
/// chance, and its geometric mean or its p95 is `factor` times the baseline's.
///
/// That is a control chart for a proportion: of the calls that take longer than nine in ten used to.
pub(super) fn stands_out(window: &Sketch, usual: &Usual, factor: f64) -> bool {
    let calls = count(window.count());
    let share = count(window.count_above(usual.p90)) / calls.max(1.0);
    share >= LEAST_SHARE
        && chance(calls, share) <= LEAST_CHANCE
        && slowdown(window, usual) >= factor
}

/// By what the window's geometric mean or its p95 is a multiple of the baseline's, whichever is more.
///
/// The median would jump where calls take one of two ways.
pub(super) fn slowdown(window: &Sketch, usual: &Usual) -> f64 {
    let means = window.mean_log().map_or(0.0, |level| (level - usual.level).exp());
    let before = usual.latency.p95.max(Duration::from_nanos(1));
    means.max(window.quantile(0.95).as_secs_f64() / before.as_secs_f64())
}

/// A bound on how likely it is that such a share, or a greater one, of independent calls is over
/// what one in ten is over: Chernoff's, for a binomial distribution. The real chance is lower.
fn chance(calls: f64, share: f64) -> f64 {
    let part = |share: f64, expected: f64| match share {
        0.0 => 0.0,
        _ => share * (share / expected).ln(),
    };
    let divergence = part(share, EXPECTED) + part(1.0 - share, 1.0 - EXPECTED);
    (-calls * divergence).exp()
}

#[expect(clippy::cast_precision_loss, reason = "a count of calls")]
const fn count(calls: u64) -> f64 {
    calls as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::baseline::latency::Latency;

    fn usual() -> Usual {
        let [p50, p90, p95, p99] = [10, 18, 20, 25].map(Duration::from_millis);
        Usual { latency: Latency { count: 1000, p50, p95, p99 }, p90, level: 1e7_f64.ln() }
    }

    fn window(calls: &[(u64, u64)]) -> Sketch {
        let mut window = Sketch::default();
        for (count, millis) in calls {
            (0..*count).for_each(|_| window.add(millis * 1_000_000));
        }
        window
    }

    #[test]
    fn few_calls_stand_out_only_if_many_of_them_are_slow() {
        for (slow, of, expected) in
            [(3, 10, false), (4, 10, true), (5, 20, false), (6, 20, true), (200, 1000, true)]
        {
            let window = window(&[(of - slow, 10), (slow, 60)]);
            assert_eq!(stands_out(&window, &usual(), 1.5), expected, "{slow} of {of}");
        }
        assert!(!stands_out(&window(&[(810, 10), (190, 60)]), &usual(), 1.5), "below a fifth");
        assert!(!stands_out(&Sketch::default(), &usual(), 1.5));
    }

    #[test]
    fn what_is_hardly_slower_does_not_stand_out() {
        assert!(!stands_out(&window(&[(700, 10), (300, 28)]), &usual(), 1.5));
        assert!(stands_out(&window(&[(700, 10), (300, 32)]), &usual(), 1.5));
        // The mean alone.
        assert!(stands_out(&window(&[(400, 10), (600, 25)]), &usual(), 1.5));
        assert!(!stands_out(&window(&[(400, 10), (600, 25)]), &usual(), 2.0));
    }

    #[test]
    fn the_bound_is_above_the_chance() {
        // P(X >= 6) for 10 calls and P(X >= 9) for 20, of a binomial distribution with p = 0.1.
        for (calls, share, exact) in [(10.0, 0.6, 1.47e-4), (20.0, 0.45, 6.0e-5)] {
            let bound = chance(calls, share);
            assert!((exact..exact * 10.0).contains(&bound), "{bound} for {exact}");
        }
        assert!((chance(100.0, 1.0) / 0.1_f64.powi(100) - 1.0).abs() < 1e-9);
    }
}
