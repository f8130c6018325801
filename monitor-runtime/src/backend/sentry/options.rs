use std::borrow::Cow;
use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sentry_core::types::Dsn;
use sentry_core::{ClientOptions, TransportFactory};

use super::SentryIntegration;
use super::host_name::host_name;
use super::sdk::USER_AGENT;
use super::transport::{Carriage, Form, Sink, Spool};
use crate::config::Config;
use crate::config_error::ConfigError;
use crate::settings::Settings;

/// Enough for a burst, and with 16 KiB of JSON an envelope 16 MB.
const QUEUE: NonZeroUsize = NonZeroUsize::new(1000).unwrap();

/// What a [`SentryBackend`](super::SentryBackend) with a client of its own is made from.
///
/// [`Config::with_dsn`] is enough for most programs; these options are for one that chooses what
/// carries the envelopes.
#[derive(Clone)]
#[non_exhaustive]
pub struct SentryOptions {
    /// Where to send: `https://PUBLIC_KEY@HOST/PROJECT_ID`.
    pub dsn: String,
    /// The version of the program, such as `shop@1.4.0`. Default: none.
    pub release: Option<String>,
    /// Where the program runs, such as `production`. Default: none, which Sentry takes for
    /// `production`.
    pub environment: Option<String>,
    /// The machine's name. Default: none.
    pub server_name: Option<String>,
    /// Whether to write to stderr what becomes of each envelope. Default: no.
    pub debug: bool,
    /// Whether integrations of the client may add personal data by themselves. Default: no.
    pub send_default_pii: bool,
    /// The rate for transactions that the program starts through Sentry's own functions, from 0 to
    /// 1. What arrives here is sampled already, and tells the rate by which it was. Default: 1.
    pub traces_sample_rate: f64,
    /// How long closing the client may take when nobody says. Default: 2 s.
    pub shutdown_timeout: Duration,
    /// How long a request may take, from the first byte to the last of the answer. Default: 15 s.
    /// Of this crate's own transport; others have their own rules.
    pub http_timeout: Duration,
    /// How many envelopes wait for the transport before more are dropped, and counted. In this
    /// crate's own a large one counts as several: one for each 16 KiB of JSON. Default: 1,000.
    pub transport_channel_capacity: NonZeroUsize,
    /// A folder for what can't be sent, and how many bytes it may hold; see
    /// [`Config::with_offline_spool`]. Default: none.
    pub offline_spool: Option<(PathBuf, u64)>,
    /// Whether to send spans that stand for themselves in place of transactions; see
    /// [`Config::with_span_streaming`]. Default: no.
    pub span_streaming: bool,
    /// Whether AI calls are sent as spans that stand for themselves; see
    /// [`Config::with_ai_span_items`]. Default: yes. Of this crate's own transport.
    pub ai_span_items: bool,
    /// Whether older names of the keys of AI calls are sent, too; see
    /// [`Config::with_ai_older_keys`]. Default: no.
    pub ai_older_keys: bool,
    /// Where Spotlight listens: it takes the DSN's place.
    #[cfg(feature = "sentry-ureq")]
    pub(super) spotlight: Option<String>,
    /// What takes the bytes of envelopes in place of HTTP.
    pub(super) sink: Option<Sink>,
    /// What carries the envelopes. Default: `None`, HTTP by this crate, for which the feature
    /// `sentry-ureq` must be on.
    pub transport: Option<Arc<dyn TransportFactory>>,
}

impl SentryOptions {
    /// The defaults, with this DSN.
    pub fn new(dsn: impl Into<String>) -> Self {
        Self {
            dsn: dsn.into(),
            release: None,
            environment: None,
            server_name: None,
            debug: false,
            send_default_pii: false,
            traces_sample_rate: 1.0,
            shutdown_timeout: Duration::from_secs(2),
            http_timeout: Duration::from_secs(15),
            transport_channel_capacity: QUEUE,
            offline_spool: None,
            span_streaming: false,
            ai_span_items: true,
            ai_older_keys: false,
            #[cfg(feature = "sentry-ureq")]
            spotlight: None,
            sink: None,
            transport: None,
        }
    }

