use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sentry_core::Envelope;

use super::keeper::Keeper;
use super::parcel::Parcel;
use crate::backend::sentry::pacer::{Announced, PATIENCE, Pace};
use crate::backend::sentry::written::Written;
use crate::collect;

/// The wait before another attempt while somebody flushes.
const HURRY: Duration = Duration::from_millis(100);

/// How long the thread that sends lets further envelopes come, once one has: it is woken for the
/// first alone, and finds the lock free.
const LINGER: Duration = Duration::from_millis(2);

/// Envelopes on their way to the thread that sends them.
pub(in crate::backend::sentry) struct Queue {
    /// Places; an envelope takes one, and more if it is large.
    capacity: usize,
    state: Mutex<State>,
    changed: Condvar,
    /// What was taken out at once and isn't done, of which the first is being sent. Only the thread that
    /// sends takes this lock, and who closes: it never waits for those that add. Behind that of the state.
    batch: Mutex<VecDeque<Arc<Parcel>>>,
    /// Set where the state is locked.
    closed: AtomicBool,
    /// The forks before the process that these envelopes are of.
    forks: AtomicU32,
    /// Takes what isn't sent when the end comes.
    keeper: OnceLock<Keeper>,
}

#[derive(Default)]
struct State {
    /// With the places that each takes.
    waiting: VecDeque<(Arc<Parcel>, usize)>,
    /// What is about to come.
    announced: Option<Announced>,
    /// Places that the waiting ones take.
    taken: usize,
    /// Whether something was taken out and isn't done.
    sending: bool,
    /// Whether the thread that sends waits to be woken.
    idle: bool,
    /// How many wait for room.
    pressing: usize,
    /// Whether somebody waited for room in vain since one was done.
    stalled: bool,
    /// How many wait until everything is sent.
    flushing: usize,
}

