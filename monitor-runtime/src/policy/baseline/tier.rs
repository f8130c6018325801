use std::fmt;
use std::time::Duration;

use super::latency::Latency;

/// How long a call took beside what is usual for its function: the tag `performance_tier` of a
/// transaction.
///
/// It goes by the moving baseline of the root's own function: a report that takes a minute may be
/// fast. A call has none until the baseline has ten windows and 200 calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum PerformanceTier {
    /// At most the baseline's median: half of the calls.
    Fast,
    /// At most the baseline's p95.
    Normal,
    /// Over the p95: one in twenty.
    Slow,
    /// Over four times the p95. Apdex calls that frustrated: over four times what is satisfactory.
    Critical,
}

/// What `Critical` is a multiple of the p95 by, as in [Apdex](https://www.apdex.org).
const CRITICAL: u32 = 4;

impl PerformanceTier {
    /// `fast`, `normal`, `slow` or `critical`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Normal => "normal",
            Self::Slow => "slow",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for PerformanceTier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Latency {
    /// The tier of a call that took this long, if this is what calls usually take.
    pub fn tier(&self, duration: Duration) -> PerformanceTier {
        match duration {
            duration if duration <= self.p50 => PerformanceTier::Fast,
            duration if duration <= self.p95 => PerformanceTier::Normal,
            duration if duration <= self.p95.saturating_mul(CRITICAL) => PerformanceTier::Slow,
            _ => PerformanceTier::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_end_at_their_limits() {
        let [p50, p95, p99] = [10, 20, 25].map(Duration::from_millis);
        let usual = Latency { count: 1000, p50, p95, p99 };
        for (millis, expected) in [
            (0.0, PerformanceTier::Fast),
            (10.0, PerformanceTier::Fast),
            (10.001, PerformanceTier::Normal),
            (20.0, PerformanceTier::Normal),
            (20.001, PerformanceTier::Slow),
            (80.0, PerformanceTier::Slow),
            (80.001, PerformanceTier::Critical),
        ] {
            assert_eq!(usual.tier(Duration::from_secs_f64(millis / 1e3)), expected, "{millis} ms");
        }
    }
}
