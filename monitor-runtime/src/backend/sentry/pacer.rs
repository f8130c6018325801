use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the collector waits for a transport that is behind, before it goes on.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a transport that was not done in that time is left alone.
const REST: Duration = Duration::from_secs(30);

/// Lets a transport catch up before its queue overflows.
///
/// The collector may wait: records wait in bounded memory meanwhile. It waits little, and not
/// again soon, when the transport gets nowhere; the transport then drops and counts.
#[derive(Debug)]
pub(super) struct Pacer {
    /// Places that may be taken between two flushes.
    burst: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    resting_until: Option<Instant>,
}

impl Pacer {
    pub(super) fn new(burst: usize) -> Self {
        Self { burst, state: Mutex::default() }
    }

    /// Takes `cost` places, after a `flush` if that many aren't free.
    pub(super) fn pace(&self, cost: usize, flush: impl FnOnce(Duration) -> bool) {
        if self.is_full(cost) {
            let flushed = flush(PATIENCE);
            self.state().resting_until = (!flushed).then(|| Instant::now() + REST);
        }
    }

    /// Whether to flush first; takes the places.
    fn is_full(&self, cost: usize) -> bool {
        let mut state = self.state();
        let resting = state.resting_until.is_some_and(|until| Instant::now() < until);
        let full = !resting && state.taken > 0 && state.taken + cost > self.burst;
        state.taken = if full { cost } else { state.taken.saturating_add(cost) };
        full
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flushes(pacer: &Pacer, costs: &[usize], result: bool) -> usize {
        let mut count = 0;
        for cost in costs {
            pacer.pace(*cost, |_| {
                count += 1;
                result
            });
        }
        count
    }

    #[test]
    fn flushes_when_the_next_would_be_too_much() {
        assert_eq!(flushes(&Pacer::new(10), &[5, 5], true), 0);
        assert_eq!(flushes(&Pacer::new(10), &[5, 5, 1, 9, 1], true), 2);
        // More than a burst at once still goes.
        assert_eq!(flushes(&Pacer::new(10), &[50, 50, 50], true), 2);
    }

    #[test]
    fn leaves_a_transport_alone_that_gets_nowhere() {
        assert_eq!(flushes(&Pacer::new(2), &[1; 100], false), 1);
    }
}
