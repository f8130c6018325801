use std::collections::VecDeque;
use std::time::Duration;

/// The window of a rate.
const WINDOW: Duration = Duration::from_secs(60);
/// As finely as the window slides.
const STEP: Duration = Duration::from_secs(1);

/// How often something happened within the last minute, to one second.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    /// When each second began, and how often it happened in it.
    seconds: VecDeque<(Duration, u64)>,
}

impl Rate {
    pub(crate) fn add(&mut self, now: Duration, count: u64) {
        match self.seconds.back_mut() {
            Some((begun, known)) if now < *begun + STEP => *known += count,
            _ => self.seconds.push_back((now, count)),
        }
        self.forget(now, WINDOW);
    }

    /// How often within the last minute.
    pub(crate) fn per_minute(&mut self, now: Duration) -> u64 {
        self.forget(now, WINDOW);
        self.seconds.iter().map(|(_, count)| count).sum()
    }

    fn forget(&mut self, now: Duration, window: Duration) {
        while self.seconds.front().is_some_and(|(begun, _)| *begun + window <= now) {
            self.seconds.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_minute_is_forgotten() {
        let (mut rate, second) = (Rate::default(), Duration::from_secs);
        for at in 0..120 {
            rate.add(second(at), 2);
        }
        assert_eq!(rate.seconds.len(), 60);
        assert_eq!(rate.per_minute(second(119)), 120);
        assert_eq!(rate.per_minute(second(149)), 60);
        assert_eq!(rate.per_minute(second(200)), 0);
    }
}
