use std::collections::VecDeque;

/// Windows that are remembered: as many as the baseline holds at most.
const REMEMBERED: usize = 40;
/// A modified z-score that is none of the others': the value that Iglewicz and Hoaglin recommend.
const OUTLIER: f64 = 3.5;
/// By what the deviation of a normal distribution is a multiple of its median absolute deviation.
const NORMAL: f64 = 1.4826;

/// How much windows differ from each other anyway: functions have better minutes and worse ones.
///
/// By medians, which half of the windows would have to be extraordinary to move.
#[derive(Debug, Default)]
pub(super) struct Spread {
    levels: VecDeque<f64>,
}

impl Spread {
    /// Remembers a window by the mean logarithm of its calls.
    pub(super) fn learn(&mut self, level: f64) {
        if self.levels.len() == REMEMBERED {
            self.levels.pop_front();
        }
        self.levels.push_back(level);
    }

    /// Whether a window lies so far above the others that it isn't one of them.
    pub(super) fn is_outlier(&self, level: f64) -> bool {
        let middle = median(self.levels.iter().copied());
        let deviation = median(self.levels.iter().map(|known| (known - middle).abs()));
        level - middle > OUTLIER * NORMAL * deviation
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_is_far_from_most() {
        let mut spread = Spread::default();
        for level in [1.0, 1.1, 0.9, 1.2, 0.8, 9.0, 1.0, 1.1, 0.9] {
            spread.learn(level);
        }
        // The median is 1, the median deviation 0.1.
        assert!(!spread.is_outlier(1.5));
        assert!(spread.is_outlier(1.53));
        assert!(!spread.is_outlier(-5.0), "fast is no outlier");
        (0..REMEMBERED).for_each(|_| spread.learn(2.0));
        assert!(!spread.is_outlier(2.0));
        assert!(spread.is_outlier(2.01), "all were alike");
    }
}
