//! How monitoring is set up.

mod ai;
mod metrics;
mod tracing;

use std::env;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::backend::Backend;
use crate::config_error::ConfigError;
use crate::groups::ContextProvider;
use crate::policy::Rules;
use crate::record::Text;
use crate::sessions::SessionMode;
use crate::settings::Settings;

/// What [`init`](crate::init) needs to know. Everything has a default.
///
/// ```
/// use monitor_runtime::{Config, Environment};
///
/// let config = Config::preset(Environment::Staging).with_release("shop@1.4.0");
/// ```
#[must_use = "a config does nothing until it is given to `init`"]
pub struct Config {
    pub(crate) dsn: Option<String>,
    pub(crate) environment: Text,
    pub(crate) release: Option<Text>,
    pub(crate) server_name: Option<String>,
    /// `None`: what the environment's preset says.
    pub(crate) traces_sample_rate: Option<f64>,
    /// Where Spotlight listens, if it is to receive.
    pub(crate) spotlight: Option<String>,
    pub(crate) span_streaming: bool,
    pub(crate) ai_span_items: bool,
    pub(crate) ai_older_keys: bool,
    /// A folder and how many bytes it may hold.
    pub(crate) offline_spool: Option<(PathBuf, u64)>,
    pub(crate) debug: bool,
    pub(crate) buffer_bytes: usize,
    pub(crate) max_queued_events: usize,
    /// `None`: only under `#[main]`.
    pub(crate) capture_panics: Option<bool>,
    pub(crate) settings: Settings,
    pub(crate) rules: Rules,
    pub(crate) backends: Vec<Box<dyn Backend>>,
}

/// An environment with settings of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Samples 10 % of the traces.
    Production,
    /// Samples 50 % of the traces.
    Staging,
    /// Samples all traces.
    Development,
}

impl Environment {
    /// The name that Sentry shows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
        }
    }

    /// The share of traces that is sampled unless something else is said: 0.1, 0.5 or 1.
    pub const fn traces_sample_rate(self) -> f64 {
        match self {
            Self::Production => 0.1,
            Self::Staging => 0.5,
            Self::Development => 1.0,
        }
    }

    /// The environment of this name; any name that isn't known is treated as production.
    fn by_name(name: &str) -> Self {
        match name {
            "staging" => Self::Staging,
            "development" => Self::Development,
            _ => Self::Production,
        }
    }
}

/// Builds with debug assertions are for development, the others for production: Sentry's rule.
const DEFAULT_ENVIRONMENT: Environment =
    if cfg!(debug_assertions) { Environment::Development } else { Environment::Production };

impl Default for Config {
    fn default() -> Self {
        Self {
            dsn: None,
            environment: DEFAULT_ENVIRONMENT.as_str().into(),
            release: None,
            server_name: None,
            traces_sample_rate: None,
            spotlight: None,
            span_streaming: false,
            ai_span_items: true,
            ai_older_keys: false,
            offline_spool: None,
            debug: false,
            buffer_bytes: crate::collect::pool::DEFAULT_BYTES,
            max_queued_events: crate::collect::DEFAULT_QUEUE_LIMIT,
            capture_panics: None,
            settings: Settings::default(),
            rules: Rules::default(),
            backends: Vec::new(),
        }
    }
}

/// Where to start.
impl Config {
    /// The defaults, without a look at the process's environment variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// The defaults of an environment.
    pub fn preset(environment: Environment) -> Self {
        Self { environment: environment.as_str().into(), ..Self::default() }
    }

