use std::io;
use std::time::Duration;

use sentry_core::client_report::Reason;

/// How long to wait before each further attempt. A server that restarts is back within that.
const WAITS: [Duration; 3] =
    [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(4)];

/// Why an envelope didn't arrive, for Sentry and for people.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) reason: Reason,
    pub(super) why: String,
    /// Further attempts that are worth it.
    retries: usize,
}

impl Failure {
    /// Something that won't be better the next time.
    pub(super) fn lasting(reason: Reason, why: impl ToString) -> Self {
        Self { reason, why: why.to_string(), retries: 0 }
    }

    /// The server couldn't be reached, or closed the connection.
    #[cfg(feature = "sentry-ureq")]
    pub(super) fn of_network(error: &ureq::Error) -> Self {
        // A server that doesn't answer has cost a long time already.
        let retries = if matches!(error, ureq::Error::Timeout(_)) { 1 } else { WAITS.len() };
        Self { reason: Reason::NetworkError, why: error.to_string(), retries }
    }

    /// What the program gave to take the bytes didn't take them.
    pub(super) fn of_sink(error: &io::Error) -> Self {
        Self { reason: Reason::NetworkError, why: error.to_string(), retries: WAITS.len() }
    }

    /// The server answered with this status, which says that it has not taken the envelope.
    pub(super) fn of_status(status: u16, text: &str) -> Self {
        // What stands before the server says that there is none at the moment.
        let retries = if matches!(status, 502..=504) { WAITS.len() } else { 0 };
        Self { reason: Reason::SendError, why: format!("status {status} {text}"), retries }
    }

    /// Whether it may be different at another time.
    pub(super) const fn is_passing(&self) -> bool {
        self.retries > 0
    }

    /// How long to wait before the next attempt, after so many; `None` if there is no use in one.
    pub(super) fn wait(&self, attempts: usize) -> Option<Duration> {
        WAITS[..self.retries].get(attempts).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let waits = |failure: Failure| (0..9).map_while(|n| failure.wait(n)).count();
        assert_eq!(waits(Failure::of_status(500, "")), 0);
        assert_eq!(waits(Failure::of_status(413, "")), 0);
        assert_eq!(waits(Failure::of_status(503, "")), 3);
        assert_eq!(waits(Failure::of_sink(&io::ErrorKind::BrokenPipe.into())), 3);
        #[cfg(feature = "sentry-ureq")]
        {
            assert_eq!(waits(Failure::of_network(&ureq::Error::HostNotFound)), 3);
            assert_eq!(waits(Failure::of_network(&ureq::Error::Timeout(ureq::Timeout::Global))), 1);
        }
    }
}
