//! What one key has spent, by when.

use std::time::Duration;

/// Steps in which a window moves on.
const STEPS: usize = 24;

/// What was spent within the window, in the steps of it.
#[derive(Clone, Debug)]
pub(super) struct Window {
    step: Duration,
    spent: [u64; STEPS],
    /// The number of the latest step.
    latest: u64,
    length: Duration,
    /// When it was said last that the mark, and the limit, is reached.
    warned: Option<Duration>,
    exceeded: Option<Duration>,
}

/// What a charge has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    Warning,
    Limit,
}

impl Window {
    pub(super) fn new(length: Duration, now: Duration) -> Self {
        let step = (length / STEPS as u32).max(Duration::from_secs(1));
        let latest = number(now, step);
        Self { step, spent: [0; STEPS], latest, length, warned: None, exceeded: None }
    }

    /// Forgets what was spent too long ago.
    fn move_on(&mut self, now: Duration) {
        let number = number(now, self.step);
        let passed = number.saturating_sub(self.latest).min(STEPS as u64);
        for step in 1..=passed {
            self.spent[index(self.latest.saturating_add(step))] = 0;
        }
        self.latest = self.latest.max(number);
    }

    pub(super) fn spent(&mut self, now: Duration) -> u64 {
        self.move_on(now);
        self.spent.iter().fold(0, |sum, spent| sum.saturating_add(*spent))
    }

    /// Adds a charge; how much is spent then.
    pub(super) fn charge(&mut self, now: Duration, units: u64) -> u64 {
        self.move_on(now);
        let step = &mut self.spent[index(self.latest)];
        *step = step.saturating_add(units);
        self.spent(now)
    }

    /// What is reached and wasn't said within a window. Beyond the limit nobody is warned.
    pub(super) fn newly(
        &mut self,
        now: Duration,
        spent: u64,
        warn_at: u64,
        limit: u64,
    ) -> Option<Reached> {
        let length = self.length;
        let is_new = |said: &mut Option<Duration>| {
            let is_new = said.is_none_or(|said| now.saturating_sub(said) >= length);
            if is_new {
                *said = Some(now);
            }
            is_new
        };
        if spent >= limit {
            is_new(&mut self.exceeded).then_some(Reached::Limit)
        } else if spent >= warn_at {
            is_new(&mut self.warned).then_some(Reached::Warning)
        } else {
            None
        }
    }

    /// How long it is until less than the limit is spent, if nothing more is.
    pub(super) fn free_after(&self, now: Duration, limit: u64) -> Duration {
        let mut left = self.spent.iter().fold(0_u64, |sum, spent| sum.saturating_add(*spent));
        let oldest = (self.latest + 1).saturating_sub(STEPS as u64);
        for number in oldest..=self.latest {
            left = left.saturating_sub(self.spent[index(number)]);
            if left < limit {
                // A step is forgotten when as many have begun after it.
                let forgotten = u32::try_from(number + STEPS as u64).unwrap_or(u32::MAX);
                return self.step.saturating_mul(forgotten).saturating_sub(now);
            }
        }
        self.step.saturating_mul(STEPS as u32)
    }
}

fn number(now: Duration, step: Duration) -> u64 {
    u64::try_from(now.as_nanos() / step.as_nanos().max(1)).unwrap_or(u64::MAX)
}

fn index(number: u64) -> usize {
    (number % STEPS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 3600)
    }

    #[test]
    fn what_is_long_ago_is_forgotten() {
        let mut window = Window::new(DAY, hours(0));
        assert_eq!(window.charge(hours(0), 5), 5);
        assert_eq!(window.charge(hours(10), 7), 12);
        assert_eq!(window.spent(hours(23)), 12);
        assert_eq!(window.free_after(hours(23), 10), hours(1));
        assert_eq!(window.spent(hours(24)), 7);
        assert_eq!(window.spent(hours(34)), 0);
        assert_eq!(window.charge(hours(9_000), u64::MAX), u64::MAX);
        assert_eq!(window.charge(hours(9_000), 1), u64::MAX);
    }

    #[test]
    fn each_mark_is_said_once_a_window() {
        let mut window = Window::new(DAY, hours(0));
        let mut reached = |hour, spent| window.newly(hours(hour), spent, 80, 100);
        assert_eq!(reached(0, 79), None);
        assert_eq!(reached(1, 80), Some(Reached::Warning));
        assert_eq!(reached(2, 90), None);
        assert_eq!(reached(3, 100), Some(Reached::Limit));
        assert_eq!(reached(4, 120), None);
        // It goes up and down around a mark: once a window.
        assert_eq!(reached(5, 10), None);
        assert_eq!(reached(6, 200), None);
        assert_eq!(reached(26, 200), None);
        assert_eq!(reached(27, 200), Some(Reached::Limit));
        assert_eq!(reached(28, 90), Some(Reached::Warning));
    }
}