impl Queue {
    pub(in crate::backend::sentry) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            changed: Condvar::new(),
            batch: Mutex::default(),
            closed: AtomicBool::new(false),
            forks: AtomicU32::new(collect::forks()),
            keeper: OnceLock::new(),
        }
    }

    pub(super) fn set_keeper(&self, keeper: Keeper) {
        let _ = self.keeper.set(keeper);
    }

    /// Adds an envelope, or gives it back if there is no room.
    pub(super) fn push(&self, envelope: Envelope) -> Result<(), Box<Parcel>> {
        let mut state = self.state();
        let is_it =
            |announced: &mut Announced| announced.id.is_some_and(|id| envelope.uuid() == Some(&id));
        let (cost, written) = match state.announced.take_if(is_it) {
            Some(announced) => (announced.cost, announced.written),
            // The client's own: reports, logs and metrics in small numbers.
            None => (1, None),
        };
        let parcel = Parcel::new(envelope, written);
        if self.is_closed() || !self.has_room(&state, cost) {
            return Err(Box::new(parcel));
        }
        self.add(state, Arc::new(parcel), cost);
        Ok(())
    }

    fn add(&self, mut state: MutexGuard<'_, State>, parcel: Arc<Parcel>, cost: usize) {
        state.taken += cost;
        state.waiting.push_back((parcel, cost));
        if state.idle {
            self.changed.notify_all();
        }
    }

    /// Waits for the next envelope; `None` once the queue is closed.
    ///
    /// The previous one is done with that.
    pub(super) fn next(&self) -> Option<Arc<Parcel>> {
        let mut batch = self.batch();
        let done = batch.pop_front();
        let next = batch.front().cloned();
        drop(batch);
        drop(done);
        next.or_else(|| self.next_batch())
    }

    /// Takes out several at once, once there is one: each lock that is met by those that add costs more
    /// than to write an envelope.
    fn next_batch(&self) -> Option<Arc<Parcel>> {
        let mut state = self.state();
        (state.sending, state.stalled) = (false, false);
        self.tell(&state);
        if state.waiting.is_empty() {
            state = self.linger(self.wait(state));
        }
        if self.is_closed() {
            return None;
        }
        let mut batch = self.batch();
        let mut places = 0;
        while places < self.some()
            && let Some((parcel, cost)) = state.waiting.pop_front()
        {
            places += cost;
            batch.push_back(parcel);
        }
        state.taken -= places;
        state.sending = !batch.is_empty();
        // There is room.
        self.tell(&state);
        batch.front().cloned()
    }

    /// Places that are worth to wake somebody for.
    fn some(&self) -> usize {
        (self.capacity / 16).max(1)
    }

    /// Waits for the first envelope.
    fn wait<'s>(&'s self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        let nothing = |state: &mut State| state.waiting.is_empty() && !self.is_closed();
        state.idle = true;
        let waited = self.changed.wait_while(state, nothing);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.idle = false;
        state
    }

    /// To be woken for each envelope would cost more than to write it.
    fn linger<'s>(&'s self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        let quiet =
            |state: &mut State| !self.is_closed() && state.flushing == 0 && state.pressing == 0;
        let waited = self.changed.wait_timeout_while(state, LINGER, quiet);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Tells those who wait that something has changed; of room, once it is some.
    fn tell(&self, state: &State) {
        let room = self.capacity.saturating_sub(state.taken);
        let has_some = room >= self.some() || state.waiting.is_empty();
        if state.flushing > 0 || (state.pressing > 0 && has_some) {
            self.changed.notify_all();
        }
    }

    /// Whether there is time for something else: nothing waits, and the end hasn't come.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && self.batch().len() <= 1 && !self.is_closed()
    }

    /// Whether the end has come. What was not done by then was given back by [`close`](Self::close).
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Waits until everything is sent or given up; whether that happened in time.
    pub(super) fn wait_until_sent(&self, timeout: Duration) -> bool {
        let busy = |state: &mut State| !state.waiting.is_empty() || state.sending;
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
            if self.is_closed() || left.is_zero() {
                return !self.is_closed();
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Takes no more, and gives no more out; what isn't sent yet.
    pub(super) fn close(&self) -> Vec<Arc<Parcel>> {
        let mut state = self.state();
        self.closed.store(true, Ordering::Release);
        (state.taken, state.sending) = (0, false);
        self.changed.notify_all();
        let sending = std::mem::take(&mut *self.batch());
        let waiting = std::mem::take(&mut state.waiting);
        sending.into_iter().chain(waiting.into_iter().map(|(parcel, _)| parcel)).collect()
    }

    /// Makes the queue as good as new; only what is about to come still is.
    pub(super) fn reset(&self) {
        let mut state = self.state();
        let announced = state.announced.take();
        *state = State { announced, ..State::default() };
        self.batch().clear();
        self.closed.store(false, Ordering::Release);
        self.forks.store(collect::forks(), Ordering::Relaxed);
    }

    fn has_room(&self, state: &State, cost: usize) -> bool {
        state.waiting.is_empty() || state.taken + cost <= self.capacity
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn batch(&self) -> MutexGuard<'_, VecDeque<Arc<Parcel>>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for room as long as envelopes leave.
impl Pace for Queue {
    fn pace(&self, envelope: Announced, _flush: &dyn Fn(Duration) -> bool) {
        let no_room = |state: &mut State| {
            !self.is_closed() && !state.stalled && !self.has_room(state, envelope.cost)
        };
        let mut state = self.state();
        if no_room(&mut state) {
            state.pressing += 1;
            self.changed.notify_all();
            let waited = self.changed.wait_timeout_while(state, PATIENCE, no_room);
            let waited = waited.unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            state.pressing -= 1;
            state.stalled |= waited.1.timed_out();
        }
        state.announced = Some(envelope);
    }

    fn put(&self, written: Written, cost: usize) -> Result<(), Written> {
        // In a forked child the transport has to begin anew first.
        if self.forks.load(Ordering::Relaxed) != collect::forks() {
            return Err(written);
        }
        let state = self.state();
        if self.is_closed() || !self.has_room(&state, cost) {
            return Err(written);
        }
        self.add(state, Arc::new(Parcel::of(written)), cost);
        Ok(())
    }

    fn give_up(&self) {
        let left = self.close();
        let Some(keeper) = self.keeper.get() else { return };
        for parcel in left {
            keeper.keep_or(&parcel, |losses| parcel.note(losses, "shutdown"));
        }
    }
}

#[cfg(test)]
mod tests {
    use sentry_core::ClientOptions;
    use sentry_core::protocol::Event;

    use super::*;
    use crate::backend::sentry::fixture;
    use crate::backend::sentry::written::Writer;

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
        let announced = Announced { id: large.uuid().copied(), cost: 9, written: None };
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
                    queue.pace(Announced { id: None, cost: 1, written: None }, &|_| {
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

    #[test]
    fn several_are_taken_out_at_once_and_all_given_back_at_the_end() {
        let queue = Queue::new(64);
        (0..6).for_each(|_| queue.push(Envelope::new()).unwrap());
        let first = queue.next().unwrap();
        // Those of a batch make room, and are still to be sent.
        assert_eq!(queue.state().waiting.len(), 2);
        assert!(!queue.is_idle() && !queue.wait_until_sent(Duration::ZERO));
        let second = queue.next().unwrap();
        assert!(!Arc::ptr_eq(&first, &second));
        let left = queue.close();
        assert!(Arc::ptr_eq(&left[0], &second) && left.len() == 5, "{}", left.len());
        assert!(queue.next().is_none() && queue.close().is_empty());
    }

    #[test]
    fn what_is_written_needs_no_announcement_where_there_is_room() {
        let written = || Writer::new(&ClientOptions::new()).event(&fixture::event()).unwrap();
        let queue = Queue::new(2);
        assert!(queue.put(written(), 1).is_ok() && queue.put(written(), 1).is_ok());
        let refused = queue.put(written(), 1).unwrap_err();
        assert!(refused.is_event() && refused.len() > 100);
        assert!(queue.next().unwrap().written.is_some());
        assert!(queue.put(refused, 1).is_ok());
        queue.close();
        assert!(queue.put(written(), 1).is_err());
    }
}
