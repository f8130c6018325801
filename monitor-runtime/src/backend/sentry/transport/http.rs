use std::io::ErrorKind;
use std::time::Duration;

use sentry_core::TransportOptions;
use sentry_core::types::{Dsn, Scheme};
use ureq::tls::TlsConfig;
use ureq::{Agent, Proxy};

use super::carrier::Answer;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes; more isn't of interest.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Sends bytes to the DSN's server.
pub(super) struct Http {
    agent: Agent,
    dsn: Dsn,
    url: String,
    user_agent: String,
    receiver: &'static str,
}

impl Http {
    /// `timeout` is the time from the first byte sent to the last received.
    /// Spotlight takes the DSN's place if its address is given.
    pub(super) fn new(
        options: &TransportOptions,
        timeout: Duration,
        spotlight: Option<&str>,
    ) -> Self {
        let url = match spotlight {
            Some(url) => url.to_owned(),
            None => options.dsn.envelope_api_url().to_string(),
        };
        Self {
            agent: agent(options, timeout),
            dsn: options.dsn.clone(),
            url,
            receiver: if spotlight.is_some() { "Spotlight" } else { "Sentry" },
            user_agent: options.user_agent.to_string(),
        }
    }

    /// Who receives, in a word.
    pub(super) const fn receiver(&self) -> &'static str {
        self.receiver
    }

    /// Sends one envelope, again if the connection turns out to be closed.
    pub(super) fn send(&self, body: &[u8]) -> Result<Answer, ureq::Error> {
        match self.try_send(body) {
            // Servers close connections that were idle. Sentry knows an event by its id: should
            // the first attempt have arrived, the second changes nothing.
            Err(error) if is_closed_connection(&error) => self.try_send(body),
            result => result,
        }
    }

    fn try_send(&self, body: &[u8]) -> Result<Answer, ureq::Error> {
        let request = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/x-sentry-envelope")
            .header("X-Sentry-Auth", self.dsn.to_auth(Some(&self.user_agent)).to_string());
        #[cfg(feature = "gzip")]
        let sent = match super::gzip::compress(body) {
            Some(compressed) => request.header("Content-Encoding", "gzip").send(&compressed[..]),
            None => request.send(body),
        };
        #[cfg(not(feature = "gzip"))]
        let sent = request.send(body);
        let mut response = sent?;
        let header = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
        let rate_limits = header("x-sentry-rate-limits");
        let retry_after = header("retry-after");
        let body = response.body_mut().with_config().limit(LONGEST_ANSWER);
        // Read also when it is of no interest: the connection can be used again only then.
        let text = body.read_to_string().unwrap_or_default();
        Ok(Answer { status: response.status().as_u16(), rate_limits, retry_after, text })
    }
}

fn agent(options: &TransportOptions, timeout: Duration) -> Agent {
    let tls = TlsConfig::builder().disable_verification(options.accept_invalid_certs).build();
    let mut config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // What follows one may answer 200 to a request without the envelope.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(timeout))
        .user_agent(options.user_agent.as_ref());
    // Without one here the environment's applies.
    if let Some(proxy) = proxy(options) {
        config = config.proxy(Some(proxy));
    }
    config.build().new_agent()
}

fn proxy(options: &TransportOptions) -> Option<Proxy> {
    let https = options.https_proxy.as_ref().filter(|_| options.dsn.scheme() == Scheme::Https);
    Proxy::new(https.or(options.http_proxy.as_ref())?).ok()
}

fn is_closed_connection(error: &ureq::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    let closed = [BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof];
    matches!(error, ureq::Error::Io(error) if closed.contains(&error.kind()))
}
