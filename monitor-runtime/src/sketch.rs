//! Quantiles of durations in little memory.

use std::time::Duration;

/// Buckets to a power of two: a quantile is off by at most 1/32, 3.1 %.
const PER_OCTAVE: u64 = 16;

/// A histogram of durations in buckets that grow with them. Two of them add up to the one that would
/// have received all durations of both.
///
/// It is the log-linear histogram of HdrHistogram and of OpenTelemetry's exponential histograms, with
/// 16 buckets to a power of two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    /// The number of the first of `buckets`.
    first: usize,
    /// From the shortest duration's to the longest one's; at most 976 of 8 bytes, for 584 years.
    buckets: Vec<u64>,
    count: u64,
    /// Nanoseconds; no duration was added while the first is greater than the second.
    range: Range,
}

#[derive(Clone, Copy, Debug)]
struct Range {
    shortest: u64,
    longest: u64,
}

impl Default for Range {
    fn default() -> Self {
        Self { shortest: u64::MAX, longest: 0 }
    }
}

impl Sketch {
    /// Adds a duration in nanoseconds.
    #[inline]
    pub(crate) fn add(&mut self, nanos: u64) {
        let bucket = bucket_of(nanos);
        match self.buckets.get_mut(bucket.wrapping_sub(self.first)) {
            Some(count) => *count += 1,
            None => self.add_outside(bucket),
        }
        self.count += 1;
        self.range.shortest = self.range.shortest.min(nanos);
        self.range.longest = self.range.longest.max(nanos);
    }

    #[cold]
    fn add_outside(&mut self, bucket: usize) {
        self.make_room(bucket, bucket);
        self.buckets[bucket - self.first] += 1;
    }

    /// Makes these buckets and those between them be there.
    fn make_room(&mut self, from: usize, to: usize) {
        if self.buckets.is_empty() {
            self.first = from;
        }
        if from < self.first {
            let missing = self.first - from;
            self.buckets.splice(..0, std::iter::repeat_n(0, missing));
            self.first = from;
        }
        if to >= self.first + self.buckets.len() {
            self.buckets.resize(to - self.first + 1, 0);
        }
    }

    /// Adds all durations of another one.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        self.make_room(other.first, other.first + other.buckets.len() - 1);
        let offset = other.first - self.first;
        for (own, others) in self.buckets[offset..].iter_mut().zip(&other.buckets) {
            *own += others;
        }
        self.count += other.count;
        self.range.shortest = self.range.shortest.min(other.range.shortest);
        self.range.longest = self.range.longest.max(other.range.longest);
    }

    /// How many durations were added.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The duration below which this share of all lies, from 0 to 1: the middle of its bucket, but
    /// none that is shorter or longer than all that were added. Zero if there are none.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        Duration::from_nanos(self.quantile_nanos(share))
    }

    fn quantile_nanos(&self, share: f64) -> u64 {
        if self.is_empty() {
            return 0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of calls")]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let rank = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count);
        let mut seen = 0;
        let mut bucket = self.first;
        for count in &self.buckets {
            seen += count;
            if seen >= rank {
                break;
            }
            bucket += 1;
        }
        middle_of(bucket as u64).clamp(self.range.shortest, self.range.longest)
    }

    /// The mean of the logarithms of all durations in nanoseconds: what they are like, whatever a few
    /// of them are. `None` if there are none.
    pub(crate) fn mean_log(&self) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        for (bucket, calls) in (self.first..).zip(&self.buckets).filter(|(_, calls)| **calls > 0) {
            #[expect(clippy::cast_precision_loss, reason = "a logarithm, and a count of calls")]
            let (middle, calls) = (middle_of(bucket as u64).max(1) as f64, *calls as f64);
            sum += calls * middle.ln();
            count += calls;
        }
        (count > 0.0).then(|| sum / count)
    }

    /// How many durations lie in buckets above that of this one.
    pub(crate) fn count_above(&self, duration: Duration) -> u64 {
        let bucket = bucket_of(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
        let from = (bucket + 1).saturating_sub(self.first);
        self.buckets.iter().skip(from).sum()
    }
}

