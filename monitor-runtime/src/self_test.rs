//! Whether what is recorded arrives, and if not, why.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::backend::Delivery;
use crate::config::Config;
use crate::record::Level;

/// How the process was set up last.
static SETUP: Mutex<Option<Setup>> = Mutex::new(None);

struct Setup {
    backends: String,
    environment: String,
    release: Option<String>,
    traces_sample_rate: f64,
    /// The DSN without its key.
    server: Option<String>,
    /// Whether a client of the program's own sends to Sentry.
    has_client: bool,
}

/// Called by `init`.
pub(crate) fn remember(config: &Config, backends: &[&str]) {
    let setup = Setup {
        backends: backends.join(", "),
        environment: config.environment.to_string(),
        release: config.release.as_deref().map(str::to_owned),
        traces_sample_rate: config.effective_rate(),
        server: config.dsn.as_deref().map(|dsn| crate::dsn::without_key(dsn).to_owned()),
        has_client: backends.contains(&"sentry"),
    };
    *SETUP.lock().unwrap_or_else(PoisonError::into_inner) = Some(setup);
}

/// What [`self_test`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfTest {
    checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What it was: `set-up`, `server`, `release`, `error`, `transaction`.
    pub name: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// More of it, and what to do.
    pub text: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// As it may be, but perhaps wasn't meant.
    Doubtful,
    /// Not as it should be.
    Wrong,
}

/// Sends a message and a transaction, waits for what becomes of them for at most `timeout`, and says
/// what it found: set-up, release, sample rate, and whether both arrived.
///
/// For a start in a new place, or a page for operators: it blocks, and what it sends is seen in
/// Sentry. What else the program records meanwhile may show in the figures.
///
/// ```no_run
/// use std::time::Duration;
///
/// # let _guard = monitor_runtime::init(monitor_runtime::Config::new());
/// let found = monitor_runtime::self_test(Duration::from_secs(10));
/// println!("{found}");
/// std::process::exit(if found.is_fine() { 0 } else { 1 });
/// ```
pub fn self_test(timeout: Duration) -> SelfTest {
    let mut found = SelfTest { checks: Vec::new() };
    if !crate::is_enabled() {
        found.add(
            "set-up",
            Verdict::Doubtful,
            "monitoring is off: no SENTRY_DSN and no other backend",
        );
        return found;
    }
    let has_server = found.look_at_setup();
    let before = crate::delivery();
    let sent = crate::capture_message("Test message", Level::Info);
    crate::span!("monitor.self_test", "self test", {});
    let flushed = crate::flush(timeout);
    if has_server {
        let after = crate::delivery();
        let error = Fate::of("error", &before, &after);
        found.add_fate("error", error, flushed, &after);
        found.add_fate("transaction", Fate::of("transaction", &before, &after), flushed, &after);
    } else if sent.is_some() && flushed {
        found.add(
            "error",
            Verdict::Fine,
            "handed to the backends, which don't say what became of it",
        );
    } else {
        found.add("error", Verdict::Wrong, "the backends didn't take it in time");
    }
    found
}

impl SelfTest {
    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.checks.iter().all(|check| check.verdict != Verdict::Wrong)
    }

    /// All that was looked at.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    fn add(&mut self, name: &'static str, verdict: Verdict, text: impl Into<String>) {
        self.checks.push(Check { name, verdict, text: text.into() });
    }

    /// Whether there is a server that says what becomes of things.
    fn look_at_setup(&mut self) -> bool {
        let setup = SETUP.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(setup) = setup.as_ref() else { return false };
        let Setup { backends, environment, .. } = setup;
        self.add(
            "set-up",
            Verdict::Fine,
            format!("environment {environment}, backends {backends}"),
        );
        match &setup.server {
            Some(server) => self.add("server", Verdict::Fine, server.as_str()),
            None if setup.has_client => {
                self.add("server", Verdict::Fine, "that of the program's own Sentry client");
            }
            None => self.add("server", Verdict::Doubtful, "no SENTRY_DSN: nothing goes to Sentry"),
        }
        match &setup.release {
            Some(release) => self.add("release", Verdict::Fine, release.as_str()),
            None => self.add("release", Verdict::Doubtful, NO_RELEASE),
        }
        let rate = setup.traces_sample_rate;
        let (verdict, text) = match rate {
            0.0 => (Verdict::Doubtful, "0: no transaction is ever sent".to_owned()),
            _ => (Verdict::Fine, format!("{rate} of the traces; errors always")),
        };
        self.add("sample rate", verdict, text);
        setup.server.is_some()
    }

    fn add_fate(&mut self, name: &'static str, fate: Fate, flushed: bool, all: &Delivery) {
        let failure = all.last_failure().map(|why| format!(": {why}")).unwrap_or_default();
        match fate {
            Fate::Delivered => self.add(name, Verdict::Fine, "delivered"),
            Fate::Dropped("sample_rate") => {
                self.add(name, Verdict::Doubtful, "not sampled this time, as the sample rate says");
            }
            Fate::Dropped("spooled") => {
                self.add(name, Verdict::Wrong, format!("it waits on disk for a server{failure}"));
            }
            Fate::Dropped(reason) => {
                self.add(name, Verdict::Wrong, format!("dropped, {reason}{failure}"));
            }
            Fate::Unknown if flushed => {
                self.add(
                    name,
                    Verdict::Doubtful,
                    "the way that it took doesn't say what became of it",
                );
            }
            Fate::Unknown => {
                self.add(name, Verdict::Wrong, format!("not delivered in time{failure}"));
            }
        }
    }
}

const NO_RELEASE: &str = "none: versions can't be told apart. Set SENTRY_RELEASE, or \
                          `with_default_release(release!())`";

/// What became of one of a category.
enum Fate {
    Delivered,
    Dropped(&'static str),
    Unknown,
}

impl Fate {
    fn of(category: &str, before: &Delivery, after: &Delivery) -> Self {
        if after.delivered(category) > before.delivered(category) {
            return Self::Delivered;
        }
        let mut others = after.outcomes().filter(|(c, ..)| *c == category);
        let grown = others.find(|(_, outcome, count)| *count > before.count(category, outcome));
        grown.map_or(Self::Unknown, |(_, outcome, _)| Self::Dropped(outcome))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fine => "ok",
            Self::Doubtful => "note",
            Self::Wrong => "FAIL",
        })
    }
}

/// A line a check.
impl fmt::Display for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for Check { name, verdict, text } in &self.checks {
            write!(f, "{separator}{verdict:<5}{name}: {text}")?;
            separator = "\n";
        }
        Ok(())
    }
}
