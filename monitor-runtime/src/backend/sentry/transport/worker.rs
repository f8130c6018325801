use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sentry_core::client_report::Reason;

use super::carrier::{Answer, Carrier};
use super::failure::Failure;
use super::keeper::Keeper;
use super::parcel::Parcel;
use super::queue::Queue;
use super::rate_limits::RateLimits;
use super::spool::Turn;
use super::stored::{self, Stored};
use crate::clock::WallClock;
use crate::diagnostics;

/// Sends one envelope after the other until the queue is closed.
pub(super) struct Worker {
    queue: Arc<Queue>,
    carrier: Carrier,
    limits: RateLimits,
    keeper: Keeper,
    debug: bool,
    /// Whether the last envelope was lost.
    failing: bool,
    /// Whether what was kept on disk may be tried: at the start, and once the server is back.
    may_replay: bool,
    /// What is left of it to be tried.
    turn: Option<Turn>,
}

/// What a server did with an envelope.
enum Taken {
    Delivered,
    /// It refused it, and has counted that.
    RateLimited,
}

impl Worker {
    pub(super) fn new(queue: Arc<Queue>, carrier: Carrier, keeper: Keeper, debug: bool) -> Self {
        let limits = RateLimits::new(keeper.form());
        Self { queue, carrier, limits, keeper, debug, failing: false, may_replay: true, turn: None }
    }

    pub(super) fn run(mut self) {
        self.replay();
        while let Some(parcel) = self.queue.next() {
            match self.within_limits(parcel) {
                Some(parcel) => self.deliver(&parcel),
                None => self.say(|| "held back: the server's rate limits".to_owned()),
            }
            self.replay();
        }
    }

    fn within_limits(&self, parcel: Arc<Parcel>) -> Option<Arc<Parcel>> {
        let now = match self.limits.are_any() {
            true => Instant::now(),
            false => return Some(parcel),
        };
        if !self.limits.is_active(now) {
            return Some(parcel);
        }
        let parcel = Arc::unwrap_or_clone(parcel);
        self.limits.filter(parcel, self.keeper.losses(), now).map(Arc::new)
    }

    /// Sends what was kept on disk, as long as nothing newer waits and the server takes it.
    fn replay(&mut self) {
        self.may_replay |= !self.failing && self.keeper.has_new();
        if !std::mem::take(&mut self.may_replay) {
            return;
        }
        let Some(mut turn) = self.turn.take().or_else(|| self.keeper.turn()) else { return };
        while self.queue.is_idle() && !self.limits.is_active(Instant::now()) {
            let Some(stored) = self.keeper.next(&mut turn) else { return };
            if !self.is_replayed(&stored) {
                return;
            }
        }
        self.may_replay = true;
        self.turn = Some(turn);
    }

    fn is_replayed(&mut self, stored: &Stored) -> bool {
        let Some(body) = stored.body(&stored::sent_at(SystemTime::now())) else { return false };
        match self.post(&body) {
            Ok(Taken::Delivered) => self.keeper.delivered(stored),
            Ok(Taken::RateLimited) => return false,
            Err(failure) if !failure.is_passing() => self.keeper.refused(stored),
            Err(_) => return false,
        }
        true
    }

    /// Tries until it is delivered or there is no more use in it.
    fn deliver(&mut self, parcel: &Parcel) {
        let mut attempts = 0;
        loop {
            let failure = match self.guarded_attempt(parcel) {
                Ok(taken) => return self.taken(parcel, &taken),
                Err(failure) => failure,
            };
            self.keeper.losses().failed(&failure.why);
            match failure.wait(attempts).filter(|_| self.carrier.is_worth_waiting_for()) {
                Some(wait) if self.queue.pause(wait) => attempts += 1,
                _ => return self.lose(parcel, &failure),
            }
        }
    }

    fn guarded_attempt(&mut self, parcel: &Parcel) -> Result<Taken, Failure> {
        let attempt = catch_unwind(AssertUnwindSafe(|| self.attempt(parcel)));
        attempt.unwrap_or_else(|_| Err(Failure::lasting(Reason::InternalError, "a panic")))
    }

    fn attempt(&mut self, parcel: &Parcel) -> Result<Taken, Failure> {
        let body = parcel
            .bytes(self.keeper.form(), about_now())
            .map_err(|error| Failure::lasting(Reason::InternalError, error))?;
        self.post(&body)
    }

    fn post(&mut self, body: &[u8]) -> Result<Taken, Failure> {
        let answer = self.carrier.send(body)?;
        self.say(|| format!("{} bytes, status {} {}", body.len(), answer.status, answer.text));
        self.judge(answer)
    }

    fn judge(&mut self, answer: Answer) -> Result<Taken, Failure> {
        let Answer { status, rate_limits, retry_after, text } = answer;
        let (rate_limits, retry_after) = (rate_limits.as_deref(), retry_after.as_deref());
        if status >= 400 || rate_limits.is_some() {
            self.limits.update(status, rate_limits, retry_after, Instant::now());
        }
        match status {
            200..=299 => Ok(Taken::Delivered),
            429 => Ok(Taken::RateLimited),
            // It said when to come back: until then nothing is sent.
            _ if retry_after.is_some() => {
                Err(Failure::lasting(Reason::SendError, format!("status {status} {text}")))
            }
            _ => Err(Failure::of_status(status, &text)),
        }
    }

    fn taken(&mut self, parcel: &Parcel, taken: &Taken) {
        self.may_replay |= std::mem::take(&mut self.failing);
        // Else it was given back, and counted, when the end came.
        if !self.queue.is_closed() {
            match taken {
                Taken::Delivered => parcel.arrived(self.keeper.losses()),
                Taken::RateLimited => parcel.note(self.keeper.losses(), "rate_limited"),
            }
        }
    }

    /// Counts a loss, and says so where it is the first one after a success.
    fn lose(&mut self, parcel: &Parcel, failure: &Failure) {
        if !self.queue.is_closed() {
            if failure.is_passing() {
                self.keeper.keep_or(parcel, |losses| parcel.lose(losses, failure.reason));
            } else {
                parcel.lose(self.keeper.losses(), failure.reason);
            }
        }
        self.say(|| format!("lost: {}", failure.why));
        if !self.failing {
            let receiver = self.carrier.receiver();
            diagnostics::warn(&format!("{receiver} doesn't take what is sent: {}", failure.why));
        }
        self.failing = true;
    }

    fn say(&self, what: impl FnOnce() -> String) {
        if self.debug {
            // A closed stderr is nobody's problem.
            let _ = writeln!(io::stderr(), "[monitor] envelope: {}", what());
        }
    }
}

/// Good enough to say when something left.
fn about_now() -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(WallClock::of_this_moment().nanos())
}
