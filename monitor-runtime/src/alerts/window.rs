use std::collections::VecDeque;
use std::time::Duration;

/// Parts of a window: as finely as it slides.
const PARTS: u32 = 60;

/// What came in within a time that slides.
#[derive(Debug)]
pub(super) struct Window<T> {
    length: Duration,
    part: Duration,
    /// When each part began.
    parts: VecDeque<(Duration, T)>,
}

impl<T: Default> Window<T> {
    pub(super) fn new(length: Duration) -> Self {
        let part = (length / PARTS).max(Duration::from_secs(1));
        Self { length, part, parts: VecDeque::new() }
    }

    /// The part of now, to add to.
    pub(super) fn now(&mut self, now: Duration) -> &mut T {
        self.forget(now);
        let is_over = |(begun, _): &(Duration, T)| now >= *begun + self.part;
        if self.parts.back().is_none_or(is_over) {
            self.parts.push_back((now, T::default()));
        }
        let len = self.parts.len();
        &mut self.parts[len - 1].1
    }

    /// What came in within the window, part by part.
    pub(super) fn parts(&mut self, now: Duration) -> impl Iterator<Item = &T> {
        self.forget(now);
        self.parts.iter().map(|(_, part)| part)
    }

    /// What came in within this time, part by part.
    pub(super) fn last(&self, now: Duration, time: Duration) -> impl Iterator<Item = &T> {
        let is_within = move |(begun, _): &&(Duration, T)| *begun + time > now;
        self.parts.iter().filter(is_within).map(|(_, part)| part)
    }

    fn forget(&mut self, now: Duration) {
        while self.parts.front().is_some_and(|(begun, _)| *begun + self.length <= now) {
            self.parts.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_bounded_and_the_old_ones_go() {
        let (mut window, second) =
            (Window::<u64>::new(Duration::from_secs(300)), Duration::from_secs);
        for at in 0..1000 {
            *window.now(second(at)) += 1;
        }
        assert!(window.parts.len() <= 61, "{}", window.parts.len());
        let within = window.parts(second(999)).sum::<u64>();
        assert!((300..=305).contains(&within), "{within}");
        assert_eq!(window.last(second(999), second(60)).sum::<u64>(), 60);
        assert_eq!(window.parts(second(2000)).count(), 0);
    }
}
