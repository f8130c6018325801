use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sentry_core::Envelope;

use super::keeper::Keeper;
use crate::backend::sentry::pacer::{Announced, PATIENCE, Pace};

/// The wait before another attempt while somebody flushes.
const HURRY: Duration = Duration::from_millis(100);

/// Envelopes on their way to the thread that sends them.
pub(in crate::backend::sentry) struct Queue {
    /// Places; an envelope takes one, and more if it is large.
    capacity: usize,
    state: Mutex<State>,
    changed: Condvar,
    /// Takes what isn't sent when the end comes.
    keeper: OnceLock<Keeper>,
}

#[derive(Debug, Default)]
struct State {
    /// With the places that each takes.
    waiting: VecDeque<(Arc<Envelope>, usize)>,
    /// What is about to come.
    announced: Option<Announced>,
    /// Places that the waiting ones take.
    taken: usize,
    /// What was taken out and isn't done.
    sending: Option<Arc<Envelope>>,
    /// Whether somebody waited for room in vain since one was done.
    stalled: bool,
    /// How many wait until everything is sent.
    flushing: usize,
    closed: bool,
}

impl Queue {
    pub(in crate::backend::sentry) fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::default(), changed: Condvar::new(), keeper: OnceLock::new() }
    }

    pub(super) fn set_keeper(&self, keeper: Keeper) {
        let _ = self.keeper.set(keeper);
    }

    /// Adds an envelope, or gives it back if there is no room.
    pub(super) fn push(&self, envelope: Envelope) -> Result<(), Box<Envelope>> {
        let mut state = self.state();
        let cost = match state.announced {
            Some(Announced { id: Some(id), cost }) if envelope.uuid() == Some(&id) => cost,
            // The client's own: reports, logs and metrics in small numbers.
            _ => 1,
        };
        if state.closed || !self.has_room(&state, cost) {
            return Err(Box::new(envelope));
        }
        state.taken += cost;
        state.waiting.push_back((Arc::new(envelope), cost));
        self.changed.notify_all();
        Ok(())
    }

    /// Waits for the next envelope; `None` once the queue is closed.
    ///
    /// The previous one is done with that.
    pub(super) fn next(&self) -> Option<Arc<Envelope>> {
        let mut state = self.state();
        state.sending = None;
        state.stalled = false;
        self.changed.notify_all();
        let idle = |state: &mut State| state.waiting.is_empty() && !state.closed;
        let waited = self.changed.wait_while(state, idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return None;
        }
        let (envelope, cost) = state.waiting.pop_front()?;
        state.taken -= cost;
        // There is room.
        self.changed.notify_all();
        state.sending = Some(Arc::clone(&envelope));
        Some(envelope)
    }

    /// Whether there is time for something else: nothing waits, and the end hasn't come.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && !state.closed
    }

    /// Whether the end has come. What was not done by then was given back by [`close`](Self::close).
    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Waits until everything is sent or given up; whether that happened in time.
    pub(super) fn wait_until_sent(&self, timeout: Duration) -> bool {
        let busy = |state: &mut State| !state.waiting.is_empty() || state.sending.is_some();
        let mut state = self.state();
        state.flushing += 1;
        self.changed.notify_all();
        let waited = self.changed.wait_timeout_while(state, timeout, busy);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        state.flushing -= 1;
        !waited.timed_out()
    }

    /// Waits before another attempt, not for long while somebody flushes; `false` once the queue is
    /// closed.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let start = Instant::now();
        let mut state = self.state();
        loop {
            let time = if state.flushing > 0 { time.min(HURRY) } else { time };
            let left = time.saturating_sub(start.elapsed());
            if state.closed || left.is_zero() {
                return !state.closed;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes no more, and gives no more out; what isn't sent yet.
    pub(super) fn close(&self) -> Vec<Arc<Envelope>> {
        let mut state = self.state();
        state.closed = true;
        state.taken = 0;
        self.changed.notify_all();
        let sending = state.sending.take();
        let waiting = std::mem::take(&mut state.waiting);
        sending.into_iter().chain(waiting.into_iter().map(|(envelope, _)| envelope)).collect()
    }

    /// Makes the queue as good as new.
    pub(super) fn reset(&self) {
        *self.state() = State::default();
    }

    fn has_room(&self, state: &State, cost: usize) -> bool {
        state.waiting.is_empty() || state.taken + cost <= self.capacity
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for room as long as envelopes leave.
impl Pace for Queue {
    fn pace(&self, envelope: Announced, _flush: &dyn Fn(Duration) -> bool) {
        let no_room = |state: &mut State| {
            !state.closed && !state.stalled && !self.has_room(state, envelope.cost)
        };
        let waited = self.changed.wait_timeout_while(self.state(), PATIENCE, no_room);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        state.announced = Some(envelope);
        state.stalled |= waited.timed_out();
    }

    fn give_up(&self) {
        let left = self.close();
        let Some(keeper) = self.keeper.get() else { return };
        for envelope in left {
            keeper.keep_or(&envelope, |losses| losses.note(&*envelope, "shutdown"));
        }
    }
}

#[cfg(test)]
mod tests {
    use sentry_core::protocol::Event;

    use super::*;

    #[test]
    fn holds_what_it_has_room_for() {
        let queue = Queue::new(2);
        assert!(queue.push(Envelope::new()).is_ok());
        assert!(queue.push(Envelope::new()).is_ok());
        assert!(queue.push(Envelope::new()).is_err());
        assert!(queue.next().is_some());
        assert!(queue.push(Envelope::new()).is_ok());
    }

    #[test]
    fn what_is_large_takes_more_room() {
        let queue = Queue::new(10);
        let mut large = Envelope::new();
        large.add_item(Event::new());
        let announced = Announced { id: large.uuid().copied(), cost: 9 };
        queue.pace(announced, &|_| unreachable!("the queue knows its room"));
        assert!(queue.push(large).is_ok());
        assert!(queue.push(Envelope::new()).is_ok());
        assert!(queue.push(Envelope::new()).is_err());
        assert!(queue.next().is_some());
        assert!((0..9).all(|_| queue.push(Envelope::new()).is_ok()));
        assert!(queue.push(Envelope::new()).is_err());
    }

    #[test]
    fn is_sent_when_the_last_one_is_done() {
        let queue = Queue::new(2);
        assert!(queue.wait_until_sent(Duration::ZERO));
        queue.push(Envelope::new()).unwrap();
        assert!(!queue.wait_until_sent(Duration::ZERO));
        assert!(queue.next().is_some());
        assert!(!queue.wait_until_sent(Duration::ZERO));
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| queue.next());
            assert!(queue.wait_until_sent(Duration::from_secs(60)));
            queue.close();
            assert!(worker.join().unwrap().is_none());
        });
        assert!(queue.push(Envelope::new()).is_err());
    }

    #[test]
    fn waits_for_room_while_envelopes_leave() {
        let queue = Queue::new(1);
        std::thread::scope(|scope| {
            let sender = scope.spawn(|| {
                for _ in 0..100 {
                    queue.pace(Announced { id: None, cost: 1 }, &|_| {
                        unreachable!("the queue knows its room")
                    });
                    queue.push(Envelope::new()).unwrap();
                }
            });
            for _ in 0..100 {
                assert!(queue.next().is_some());
            }
            sender.join().unwrap();
        });
    }
}
