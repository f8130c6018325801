use std::time::Duration;

/// Buckets to a power of two: a quantile is off by at most 1/32, 3.1 %.
const PER_OCTAVE: u64 = 16;

/// A histogram of durations in buckets that grow with them.
#[derive(Default)]
pub(super) struct Latency {
    /// As many buckets as the longest duration needs; at most 976, for 584 years.
    buckets: Vec<u32>,
    count: u64,
    /// `None` before the first.
    range: Option<(Duration, Duration)>,
}

impl Latency {
    pub(super) fn add(&mut self, duration: Duration) {
        let bucket = bucket_of(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] = self.buckets[bucket].saturating_add(1);
        self.count += 1;
        let (shortest, longest) = self.range.unwrap_or((duration, duration));
        self.range = Some((shortest.min(duration), longest.max(duration)));
    }

    /// The duration below which this share of all lies: the middle of its bucket, but none that is
    /// shorter or longer than all that were added.
    pub(super) fn quantile(&self, share: f64) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "a count of calls")]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let rank = ((self.count as f64 * share).ceil() as u64).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                let middle = Duration::from_nanos(middle_of(bucket as u64));
                return self
                    .range
                    .map_or(middle, |(shortest, longest)| middle.clamp(shortest, longest));
            }
        }
        Duration::ZERO
    }
}

fn bucket_of(nanos: u64) -> usize {
    if nanos < PER_OCTAVE {
        return nanos as usize;
    }
    let octave = nanos.ilog2() - PER_OCTAVE.ilog2();
    let within = (nanos >> octave) - PER_OCTAVE;
    (PER_OCTAVE * (u64::from(octave) + 1) + within) as usize
}

const fn middle_of(bucket: u64) -> u64 {
    if bucket < 2 * PER_OCTAVE {
        return bucket;
    }
    let octave = bucket / PER_OCTAVE - 1;
    let lowest = (bucket % PER_OCTAVE + PER_OCTAVE) << octave;
    lowest + (1 << octave) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_their_bound() {
        let mut latency = Latency::default();
        let mut exact: Vec<u64> = (1..=10_000_u64).map(|n| n * n * 7 % 999_983 + 1).collect();
        for nanos in &exact {
            latency.add(Duration::from_nanos(*nanos));
        }
        exact.sort_unstable();
        for (share, at) in [(0.5, 4_999), (0.95, 9_499), (0.99, 9_899)] {
            let (estimate, exact) = (latency.quantile(share).as_nanos() as f64, exact[at] as f64);
            assert!((estimate / exact - 1.0).abs() <= 1.0 / 32.0, "{share}: {estimate} {exact}");
        }
    }

    #[test]
    fn a_single_duration_is_its_own_quantile() {
        let mut latency = Latency::default();
        let duration = Duration::from_nanos(31_500_123);
        latency.add(duration);
        assert_eq!(latency.quantile(0.5), duration);
        assert_eq!(latency.quantile(0.99), duration);
    }

    #[test]
    fn buckets_follow_each_other() {
        let mut last = 0;
        for nanos in [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 1_000, 1_000_000, u64::MAX] {
            let bucket = bucket_of(nanos);
            assert!(bucket >= last);
            last = bucket;
        }
        assert_eq!(last, 975);
        assert_eq!(Latency::default().quantile(0.5), Duration::ZERO);
    }
}
