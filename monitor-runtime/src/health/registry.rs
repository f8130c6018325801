use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::check::HealthCheck;
use super::events;
use super::report::HealthReport;
use super::run::Run;

/// How long a check may take unless it says something else: what Kubernetes and load balancers wait
/// for is of this order, and a database that takes longer isn't well.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// The checks of a program.
///
/// A run starts all of them at once. One that fails, panics or doesn't answer in time is unhealthy,
/// and the others go on. If any is, the run sends one event `Health check failed` at level error,
/// whose context `health_check` has what each check says.
///
/// ```
/// use std::time::Duration;
/// use monitor_runtime::{HealthCheck, HealthRegistry, health_check};
///
/// #[health_check(name = "database")]
/// async fn database() -> Result<(), std::io::Error> {
///     Ok(())
/// }
///
/// let registry = HealthRegistry::new()
///     .with_timeout(Duration::from_secs(2))
///     .with(database::check())
///     .with(HealthCheck::blocking("disk", || std::path::Path::new("/").exists()));
///
/// let report = registry.run_blocking(); // or: registry.run().await
/// assert_eq!(report.status_code(), 200);
/// println!("{}", report.to_json());
/// ```
#[derive(Clone, Debug)]
pub struct HealthRegistry {
    checks: Vec<HealthCheck>,
    timeout: Duration,
}

impl Default for HealthRegistry {
    fn default() -> Self {
        Self { checks: Vec::new(), timeout: DEFAULT_TIMEOUT }
    }
}

impl HealthRegistry {
    /// A registry without checks, which is healthy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check.
    #[must_use]
    pub fn with(mut self, check: HealthCheck) -> Self {
        self.checks.push(check);
        self
    }

    /// Sets how long each check may take that doesn't say so itself. Default: 5 s.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Runs all checks at once, and reports if one fails. Works on any executor.
    ///
    /// A check that blocks inside of an async function holds the others up, as it does everything
    /// else of its task: make it [`HealthCheck::blocking`]. A run costs a thread for its timeouts, and
    /// one for each check that blocks.
    pub async fn run(&self) -> HealthReport {
        let started = Instant::now();
        let checks = Run::start(&self.checks, self.timeout).await;
        let report = HealthReport { checks, duration: started.elapsed() };
        events::report(&report);
        report
    }

    /// The same where there is no executor: blocks the thread, for as long as the longest timeout at
    /// most. Checks that need the executor's own timers or sockets fail here.
    pub fn run_blocking(&self) -> HealthReport {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut run = pin!(self.run());
        loop {
            if let Poll::Ready(report) = run.as_mut().poll(&mut Context::from_waker(&waker)) {
                return report;
            }
            thread::park();
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
