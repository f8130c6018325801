use std::io;
use std::sync::Arc;

use super::failure::Failure;
#[cfg(feature = "sentry-ureq")]
use super::http::Http;

/// Takes the bytes of an envelope.
pub(in crate::backend::sentry) type Sink = Arc<dyn Fn(&[u8]) -> io::Result<()> + Send + Sync>;

/// What carries bytes.
pub(super) enum Carrier {
    #[cfg(feature = "sentry-ureq")]
    Http(Box<Http>),
    /// A function of the program's.
    Sink(Sink),
}

/// What the receiver said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) rate_limits: Option<String>,
    pub(super) retry_after: Option<String>,
    /// What it says about an error.
    pub(super) text: String,
}

impl Carrier {
    /// Sends one envelope.
    pub(super) fn send(&self, body: &[u8]) -> Result<Answer, Failure> {
        match self {
            #[cfg(feature = "sentry-ureq")]
            Self::Http(http) => http.send(body).map_err(|error| Failure::of_network(&error)),
            Self::Sink(sink) => match sink(body) {
                Ok(()) => Ok(Answer {
                    status: 200,
                    rate_limits: None,
                    retry_after: None,
                    text: String::new(),
                }),
                Err(error) => Err(Failure::of_sink(&error)),
            },
        }
    }

    /// Who receives, in a word.
    pub(super) const fn receiver(&self) -> &'static str {
        match self {
            #[cfg(feature = "sentry-ureq")]
            Self::Http(http) => http.receiver(),
            Self::Sink(_) => "the sink",
        }
    }

    /// Spotlight, which runs beside a developer's program, is there or isn't.
    pub(super) fn is_worth_waiting_for(&self) -> bool {
        self.receiver() != "Spotlight"
    }
}
