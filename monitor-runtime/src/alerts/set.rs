use std::fmt;
use std::time::Duration;

use super::alert::Alert;
use super::rule::AlertRule;
use super::webhook::Webhook;
use crate::config::Config;
use crate::errors::Severity;
use crate::record::Text;

const MINUTE: Duration = Duration::from_secs(60);

pub(super) type Callback = Box<dyn Fn(&Alert) + Send + Sync>;

/// Rules, and who is told when one is broken.
///
/// ```
/// use monitor_runtime::{Config, alerts::{Alerts, Webhook}};
///
/// let alerts = Alerts::defaults()
///     .with_webhook(Webhook::slack("https://hooks.slack.com/services/T000/B000/XXX"))
///     .with_callback(|alert| eprintln!("{}", alert.summary));
/// let config = Config::new().with_alerts(alerts);
/// # drop(config);
/// ```
#[must_use = "alerts do nothing until they are given to a `Config`"]
pub struct Alerts {
    pub(super) rules: Vec<AlertRule>,
    pub(super) callbacks: Vec<Callback>,
    pub(super) webhooks: Vec<Webhook>,
    pub(super) events: bool,
    pub(super) source: Text,
}

impl Default for Alerts {
    fn default() -> Self {
        let program = std::env::current_exe().ok();
        let name =
            program.as_deref().and_then(|path| path.file_stem()).map(|name| name.to_string_lossy());
        Self {
            rules: Vec::new(),
            callbacks: Vec::new(),
            webhooks: Vec::new(),
            events: true,
            source: name.map_or("program".into(), |name| name.into_owned().into()),
        }
    }
}

impl Alerts {
    /// No rules yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The rules that most services want:
    ///
    /// | rule | is broken by | severity |
    /// |---|---|---|
    /// | `error rate` | more than 10 errors within a minute | high |
    /// | `new issue` | an error of a kind that the process hasn't seen | medium |
    /// | `regression` | an error that was resolved; known to Sentry alone | medium |
    /// | `slow queries` | 95 % of the queries of 5 minutes don't end within 2 s | medium |
    /// | `slow api calls` | the same for calls of other services | medium |
    /// | `slow command` | a command that takes more than 5 s | medium |
    /// | `database errors` | more than 5 errors of the category `database` within a minute | high |
    /// | `payment failures` | any error of the category `payment` | critical |
    /// | `auth failures` | more than 10 errors of the category `auth` or `authentication` within 5 minutes, expected ones too, and three times as many as before | high |
    /// | `critical errors` | any error of the severity `critical`, such as a panic | critical |
    pub fn defaults() -> Self {
        let five = 5 * MINUTE;
        let (command, slow) = (Duration::from_secs(5), Duration::from_secs(2));
        let rules = [
            AlertRule::count("error rate", "errors.total", 10, MINUTE),
            AlertRule::new_issue("new issue").with_severity(Severity::Medium),
            AlertRule::regression("regression").with_severity(Severity::Medium),
            AlertRule::quantile("slow queries", "database.duration", 0.95, slow, five)
                .with_severity(Severity::Medium),
            AlertRule::quantile("slow api calls", "external_api.duration", 0.95, slow, five)
                .with_severity(Severity::Medium),
            AlertRule::longest("slow command", "commands.duration", command)
                .with_severity(Severity::Medium),
            AlertRule::count("database errors", "errors.total", 5, MINUTE)
                .with_attribute("error_category", "database"),
            AlertRule::count("payment failures", "errors.total", 0, MINUTE)
                .with_attribute("error_category", "payment")
                .with_severity(Severity::Critical),
            AlertRule::spike("auth failures", "errors.total", 3.0, 10, five)
                .or_metric("errors.expected")
                .with_attribute("error_category", "auth")
                .with_attribute("error_category", "authentication"),
            AlertRule::count("critical errors", "errors.total", 0, MINUTE)
                .with_attribute("severity", "critical")
                .with_severity(Severity::Critical),
        ];
        Self { rules: rules.into(), ..Self::default() }
    }

    /// Adds a rule; one of the same name is replaced.
    pub fn with_rule(mut self, rule: AlertRule) -> Self {
        self = self.without_rule(&rule.name.clone());
        self.rules.push(rule);
        self
    }

    /// Removes the rule of this name.
    pub fn without_rule(mut self, name: &str) -> Self {
        self.rules.retain(|rule| rule.name != name);
        self
    }

    /// Tells this function of each alert, at its beginning and at its end. It runs on the collector's
    /// thread, so it should be quick; where it panics nothing else is lost.
    pub fn with_callback(mut self, callback: impl Fn(&Alert) + Send + Sync + 'static) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Tells a service of each alert, at its beginning and at its end, from a thread of its own.
    pub fn with_webhook(mut self, webhook: Webhook) -> Self {
        self.webhooks.push(webhook);
        self
    }

    /// Sets whether each alert becomes an event at its beginning, with the rule's name as its
    /// fingerprint; a new issue is one already. Default: it does.
    pub fn with_events(mut self, events: bool) -> Self {
        self.events = events;
        self
    }

    /// Sets who says it, where it is said. Default: the name of the program's file.
    pub fn with_source(mut self, source: impl Into<Text>) -> Self {
        self.source = source.into();
        self
    }

    /// Whether each webhook has something to send with.
    pub(crate) fn can_send(&self) -> bool {
        self.webhooks.iter().all(Webhook::can_send)
    }

    /// The rules.
    pub fn rules(&self) -> impl Iterator<Item = &AlertRule> {
        self.rules.iter()
    }
}

impl fmt::Debug for Alerts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alerts").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// Alerts.
impl Config {
    /// Evaluates these rules in the process. Needs the feature `alerts`. Default: none.
    ///
    /// What the rules look at is counted then; it is reported as metrics only with
    /// [`with_metrics`](Self::with_metrics).
    pub fn with_alerts(mut self, alerts: Alerts) -> Self {
        self.settings.metrics.watched = true;
        self.rules.alerts = Some(alerts);
        self
    }
}
