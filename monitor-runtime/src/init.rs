//! Setting up and shutting down.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::backend::{Backend, Delivery};
use crate::config::{Config, Environment};
use crate::config_error::ConfigError;
use crate::hub::Hub;
use crate::settings::Settings;
use crate::{collect, context, diagnostics, ended, self_test};

/// Starts monitoring for the whole process.
///
/// Records go to the backends of the config, and to Sentry if there is a DSN and the feature
/// `sentry` is on. Without either they go to the console in development, and otherwise nowhere:
/// that is no error.
///
/// Keep the guard until the end of `main`: dropping it delivers what is left.
///
/// ```
/// use monitor_runtime::Config;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let _guard = monitor_runtime::init(Config::from_env()?)?;
///     // ...
///     Ok(())
/// }
/// ```
///
/// # Errors
/// When a setting can't be used. Nothing is started then.
pub fn init(mut config: Config) -> Result<Guard, ConfigError> {
    config.check().or(())?;
    diagnostics::set_debug(config.debug);
    let rate = config.effective_rate();
    let mut settings = config.settings();
    let backends = choose_backends(&mut config, &settings)?;
    if backends.is_empty() {
        diagnostics::info("monitoring is off: no SENTRY_DSN and no other backend");
        return Ok(Guard { hub: None, timeout: settings.shutdown_timeout });
    }
    for identity in backends.iter().filter_map(|backend| backend.identity()) {
        settings.tracing.identity.update(identity);
    }
    let names: Vec<_> = backends.iter().map(|backend| backend.name()).collect();
    collect::pool::set_limit(config.buffer_bytes);
    collect::set_max_spans(settings.max_spans_per_trace);
    collect::set_queue_limit(config.max_queued_events);
    context::install_panic_hook();
    let timeout = settings.shutdown_timeout;
    let rules = std::mem::take(&mut config.rules);
    let hub = Hub::open(settings, rules, backends);
    if hub.and_then(Hub::make_global).is_some() {
        diagnostics::warn("monitoring was set up before: new records go to the new backends");
    }
    announce(&config, &names, rate);
    self_test::remember(&config, &names);
    Ok(Guard { hub, timeout })
}

fn choose_backends(
    config: &mut Config,
    settings: &Settings,
) -> Result<Vec<Box<dyn Backend>>, ConfigError> {
    #[cfg_attr(
        not(any(feature = "sentry", feature = "console")),
        expect(unused_mut, reason = "only those features add a backend of their own accord")
    )]
    let mut backends = std::mem::take(&mut config.backends);
    if config.dsn.is_some() {
        #[cfg(feature = "sentry")]
        backends.push(Box::new(crate::backend::sentry::from_config(config, settings)?));
        #[cfg(not(feature = "sentry"))]
        diagnostics::warn(
            "there is a SENTRY_DSN, but the feature `sentry` of monitor-runtime is off",
        );
    }
    #[cfg(feature = "sentry")]
    if backends.is_empty()
        && let Some(backend) = crate::backend::sentry::of_program()
    {
        backends.push(Box::new(backend));
    }
    if config.spotlight.is_some() {
        #[cfg(feature = "sentry-ureq")]
        backends.push(Box::new(crate::backend::sentry::spotlight(config, settings)?));
        #[cfg(not(feature = "sentry-ureq"))]
        diagnostics::warn(
            "Spotlight is asked for, but the feature `sentry-ureq` of monitor-runtime is off",
        );
    }
    #[cfg(feature = "console")]
    if backends.is_empty() && config.environment == Environment::Development.as_str() {
        backends.push(Box::new(crate::backend::Console::stderr()));
    }
    let _ = (settings, Environment::Development);
    Ok(backends)
}

fn announce(config: &Config, names: &[&str], rate: f64) {
    let who = if names.contains(&"sentry") { "Sentry" } else { "Monitoring" };
    diagnostics::info(&format!(
        "{who} initialized successfully for environment: {} (backends: {}; traces: {rate}; \
         release: {})",
        config.environment,
        names.join(", "),
        config.release.as_deref().unwrap_or("none"),
    ));
}

/// Whether anything may be recorded here. One atomic load, outside of tests.
#[inline]
pub fn is_enabled() -> bool {
    context::local::with(|local| local.hub.get() != 0) || Hub::has_global()
}

/// Delivers what is recorded so far; blocks for at most `timeout`. Whether nothing waits any more:
/// what was refused or given up on the way is in [`delivery`].
///
/// In async code use [`flush_async`].
pub fn flush(timeout: Duration) -> bool {
    current().is_none_or(|hub| hub.flush(timeout))
}

/// As [`flush`], without blocking the executor.
pub async fn flush_async(timeout: Duration) -> bool {
    match current() {
        Some(hub) => Elsewhere::run(move || hub.flush(timeout)).await,
        None => true,
    }
}

/// Delivers what is recorded so far and stops monitoring, without blocking the executor, for at most
/// `timeout`. Whether nothing was left then; what was is counted in [`delivery`].
pub async fn shutdown(timeout: Duration) -> bool {
    match Hub::global() {
        Some(hub) => Elsewhere::run(move || hub.close(timeout)).await,
        None => true,
    }
}

/// Delivers what is recorded so far and ends the process. It takes at most the
/// [shutdown timeout](crate::Config::with_shutdown_timeout).
///
/// [`std::process::exit`] alone drops no guard and loses what is on its way.
pub fn exit(code: i32) -> ! {
    if let Some(hub) = Hub::global() {
        hub.close(hub.settings().shutdown_timeout);
    }
    std::process::exit(code)
}

/// What became of what was recorded, over all backends that know it: Sentry's by this crate's own
/// transport. Empty where there is none.
///
/// It says what has happened so far; [`flush`] first for all that was recorded. After the end these are
/// the figures of the end.
pub fn delivery() -> Delivery {
    match current() {
        Some(hub) => hub.delivery().unwrap_or_default(),
        None => ended::delivery(),
    }
}

fn current() -> Option<&'static Hub> {
    context::local::with(Hub::current)
}

/// Monitoring goes on until this is dropped; then what is left is delivered.
#[must_use = "monitoring ends when this is dropped: bind it to a name, not to `_`"]
pub struct Guard {
    hub: Option<&'static Hub>,
    timeout: Duration,
}

impl Guard {
    /// Whether there is a backend.
    pub fn is_enabled(&self) -> bool {
        self.hub.is_some()
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").field("enabled", &self.is_enabled()).finish_non_exhaustive()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.take() {
            hub.close(self.timeout);
        }
    }
}

/// The result of a function that runs on a thread of its own.
struct Elsewhere {
    shared: Arc<Mutex<Progress>>,
}

#[derive(Default)]
struct Progress {
    result: Option<bool>,
    waker: Option<Waker>,
}

impl Elsewhere {
    fn run(f: impl FnOnce() -> bool + Send + 'static) -> Self {
        let shared = Arc::new(Mutex::new(Progress::default()));
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("monitor-flush".into()).spawn(move || {
            theirs.finish(f());
        });
        if thread.is_err() {
            shared.finish(false);
        }
        Self { shared }
    }
}

trait Finish {
    fn finish(&self, result: bool);
}

impl Finish for Mutex<Progress> {
    fn finish(&self, result: bool) {
        let waker = {
            let mut progress = self.lock().unwrap_or_else(PoisonError::into_inner);
            progress.result = Some(result);
            progress.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Elsewhere {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let mut progress = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        match progress.result {
            Some(result) => Poll::Ready(result),
            None => {
                progress.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