    /// The defaults, changed by the process's environment variables; see [`Config::with_env`].
    ///
    /// # Errors
    /// As [`Config::with_env`].
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::default().with_env()
    }

    /// Applies the process's environment variables, which win over what was set before:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `SENTRY_DSN` | where to send to; empty or missing: nowhere |
    /// | `SENTRY_ENVIRONMENT` | `production`, `staging`, `development` or another name |
    /// | `SENTRY_RELEASE` | such as `shop@1.4.0` |
    /// | `SENTRY_TRACES_SAMPLE_RATE` | from 0 to 1 |
    /// | `SENTRY_PROFILES_SAMPLE_RATE` | from 0 to 1; only checked: this crate has no profiler |
    /// | `SENTRY_SPOTLIGHT` | `1`, or the address: all goes to Spotlight too |
    /// | `SENTRY_DEBUG` | `true` or `false` |
    ///
    /// # Errors
    /// When a value can't be used, with all of them and what is expected instead.
    pub fn with_env(self) -> Result<Self, ConfigError> {
        self.with_vars(|name| match env::var(name) {
            Ok(value) => Some(Ok(value)),
            Err(env::VarError::NotPresent) => None,
            Err(env::VarError::NotUnicode(_)) => Some(Err(())),
        })
    }

    fn with_vars(
        mut self,
        get: impl Fn(&str) -> Option<Result<String, ()>>,
    ) -> Result<Self, ConfigError> {
        let mut problems = ConfigError::default();
        let mut read = |name| match get(name)? {
            Ok(value) => Some(value.trim().to_owned()).filter(|value| !value.is_empty()),
            Err(()) => {
                problems.add(format!("{name} is not valid UTF-8"));
                None
            }
        };
        let [dsn, environment, release] =
            ["SENTRY_DSN", "SENTRY_ENVIRONMENT", "SENTRY_RELEASE"].map(&mut read);
        let traces = read("SENTRY_TRACES_SAMPLE_RATE");
        let profiles = read("SENTRY_PROFILES_SAMPLE_RATE");
        let debug = read("SENTRY_DEBUG");
        let spotlight = read("SENTRY_SPOTLIGHT");
        self.dsn = dsn.or(self.dsn);
        self.environment = environment.map_or(self.environment, Text::Owned);
        self.release = release.map(Text::Owned).or(self.release);
        if let Some(rate) = traces {
            self.traces_sample_rate = problems.take(rate_of("SENTRY_TRACES_SAMPLE_RATE", &rate));
        }
        if let Some(rate) = profiles {
            let _checked = problems.take(rate_of("SENTRY_PROFILES_SAMPLE_RATE", &rate));
        }
        if let Some(text) = spotlight {
            self.spotlight = problems.take(crate::spotlight::address_of(&text)).flatten();
        }
        if let Some(debug) = debug {
            self.debug = problems.take(truth_of("SENTRY_DEBUG", &debug)).unwrap_or_default();
        }
        problems.append(self.check());
        problems.or(self)
    }

    /// What can't be used as it is set.
    pub(crate) fn check(&self) -> ConfigError {
        let mut problems = ConfigError::default();
        if let Some(Err(problem)) = self.dsn.as_deref().map(crate::dsn::check) {
            problems.add(problem);
        }
        problems.take(check_environment(&self.environment));
        self.check_tracing(&mut problems);
        #[cfg(feature = "alerts")]
        if self.rules.alerts.as_ref().is_some_and(|alerts| !alerts.can_send()) {
            problems.add(
                "nothing can carry alerts to a webhook; switch on the feature `sentry-ureq` of \
                 monitor-runtime, or give the webhook a transport"
                    .to_owned(),
            );
        }
        problems.take(self.release.as_deref().map_or(Ok(()), crate::release::check));
        if let Some(rate) = self.traces_sample_rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
            problems.add(format!("traces_sample_rate is {rate}; expected a number from 0 to 1"));
        }
        problems
    }

    /// The rate that is set, else that of the environment.
    pub(crate) fn effective_rate(&self) -> f64 {
        let preset = Environment::by_name(&self.environment);
        self.traces_sample_rate.unwrap_or_else(|| preset.traces_sample_rate())
    }
}

/// What can be set.
impl Config {
    /// Sets where to send to. Checked by [`init`](crate::init); an empty one means nowhere.
    pub fn with_dsn(mut self, dsn: impl Into<String>) -> Self {
        self.dsn = Some(dsn.into()).filter(|dsn| !dsn.trim().is_empty());
        self
    }

    /// Sets the environment's name. Default: `development` in builds with debug assertions,
    /// otherwise `production`.
    pub fn with_environment(mut self, environment: impl Into<Text>) -> Self {
        self.environment = environment.into();
        self
    }

    /// Sets the release, such as `shop@1.4.0`; see [`release!`](crate::release).
    pub fn with_release(mut self, release: impl Into<Text>) -> Self {
        self.release = Some(release.into());
        self
    }

    /// Sets the release unless `SENTRY_RELEASE` or the program has set one.
    pub fn with_default_release(mut self, release: impl Into<Text>) -> Self {
        self.release = self.release.or_else(|| Some(release.into()));
        self
    }

    /// Sets the machine's name, which events carry. Default: none, as it may name a person; with
    /// [`with_send_default_pii`](Self::with_send_default_pii) what Linux or Windows says.
    pub fn with_server_name(mut self, server_name: impl Into<String>) -> Self {
        self.server_name = Some(server_name.into());
        self
    }

    /// Sets the share of traces that is recorded, from 0 to 1. Errors are always recorded.
    /// Default: 0.1 in production, 0.5 in staging, 1 in development.
    pub fn with_traces_sample_rate(mut self, rate: f64) -> Self {
        self.traces_sample_rate = Some(rate);
        self
    }

    /// Sends all to [Spotlight] too, which shows it on the developer's own machine; it listens at
    /// `http://localhost:8969/stream`. Needs the feature `sentry-ureq`. Default: off.
    ///
    /// [Spotlight]: https://spotlightjs.com
    pub fn with_spotlight(mut self, address: impl Into<String>) -> Self {
        self.spotlight = Some(address.into());
        self
    }

