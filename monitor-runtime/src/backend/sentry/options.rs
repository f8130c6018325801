use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use sentry_core::types::Dsn;
use sentry_core::{ClientOptions, TransportFactory};

use super::sdk::USER_AGENT;

/// How many envelopes wait for a transport before more are dropped, and counted.
pub(super) const QUEUE: NonZeroUsize = NonZeroUsize::new(1000).unwrap();

/// What a [`SentryBackend`](super::SentryBackend) with a client of its own is made from.
#[derive(Clone)]
pub(crate) struct SentryOptions {
    /// Where to send: `https://<public key>@<host>/<project id>`.
    pub(crate) dsn: String,
    /// The version of the program, such as `app@1.2.3`.
    pub(crate) release: Option<String>,
    /// Where the program runs, such as `production`.
    pub(crate) environment: Option<String>,
    /// The machine's name.
    pub(crate) server_name: Option<String>,
    /// Whether to write to stderr what becomes of each envelope.
    pub(crate) debug: bool,
    /// Whether integrations of the client may add personal data by themselves.
    pub(crate) send_default_pii: bool,
    /// The rate that the client tells others, from 0 to 1. Transactions arrive here sampled.
    pub(crate) traces_sample_rate: f64,
    /// How long closing the client may take when nobody says.
    pub(crate) shutdown_timeout: Duration,
    /// What carries the envelopes. `None`: HTTP by this crate, with feature `sentry-ureq`.
    pub(crate) transport: Option<Arc<dyn TransportFactory>>,
}

/// Why a client could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetupError {
    /// The DSN can't be read; why.
    InvalidDsn(String),
    /// Neither a transport was given nor is one built in.
    #[cfg_attr(feature = "sentry-ureq", expect(dead_code, reason = "a transport is built in"))]
    NoTransport,
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Without the DSN itself: an old one holds a secret.
            Self::InvalidDsn(why) => write!(
                f,
                "the Sentry DSN can't be used: {why}; \
                 expected `https://<public key>@<host>/<project id>`"
            ),
            Self::NoTransport => f.write_str(
                "nothing can carry envelopes to Sentry: \
                 switch on the feature `sentry-ureq`, or set a transport",
            ),
        }
    }
}

impl std::error::Error for SetupError {}

/// Reads a DSN.
fn parse_dsn(dsn: &str) -> Result<Dsn, SetupError> {
    use sentry_core::types::ParseDsnError as Why;
    dsn.trim().parse().map_err(|error| {
        let why = match error {
            Why::InvalidUrl if dsn.trim().is_empty() => "it is empty",
            Why::InvalidUrl => "it is not a URL with a host",
            Why::InvalidScheme => "it begins with neither `https:` nor `http:`",
            Why::NoUsername => "the public key before the `@` is missing",
            Why::NoProjectId => "the project id after the host is missing",
            Why::InvalidProjectId(_) => "the project id at its end is not valid",
        };
        SetupError::InvalidDsn(why.to_owned())
    })
}

impl SentryOptions {
    pub(super) fn into_client_options(
        self,
        transport: Arc<dyn TransportFactory>,
    ) -> Result<ClientOptions, SetupError> {
        let mut client = ClientOptions::new();
        client.dsn = Some(parse_dsn(&self.dsn)?);
        client.release = self.release.map(Cow::Owned);
        client.environment = self.environment.map(Cow::Owned);
        client.server_name = self.server_name.map(Cow::Owned);
        client.debug = self.debug;
        client.send_default_pii = self.send_default_pii;
        client.shutdown_timeout = self.shutdown_timeout;
        client.user_agent = Cow::Borrowed(USER_AGENT);
        client.transport_channel_capacity = Some(QUEUE);
        client.transport = Some(transport);
        #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
        let rate = self.traces_sample_rate.max(0.0).min(1.0) as f32;
        Ok(client.traces_sample_rate(rate))
    }
}
