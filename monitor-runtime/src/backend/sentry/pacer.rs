use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sentry_core::types::Uuid;

use super::written::Written;

/// How long the collector waits for a transport that is behind, before it goes on.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// How long a transport that was not done in that time is left alone.
const REST: Duration = Duration::from_secs(10);

/// Envelopes between two flushes: Sentry's transports hold 30.
const BURST: usize = 20;

/// An envelope that is about to be handed over.
#[derive(Debug)]
pub(super) struct Announced {
    pub(super) id: Option<Uuid>,
    /// The places that it takes.
    pub(super) cost: usize,
    /// Its bytes, where it is written already: then the envelope holds no more than the id, and what
    /// the client adds.
    pub(super) written: Option<Written>,
}

/// Lets a transport catch up before its queue overflows.
///
/// The collector may wait: records wait in bounded memory meanwhile. It waits little, and not
/// again soon, when the transport gets nowhere; the transport then drops and counts.
pub(super) trait Pace: Send + Sync {
    /// Called before an envelope; `flush` empties the queue.
    fn pace(&self, envelope: Announced, flush: &dyn Fn(Duration) -> bool);

    /// Takes an envelope that is written past the client, or gives it back where that isn't for now.
    fn put(&self, written: Written, _cost: usize) -> Result<(), Written> {
        Err(written)
    }

    /// Sends nothing any more, and counts what waits. Returns at once.
    fn give_up(&self) {}
}

/// Paces a transport of which nothing is known but how to flush it.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    resting_until: Option<Instant>,
}

impl Pacer {
    /// Whether to flush first; takes the places.
    fn is_full(&self, cost: usize) -> bool {
        let mut state = self.state();
        let resting = state.resting_until.is_some_and(|until| Instant::now() < until);
        let full = !resting && state.taken > 0 && state.taken + cost > BURST;
        state.taken = if full { cost } else { state.taken.saturating_add(cost) };
        full
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace for Pacer {
    fn pace(&self, envelope: Announced, flush: &dyn Fn(Duration) -> bool) {
        if self.is_full(envelope.cost) {
            let flushed = flush(PATIENCE);
            self.state().resting_until = (!flushed).then(|| Instant::now() + REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn flushes(costs: &[usize], result: bool) -> usize {
        let (pacer, count) = (Pacer::default(), Cell::new(0));
        for cost in costs {
            pacer.pace(Announced { id: None, cost: *cost, written: None }, &|_| {
                count.set(count.get() + 1);
                result
            });
        }
        count.get()
    }

    #[test]
    fn flushes_when_the_next_would_be_too_much() {
        assert_eq!(flushes(&[10, 10], true), 0);
        assert_eq!(flushes(&[10, 10, 1, 19, 1], true), 2);
        // More than a burst at once still goes.
        assert_eq!(flushes(&[50, 50, 50], true), 2);
    }

    #[test]
    fn leaves_a_transport_alone_that_gets_nowhere() {
        assert_eq!(flushes(&[1; 100], false), 1);
    }
}