#[inline]
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

    /// A few thousand durations of each of these kinds, evenly over their quantiles.
    fn distributions() -> Vec<(&'static str, Vec<u64>)> {
        let of = |quantile: &dyn Fn(f64) -> f64| {
            let at = |n: u32| quantile((f64::from(n) + 0.5) / 10_007.0).round() as u64;
            // Not in order: that must not matter.
            (0..10_007).map(|n| at(n * 4_001 % 10_007)).collect()
        };
        let logit = |q: f64| (q / (1.0 - q)).ln();
        vec![
            ("uniform", of(&|q| 1e9 * q)),
            ("exponential", of(&|q| -2e6 * (1.0 - q).ln())),
            ("log-logistic", of(&|q| 3e7 * (0.4 * logit(q)).exp())),
            ("pareto", of(&|q| 1e5 * (1.0 - q).powf(-1.0 / 1.1))),
            ("bimodal", of(&|q| if q < 0.9 { 1e5 + 1e4 * q } else { 4e8 + 1e8 * q })),
            ("few nanoseconds", of(&|q| 40.0 * q)),
            ("constant", of(&|_| 31_500_123.0)),
        ]
    }

    #[test]
    fn quantiles_are_within_their_bound() {
        for (name, mut exact) in distributions() {
            let mut sketch = Sketch::default();
            exact.iter().for_each(|nanos| sketch.add(*nanos));
            exact.sort_unstable();
            for share in [0.001, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0] {
                let rank = (exact.len() as f64 * share).ceil() as usize;
                let exact = exact[rank - 1] as f64;
                let error = (sketch.quantile_nanos(share) as f64 - exact).abs();
                assert!(error <= exact / 32.0, "{name} {share}: off by {error} of {exact}");
            }
        }
    }

    #[test]
    fn two_sketches_add_up_to_one_of_all() {
        let all = distributions();
        for (first, second) in all.iter().zip(all.iter().rev()) {
            let (mut one, mut other, mut whole) = <(Sketch, Sketch, Sketch)>::default();
            first.1.iter().for_each(|nanos| one.add(*nanos));
            second.1.iter().for_each(|nanos| other.add(*nanos));
            first.1.iter().chain(&second.1).for_each(|nanos| whole.add(*nanos));
            one.merge(&other);
            one.merge(&Sketch::default());
            assert_eq!(one.count(), whole.count());
            for share in [0.0, 0.1, 0.5, 0.95, 0.99, 1.0] {
                assert_eq!(one.quantile(share), whole.quantile(share), "{} {}", first.0, second.0);
            }
        }
    }

    #[test]
    fn durations_above_a_quantile_are_counted() {
        let mut sketch = Sketch::default();
        assert_eq!(sketch.count_above(Duration::ZERO), 0);
        (1..=1000).for_each(|n| sketch.add(n * 1_000_000));
        let p95 = sketch.quantile(0.95);
        let above = sketch.count_above(p95);
        assert!((19..=50).contains(&above), "{above} of 1000 are above the p95");
        assert_eq!(sketch.count_above(Duration::from_secs(2)), 0);
        assert_eq!(sketch.count_above(Duration::from_nanos(1)), 1000);
    }

    #[test]
    fn the_mean_of_logarithms_is_that_of_all() {
        for (name, exact) in distributions() {
            let mut sketch = Sketch::default();
            exact.iter().for_each(|nanos| sketch.add(*nanos));
            let sum: f64 = exact.iter().map(|nanos| (*nanos).max(1) as f64).map(f64::ln).sum();
            let error = sketch.mean_log().unwrap() - sum / exact.len() as f64;
            assert!(error.abs() < 1.0 / 32.0, "{name}: {error}");
        }
        assert_eq!(Sketch::default().mean_log(), None);
    }

    #[test]
    fn a_single_duration_is_its_own_quantile() {
        let mut sketch = Sketch::default();
        sketch.add(31_500_123);
        assert_eq!(sketch.quantile_nanos(0.5), 31_500_123);
        assert_eq!(sketch.quantile_nanos(0.99), 31_500_123);
        assert_eq!(Sketch::default().quantile(0.5), Duration::ZERO);
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
    }
}
