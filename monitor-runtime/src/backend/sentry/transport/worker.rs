use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use sentry_core::Envelope;
use sentry_core::client_report::{Reason, Recorder};

use super::http::{Answer, Http};
use super::payload;
use super::queue::Queue;
use super::rate_limits::RateLimits;
use crate::diagnostics;

/// Why an envelope is lost, for Sentry and for people.
type Lost = (Reason, String);

/// Sends one envelope after the other until the queue is closed.
pub(super) struct Worker {
    queue: Arc<Queue>,
    http: Http,
    limits: RateLimits,
    losses: Recorder,
    debug: bool,
    /// Whether the last envelope was lost.
    failing: bool,
}

impl Worker {
    pub(super) fn new(queue: Arc<Queue>, http: Http, losses: Recorder, debug: bool) -> Self {
        Self { queue, http, limits: RateLimits::default(), losses, debug, failing: false }
    }

    pub(super) fn run(mut self) {
        while let Some(envelope) = self.queue.next() {
            let limited = self.limits.filter(envelope, &self.losses, Instant::now());
            let Some(envelope) = limited else {
                self.say(|| "held back: the server's rate limits".to_owned());
                continue;
            };
            let delivered = catch_unwind(AssertUnwindSafe(|| self.deliver(&envelope)));
            match delivered {
                Ok(Ok(())) => self.failing = false,
                Ok(Err(loss)) => self.lose(&envelope, loss),
                Err(_) => self.lose(&envelope, (Reason::InternalError, "a panic".to_owned())),
            }
        }
    }

    fn deliver(&mut self, envelope: &Envelope) -> Result<(), Lost> {
        let body = payload::write(envelope, SystemTime::now())
            .map_err(|error| (Reason::InternalError, error.to_string()))?;
        let answer =
            self.http.send(&body).map_err(|error| (Reason::NetworkError, error.to_string()))?;
        self.say(|| format!("{} bytes, status {} {}", body.len(), answer.status, answer.text));
        self.judge(answer)
    }

    fn judge(&mut self, answer: Answer) -> Result<(), Lost> {
        let Answer { status, rate_limits, retry_after, text } = answer;
        let (rate_limits, retry_after) = (rate_limits.as_deref(), retry_after.as_deref());
        self.limits.update(status, rate_limits, retry_after, Instant::now());
        match status {
            // With 429 the server has counted the loss.
            200..=299 | 429 => Ok(()),
            _ => Err((Reason::SendError, format!("status {status} {text}"))),
        }
    }

    /// Counts a loss, and says so where it is the first one after a success.
    fn lose(&mut self, envelope: &Envelope, (reason, why): Lost) {
        self.losses.record_lost_data(envelope, reason);
        self.say(|| format!("lost: {why}"));
        if !self.failing {
            diagnostics::warn(&format!("Sentry doesn't take what is sent: {why}"));
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