    /// Sends spans that stand for themselves in place of transactions: Sentry's newer form, which
    /// its span protocol describes. Contexts of the scope are left out there. Needs the feature
    /// `sentry-ureq`. Default: off.
    pub fn with_span_streaming(mut self, on: bool) -> Self {
        self.span_streaming = on;
        self
    }

    /// Keeps what can't be sent to Sentry in a folder, and sends it when the server is back or the
    /// program starts again. Needs the feature `sentry-ureq`. Default: off.
    ///
    /// The folder is made if it isn't there, readable by its owner alone, and holds at most so many
    /// bytes: what is less important than an error goes for an error. Several processes may share
    /// it. What is kept has passed all filters and hooks.
    pub fn with_offline_spool(mut self, folder: impl Into<PathBuf>, max_bytes: u64) -> Self {
        self.offline_spool = Some((folder.into(), max_bytes));
        self
    }

    /// Sets whether each panic is captured, wherever it happens, with its thread, its place and a
    /// backtrace: also one that is caught later on. `#[capture_errors(panics)]` captures a panic of
    /// its function either way, once. Default: only under `#[monitor_runtime::main]`.
    pub fn with_capture_panics(mut self, capture: bool) -> Self {
        self.capture_panics = Some(capture);
        self
    }

    /// Says on stderr what this crate does. Default: off.
    pub fn with_debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// Allows what may be personal: the contents of AI calls, e-mail addresses, addresses of the
    /// net, and the values in queries. Default: off. The id and the name that the program sets on a
    /// [`User`](crate::User), and its other values, are sent either way.
    pub fn with_send_default_pii(mut self, allowed: bool) -> Self {
        self.settings.send_default_pii = allowed;
        self
    }

    /// Allows what is sent to models, wherever an attribute names it: prompts, messages, the
    /// arguments of tools, what memories are asked and given; and the first 100 characters of a
    /// prompt in the events of errors. Default: as
    /// [`with_send_default_pii`](Self::with_send_default_pii), which is off. What an attribute names
    /// isn't even evaluated while this is off.
    pub fn with_ai_inputs(mut self, allowed: bool) -> Self {
        self.settings.ai_inputs = Some(allowed);
        self
    }

    /// Allows what models answer, wherever an attribute names it: texts, the results of tools, what
    /// memories give; and what a provider says in the messages of its client's errors, which
    /// otherwise keep only the status and the error's code. Default: as
    /// [`with_send_default_pii`](Self::with_send_default_pii), which is off.
    pub fn with_ai_outputs(mut self, allowed: bool) -> Self {
        self.settings.ai_outputs = Some(allowed);
        self
    }

    /// Sets how many breadcrumbs a scope keeps. Default: 100, as in every Sentry SDK.
    pub fn with_max_breadcrumbs(mut self, max: usize) -> Self {
        self.settings.max_breadcrumbs = max;
        self
    }

    /// Sets how many feature flags a scope keeps. Default: 100, as in sentry-python.
    pub fn with_max_feature_flags(mut self, max: usize) -> Self {
        self.settings.max_feature_flags = max;
        self
    }

    /// Counts sessions, by which Sentry shows how healthy a release is: crash-free processes, or
    /// crash-free requests. They need a release; see [`with_release`](Self::with_release). Default: off.
    ///
    /// A session is errored with the first error that is captured, at level error or above, and crashed
    /// with a captured panic or an error that `main` returned. What a filter or `before_send` dropped doesn't count,
    /// and what a limit left out does.
    pub fn with_sessions(mut self, mode: SessionMode) -> Self {
        self.settings.sessions = Some(mode);
        self
    }

    /// Sets how many bytes of a recorded text are kept. Default: 1,024; at most 16,384.
    pub fn with_max_value_length(mut self, bytes: usize) -> Self {
        self.settings.max_value_length = bytes;
        self
    }

    /// Sets whether the polls of async functions are timed, for [`Span::busy`](crate::record::Span::busy) and
    /// [`Span::idle`](crate::record::Span::idle). Default: yes. It takes two looks at the clock a poll, some 20 ns,
    /// which is most of what an annotated future that waits often costs.
    ///
    /// Without it a span counts as busy all the time. A function with a limit of time is timed in any case: a slow
    /// call says how long it waited.
    pub fn with_busy_time(mut self, timed: bool) -> Self {
        self.settings.busy_time = timed;
        self
    }

    /// Sets how many spans a transaction may hold below its root, in the whole process; further ones are counted
    /// as lost. Default: 100,000, of some 50 bytes each until the root ends.
    pub fn with_max_spans(mut self, max: usize) -> Self {
        self.settings.max_spans_per_trace = max;
        self
    }

