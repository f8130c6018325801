use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use sentry_core::Envelope;
use sentry_core::client_report::{Reason, Recorder};

use super::http::{Answer, Http};
use super::payload;
use super::queue::Queue;
use super::rate_limits::RateLimits;

/// Sends one envelope after the other until the queue is closed.
pub(super) struct Worker {
    queue: Arc<Queue>,
    http: Http,
    limits: RateLimits,
    losses: Recorder,
    debug: bool,
}

impl Worker {
    pub(super) fn new(queue: Arc<Queue>, http: Http, losses: Recorder, debug: bool) -> Self {
        Self { queue, http, limits: RateLimits::default(), losses, debug }
    }

    pub(super) fn run(mut self) {
        while let Some(envelope) = self.queue.next() {
            let limited = self.limits.filter(envelope, &self.losses, Instant::now());
            let Some(envelope) = limited else {
                self.say(|| "held back: the server's rate limits".to_owned());
                continue;
            };
            let delivered = catch_unwind(AssertUnwindSafe(|| self.deliver(&envelope)));
            if let Err(reason) = delivered.unwrap_or(Err(Reason::InternalError)) {
                self.losses.record_lost_data(&envelope, reason);
            }
        }
    }

    /// Sends an envelope; why it is lost, if it is.
    fn deliver(&mut self, envelope: &Envelope) -> Result<(), Reason> {
        let body = payload::write(envelope, SystemTime::now()).map_err(|error| {
            self.say(|| format!("can't be written: {error}"));
            Reason::InternalError
        })?;
        let answer = self.http.send(&body).map_err(|error| {
            self.say(|| format!("not delivered: {error}"));
            Reason::NetworkError
        })?;
        self.say(|| format!("{} bytes, status {} {}", body.len(), answer.status, answer.text));
        self.judge(&answer)
    }

    fn judge(&mut self, answer: &Answer) -> Result<(), Reason> {
        let Answer { status, rate_limits, retry_after, .. } = answer;
        let (rate_limits, retry_after) = (rate_limits.as_deref(), retry_after.as_deref());
        self.limits.update(*status, rate_limits, retry_after, Instant::now());
        match status {
            // With 429 the server has counted the loss.
            200..=299 | 429 => Ok(()),
            _ => Err(Reason::SendError),
        }
    }

    fn say(&self, what: impl FnOnce() -> String) {
        if self.debug {
            eprintln!("monitor: sentry envelope: {}", what());
        }
    }
}