    /// Sets what carries the envelopes: any transport of the `sentry` crate, or one's own.
    #[must_use]
    pub fn with_transport(mut self, transport: impl TransportFactory + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sets a function that takes each envelope's bytes, in place of HTTP: for a tunnel, a file or a
    /// queue of the program's own. They are in
    /// [Sentry's format](https://develop.sentry.dev/sdk/data-model/envelopes/), as a request's body.
    ///
    /// It is called on the transport's thread, one envelope at a time, and may take its time. Where
    /// it returns an error the same envelope comes again, at most three times within some 5 s; then
    /// it counts as lost. A [transport](Self::with_transport) goes before it.
    ///
    /// ```
    /// use std::io::Write;
    /// use std::sync::Mutex;
    /// use monitor_runtime::SentryOptions;
    ///
    /// let file = Mutex::new(std::io::sink());
    /// let options = SentryOptions::new("https://key@example.org/1")
    ///     .with_sink(move |envelope| file.lock().unwrap().write_all(envelope));
    /// # drop(options);
    /// ```
    #[must_use]
    pub fn with_sink(
        mut self,
        sink: impl Fn(&[u8]) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.sink = Some(Arc::new(sink));
        self
    }

    pub(super) fn of(config: &Config, settings: &Settings) -> Self {
        Self {
            release: config.release.as_deref().map(str::to_owned),
            environment: Some(config.environment.to_string()),
            // It may name a person.
            server_name: config
                .server_name
                .clone()
                .or_else(|| settings.send_default_pii.then(host_name).flatten()),
            debug: config.debug,
            send_default_pii: settings.send_default_pii,
            traces_sample_rate: settings.traces_sample_rate,
            shutdown_timeout: settings.shutdown_timeout,
            offline_spool: config.offline_spool.clone(),
            span_streaming: config.span_streaming,
            ai_span_items: config.ai_span_items,
            ai_older_keys: config.ai_older_keys,
            ..Self::new(config.dsn.as_deref().unwrap_or_default())
        }
    }

    pub(super) const fn form(&self) -> Form {
        match (self.span_streaming, self.ai_span_items) {
            // Spotlight reads transactions only.
            #[cfg(feature = "sentry-ureq")]
            _ if self.spotlight.is_some() => Form::Transactions,
            (true, _) => Form::Spans,
            (false, true) => Form::AiSpans,
            (false, false) => Form::Transactions,
        }
    }

    /// What carries the bytes of our own transport.
    pub(super) fn carriage(&self) -> Result<Carriage, ConfigError> {
        match &self.sink {
            Some(sink) => Ok(Carriage::Sink(Arc::clone(sink))),
            None => self.http(),
        }
    }

    #[cfg(feature = "sentry-ureq")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature there is none")]
    fn http(&self) -> Result<Carriage, ConfigError> {
        Ok(Carriage::Http { timeout: self.http_timeout, spotlight: self.spotlight.clone() })
    }

    #[cfg(not(feature = "sentry-ureq"))]
    #[expect(clippy::unused_self, reason = "with the feature it is used")]
    fn http(&self) -> Result<Carriage, ConfigError> {
        Err(ConfigError::new(
            "nothing can carry envelopes to Sentry; switch on the feature `sentry-ureq` of \
             monitor-runtime, or give `SentryOptions` a transport or a sink",
        ))
    }

    pub(super) fn open_spool(&self) -> Result<Option<Arc<Spool>>, ConfigError> {
        let Some((folder, max_bytes)) = &self.offline_spool else { return Ok(None) };
        let spool = Spool::open(folder, *max_bytes).map_err(|error| {
            let folder = folder.display();
            ConfigError::new(format!("the folder {folder} for the offline spool: {error}"))
        })?;
        Ok(Some(Arc::new(spool)))
    }

    pub(super) fn into_client_options(
        self,
        transport: Arc<dyn TransportFactory>,
    ) -> Result<ClientOptions, ConfigError> {
        let mut client = ClientOptions::new();
        client.dsn = Some(parse_dsn(&self.dsn).map_err(ConfigError::new)?);
        client.release = self.release.map(Cow::Owned);
        client.environment = self.environment.map(Cow::Owned);
        client.server_name = self.server_name.map(Cow::Owned);
        client.debug = self.debug;
        client.send_default_pii = self.send_default_pii;
        client.shutdown_timeout = self.shutdown_timeout;
        client.user_agent = Cow::Borrowed(USER_AGENT);
        client.transport_channel_capacity = Some(self.transport_channel_capacity);
        client.transport = Some(transport);
        client.integrations.push(Arc::new(SentryIntegration::of_our_client()));
        #[expect(clippy::cast_possible_truncation, reason = "a rate needs no more digits")]
        let rate = self.traces_sample_rate as f32;
        // Outside of its range the client panics.
        Ok(client.traces_sample_rate(if (0.0..=1.0).contains(&rate) { rate } else { 1.0 }))
    }
}

impl fmt::Debug for SentryOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentryOptions")
            // The DSN holds a key.
            .field("dsn", &"...")
            .field("release", &self.release)
            .field("environment", &self.environment)
            .field("server_name", &self.server_name)
            .field("traces_sample_rate", &self.traces_sample_rate)
            .field("transport", &self.transport.as_ref().map(|_| "..."))
            .finish_non_exhaustive()
    }
}

fn parse_dsn(dsn: &str) -> Result<Dsn, String> {
    crate::dsn::check(dsn)?;
    dsn.trim().parse().map_err(|error| {
        format!("the DSN can't be read: {error}; expected https://PUBLIC_KEY@HOST/PROJECT_ID")
    })
}