    /// Sets how much memory may hold spans on their way to the collector, in the whole process;
    /// further ones are counted as lost. Default: 64 MiB, over a million spans.
    pub fn with_buffer_size(mut self, bytes: usize) -> Self {
        self.buffer_bytes = bytes;
        self
    }

    /// Sets how many events may wait for the collector, in the whole process; further ones are
    /// counted as lost. One with many texts counts as several: one for each 4 KiB. Default: 20,000.
    pub fn with_max_queued_events(mut self, max: usize) -> Self {
        self.max_queued_events = max;
        self
    }

    /// Sets how long the guard's drop may take. Default: 2 s, as in every Sentry SDK.
    pub fn with_shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.settings.shutdown_timeout = timeout;
        self
    }

    /// Adds what events of errors say of their surroundings. It runs when an error is captured, and
    /// only then: see [`ContextProvider`].
    pub fn with_context_provider(mut self, provider: impl ContextProvider) -> Self {
        self.settings.providers.add(provider);
        self
    }

    /// Adds a backend. Each record goes to all of them, and to Sentry if there is a DSN and the
    /// feature `sentry`.
    pub fn with_backend(mut self, backend: impl Backend) -> Self {
        self.backends.push(Box::new(backend));
        self
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let backends: Vec<_> = self.backends.iter().map(|backend| backend.name()).collect();
        f.debug_struct("Config")
            // The DSN holds a key.
            .field("dsn", &self.dsn.as_ref().map(|_| "..."))
            .field("environment", &self.environment)
            .field("release", &self.release)
            .field("traces_sample_rate", &self.effective_rate())
            .field("debug", &self.debug)
            .field("settings", &self.settings)
            .field("backends", &backends)
            .finish_non_exhaustive()
    }
}

fn rate_of(name: &str, text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| format!("{name} is `{text}`; expected a number from 0 to 1, such as 0.1"))
}

/// The words that Sentry's other SDKs take.
fn truth_of(name: &str, text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "on" => Ok(true),
        "false" | "f" | "0" | "no" | "n" | "off" => Ok(false),
        _ => Err(format!("{name} is `{text}`; expected `true` or `false`")),
    }
}

/// Sentry's rule for the names of environments.
fn check_environment(name: &str) -> Result<(), String> {
    let forbidden = |c: char| c == '/' || c.is_control() || c.is_whitespace();
    if name.is_empty() || name.len() > 64 || name.contains(forbidden) || name == "None" {
        return Err(format!(
            "the environment is `{name}`; expected 1 to 64 bytes without `/` or spaces, such as \
             `production`"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::new().with_vars(|name| {
            let value = vars.iter().find(|(key, _)| *key == name)?.1;
            Some(Ok(value.to_owned()))
        })
    }

    #[test]
    fn variables_win_over_the_preset() {
        let config = from(&[
            ("SENTRY_DSN", "https://key@o1.example.org/42"),
            ("SENTRY_ENVIRONMENT", "staging"),
            ("SENTRY_RELEASE", "shop@1.4.0"),
            ("SENTRY_DEBUG", "1"),
        ])
        .unwrap();
        assert_eq!(config.effective_rate(), 0.5);
        assert_eq!(config.release.as_deref(), Some("shop@1.4.0"));
        assert!(config.debug);
        let config = from(&[("SENTRY_TRACES_SAMPLE_RATE", "0.05")]).unwrap();
        assert_eq!(config.effective_rate(), 0.05);
    }

    #[test]
    fn empty_variables_are_missing_ones() {
        let config = from(&[("SENTRY_DSN", ""), ("SENTRY_ENVIRONMENT", " ")]).unwrap();
        assert!(config.dsn.is_none());
        assert_eq!(config.environment, DEFAULT_ENVIRONMENT.as_str());
    }

    #[test]
    fn all_bad_values_are_named_at_once() {
        let error = from(&[
            ("SENTRY_DSN", "not a dsn"),
            ("SENTRY_ENVIRONMENT", "a/b"),
            ("SENTRY_RELEASE", "feature/x"),
            ("SENTRY_TRACES_SAMPLE_RATE", "10%"),
            ("SENTRY_PROFILES_SAMPLE_RATE", "NaN"),
            ("SENTRY_DEBUG", "perhaps"),
        ])
        .unwrap_err();
        assert_eq!(error.problems().len(), 6, "{error}");
        assert!(
            error.to_string().contains("SENTRY_TRACES_SAMPLE_RATE is `10%`; expected a number")
        );
    }

    #[test]
    fn presets_have_the_rates_of_their_names() {
        let rate = |environment| Config::preset(environment).effective_rate();
        assert_eq!(rate(Environment::Production), 0.1);
        assert_eq!(rate(Environment::Staging), 0.5);
        assert_eq!(rate(Environment::Development), 1.0);
    }
}
