use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::on_thread::OnThread;
use super::outcome::HealthOutcome;
use crate::record::Text;

/// A check that is running.
pub(super) type Running =
    Pin<Box<dyn Future<Output = Result<Option<String>, Option<String>>> + Send>>;

/// How one part of the program is asked whether it is well.
///
/// [`#[health_check]`](macro@crate::health_check) makes one of a function without arguments: that of
/// `fn database()` is `database::check()`. What needs something to look at is a closure:
///
/// ```
/// use monitor_runtime::HealthCheck;
///
/// # struct Pool;
/// # impl Pool { fn idle(&self) -> usize { 3 } }
/// # let pool = Pool;
/// let check = HealthCheck::blocking("pool", move || pool.idle() > 0);
/// # drop(check);
/// ```
#[derive(Clone)]
pub struct HealthCheck {
    pub(super) name: Text,
    pub(super) timeout: Option<Duration>,
    start: Arc<dyn Fn() -> Running + Send + Sync>,
}

impl HealthCheck {
    /// A check that is a future. It is polled where the registry's future is, by any executor, and
    /// dropped when its time is over.
    pub fn future<F, R>(
        name: impl Into<Text>,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = R> + Send + 'static,
        R: HealthOutcome,
    {
        let start = move || -> Running {
            let check = check();
            Box::pin(async move { check.await.into_health() })
        };
        Self { name: name.into(), timeout: None, start: Arc::new(start) }
    }

    /// A check that blocks. It runs on a thread of its own. One that is still hanging from a run
    /// before isn't started again: it has failed.
    pub fn blocking<R: HealthOutcome>(
        name: impl Into<Text>,
        check: impl Fn() -> R + Send + Sync + 'static,
    ) -> Self {
        let on_thread = OnThread::new(move || check().into_health());
        let start = move || -> Running { Box::pin(on_thread.start()) };
        Self { name: name.into(), timeout: None, start: Arc::new(start) }
    }

    /// Sets how long it may take, in place of the registry's timeout.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn start(&self) -> Running {
        (self.start)()
    }
}

impl fmt::Debug for HealthCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthCheck")
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
