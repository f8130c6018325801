use std::collections::BTreeMap;

/// The limits of two neighbouring buckets are this far apart: a value in between is off by at most
/// 2 % of itself, as in DDSketch (Masson, Rim, Lee, VLDB 2019) with α = 0.02.
const GAMMA: f64 = 1.02 / 0.98;
/// Buckets that are kept: values that differ by a factor of 28,000. Past it the lowest are put
/// together, as in DDSketch: high quantiles stay exact to 2 %.
const MAX_BUCKETS: usize = 256;
/// Makes the index of a positive number positive, however small it is.
const OFFSET: i32 = 20_000;

/// How many values there were, and how large they were: exact count, sum, least and greatest value,
/// and quantiles to 2 % of the value.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "Summary"))]
pub struct Distribution {
    /// By index, whose order is that of the values.
    buckets: BTreeMap<i32, Bucket>,
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
}

/// Values that are about as large.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bucket {
    pub(crate) count: u64,
    pub(crate) sum: f64,
}

impl Bucket {
    /// The mean of its values.
    #[cfg(feature = "sentry")]
    #[expect(clippy::cast_precision_loss, reason = "a mean needs no more than 52 bits")]
    pub(crate) fn mean(&self) -> f64 {
        self.sum / self.count.max(1) as f64
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
    }
}

impl Distribution {
    /// Adds a value; one that isn't finite is left out.
    pub(crate) fn add(&mut self, value: f64) {
        if value.is_finite() {
            let buckets = BTreeMap::from([(index(value), Bucket { count: 1, sum: value })]);
            self.merge(&Self { buckets, count: 1, sum: value, min: value, max: value });
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        for (index, bucket) in &other.buckets {
            self.buckets.entry(*index).or_default().add(bucket);
        }
        let is_first = self.count == 0;
        self.min = if is_first { other.min } else { self.min.min(other.min) };
        self.max = if is_first { other.max } else { self.max.max(other.max) };
        self.count += other.count;
        self.sum += other.sum;
        self.fold_lowest(MAX_BUCKETS);
    }

    fn fold_lowest(&mut self, max: usize) {
        while self.buckets.len() > max
            && let Some((_, lowest)) = self.buckets.pop_first()
            && let Some(mut next) = self.buckets.first_entry()
        {
            next.get_mut().add(&lowest);
        }
    }

    /// The buckets, of which there are at most `max`; the lowest are put together.
    #[cfg(feature = "sentry")]
    pub(crate) fn buckets(&self, max: usize) -> Vec<Bucket> {
        let mut fewer = self.clone();
        fewer.fold_lowest(max);
        fewer.buckets.into_values().collect()
    }

    /// How many values there were.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// All values together.
    pub const fn sum(&self) -> f64 {
        self.sum
    }

    /// The least value; 0 without one.
    pub const fn min(&self) -> f64 {
        self.min
    }

    /// The greatest value; 0 without one.
    pub const fn max(&self) -> f64 {
        self.max
    }

    /// The value below which this share of all lies, from 0 to 1: 0.95 for the 95th percentile. It is
    /// off by at most 2 %. 0 without a value.
    pub fn quantile(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among at most 2^53 values"
        )]
        let rank = (share.clamp(0.0, 1.0) * self.count as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, bucket) in &self.buckets {
            seen += bucket.count;
            if seen >= rank {
                return middle(*index).clamp(self.min, self.max);
            }
        }
        self.max
    }
}

/// The bucket of a value: higher for greater values, negative for negative ones, 0 for 0.
fn index(value: f64) -> i32 {
    if value == 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a finite number")]
    let steps = (value.abs().ln() / GAMMA.ln()).ceil() as i32 + OFFSET;
    if value < 0.0 { -steps } else { steps }
}

/// The value that is off by the same share from both limits of a bucket.
fn middle(index: i32) -> f64 {
    let size = |index: i32| 2.0 * GAMMA.powi(index - OFFSET) / (GAMMA + 1.0);
    match index {
        0 => 0.0,
        1.. => size(index),
        _ => -size(-index),
    }
}

/// What is written of a distribution.
#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct Summary {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    p50: f64,
    p95: f64,
    p99: f64,
}

#[cfg(feature = "serde")]
impl From<Distribution> for Summary {
    fn from(values: Distribution) -> Self {
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| values.quantile(share));
        let Distribution { count, sum, min, max, .. } = values;
        Self { count, sum, min, max, p50, p95, p99 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Distribution {
        let mut distribution = Distribution::default();
        values.into_iter().for_each(|value| distribution.add(value));
        distribution
    }

    /// Compares with the sorted values themselves.
    fn check(values: &[f64]) {
        let distribution = of(values.iter().copied());
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        for share in [0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 1.0] {
            let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
            let (exact, found) = (sorted[rank - 1], distribution.quantile(share));
            assert!((found - exact).abs() <= 0.0201 * exact.abs(), "{share}: {found} for {exact}");
        }
    }

    #[test]
    fn quantiles_are_off_by_two_percent_at_most() {
        check(&[7.0]);
        check(&(1..=10_000).map(f64::from).collect::<Vec<_>>());
        check(&(1..=1000).map(|n| 1.0 / f64::from(n)).collect::<Vec<_>>());
        check(&(-500..=500).map(f64::from).collect::<Vec<_>>());
        let mut state = 1_u64;
        let skewed = (0..5000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (f64::from((state >> 40) as u32) / 1e6).exp()
        });
        check(&skewed.take(1000).map(|value| value.min(1e4)).collect::<Vec<_>>());
    }

    #[test]
    fn two_halves_are_the_same_as_the_whole() {
        let mut merged = of((0..500).map(f64::from));
        merged.merge(&of((500..1000).map(f64::from)));
        let whole = of((0..1000).map(f64::from));
        assert_eq!((merged.count(), merged.sum()), (whole.count(), whole.sum()));
        assert_eq!((merged.min(), merged.max()), (0.0, 999.0));
        assert_eq!(merged.quantile(0.95), whole.quantile(0.95));
    }

    #[test]
    fn buckets_are_bounded_and_the_tail_stays() {
        let values: Vec<f64> = (0..600).map(|step| 1.1_f64.powi(step)).collect();
        let distribution = of(values.iter().copied());
        assert_eq!(distribution.buckets.len(), MAX_BUCKETS);
        assert_eq!(distribution.count(), 600);
        let exact = values[593];
        assert!((distribution.quantile(0.99) - exact).abs() < 0.03 * exact);
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        assert_eq!(of([f64::NAN, f64::INFINITY]), Distribution::default());
    }
}
