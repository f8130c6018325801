use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::alert::{Alert, AlertState};
use super::issues::Issues;
use super::rule::{AlertRule, Condition};
use super::set::{Alerts, Callback};
use super::watched::{Found, Watched};
use super::webhook::Sender;
use crate::context::{Moment, cut, local};
use crate::hub::{Hub, Periodic, Tick};
use crate::metrics::Series;
use crate::record::{Event, EventKind, Level, Mechanism, MetricKind, Text};
use crate::settings::Settings;

/// How often rules are evaluated.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a flush waits for webhooks.
const WAIT: Duration = Duration::from_secs(2);
/// Bytes of an error's text in a summary.
const MAX_TITLE: usize = 300;

/// The rules of one hub, and what they have seen.
pub(crate) struct HubAlerts {
    rules: Vec<AlertRule>,
    callbacks: Vec<Callback>,
    webhooks: Sender,
    events: bool,
    source: Text,
    environment: Option<Text>,
    release: Option<Text>,
    /// Only the collector's thread asks for it, and holds it while no code of the program runs.
    state: Mutex<State>,
}

struct State {
    /// One a rule.
    watched: Vec<Watched>,
    /// When each rule was broken.
    since: Vec<Option<SystemTime>>,
    /// The rules that look at a series.
    by_series: HashMap<u32, Vec<usize>>,
    issues: Issues,
    next: Duration,
}

/// Evaluates a hub's rules.
pub(crate) struct Evaluate;

impl Periodic for Evaluate {
    fn tick(&mut self, tick: &Tick) {
        if let Some(alerts) = tick.hub.alerts() {
            alerts.tick(tick);
        }
    }
}

impl HubAlerts {
    pub(crate) fn new(alerts: Alerts, settings: &Settings) -> Self {
        let identity = &settings.tracing.identity;
        let state = State {
            watched: alerts.rules.iter().map(Watched::new).collect(),
            since: vec![None; alerts.rules.len()],
            by_series: HashMap::new(),
            issues: Issues::default(),
            next: Duration::ZERO,
        };
        Self {
            rules: alerts.rules,
            callbacks: alerts.callbacks,
            webhooks: Sender::start(alerts.webhooks),
            events: alerts.events,
            source: alerts.source,
            environment: identity.environment.clone(),
            release: identity.release.clone(),
            state: Mutex::new(state),
        }
    }

    /// Takes in what was counted or measured: a count, or the bits of a value.
    pub(crate) fn metric(&self, number: u32, series: &Series, bits: u64, now: Duration) {
        self.state(|state| {
            let State { watched, by_series, .. } = state;
            let rules = by_series.entry(number).or_insert_with(|| self.looking_at(series));
            for rule in rules {
                let Some(watched) = watched.get_mut(*rule) else { continue };
                match series.kind {
                    MetricKind::Counter => watched.add_count(now, bits),
                    MetricKind::Gauge | MetricKind::Distribution => {
                        watched.add_value(now, f64::from_bits(bits));
                    }
                }
            }
        });
    }

    fn looking_at(&self, series: &Series) -> Vec<usize> {
        let rules = self.rules.iter().enumerate();
        let about = |rule: &AlertRule| rule.is_about(series.name(), |key| series.attribute(key));
        rules.filter(|(_, rule)| about(rule)).map(|(index, _)| index).collect()
    }

    /// Takes in an event that the backends get.
    pub(crate) fn event(&self, hub: &'static Hub, event: &Event) {
        if !matches!(event.kind, EventKind::Error | EventKind::Panic) {
            return;
        }
        let rules = self.rules.iter().filter(|rule| rule.condition == Condition::NewIssue);
        let rules: Vec<_> = rules.collect();
        let identity = crate::policy::identity_of(event);
        if rules.is_empty() || !self.state(|state| state.issues.is_new(identity)) {
            return;
        }
        for rule in rules {
            let now = hub.clock().wall_time();
            let title = event.title();
            let found = Found::Begins { value: 0.0, threshold: 0.0 };
            let mut alert = self.alert(rule, found, (now, now));
            alert.summary = format!("new issue: {}", cut(&title, MAX_TITLE));
            alert.key = format!("{}:{identity:016x}", alert.key);
            self.tell(hub, &alert);
        }
    }

    /// Evaluates the rules, by the second.
    fn tick(&self, tick: &Tick) {
        let now = tick.hub.clock().wall_time();
        let found = self.state(|state| {
            if tick.now < state.next && !tick.flush {
                return Vec::new();
            }
            state.next = tick.now + INTERVAL;
            self.evaluate(state, tick.now, now)
        });
        for alert in &found {
            self.tell(tick.hub, alert);
        }
        if tick.flush {
            self.webhooks.wait(WAIT);
        }
        if tick.closing {
            self.close();
        }
    }

    /// Tells nobody any more.
    pub(crate) fn close(&self) {
        self.webhooks.close();
    }

    fn evaluate(&self, state: &mut State, now: Duration, wall: SystemTime) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let watched = state.watched.iter_mut().zip(&mut state.since);
        for (rule, (watched, since)) in self.rules.iter().zip(watched) {
            let Some(found) = watched.evaluate(rule, now) else { continue };
            let begun = *since.get_or_insert(wall);
            if matches!(found, Found::Ends { .. }) {
                *since = None;
            }
            alerts.push(self.alert(rule, found, (begun, wall)));
        }
        alerts
    }

    fn alert(
        &self,
        rule: &AlertRule,
        found: Found,
        (since, timestamp): (SystemTime, SystemTime),
    ) -> Alert {
        let (state, value, threshold) = match found {
            Found::Begins { value, threshold } => (AlertState::Firing, value, threshold),
            Found::Ends { value, threshold } => (AlertState::Resolved, value, threshold),
        };
        Alert {
            rule: rule.name.clone(),
            state,
            severity: rule.severity,
            value,
            threshold,
            window: rule.window,
            summary: summary(rule, state, value, threshold),
            since,
            timestamp,
            environment: self.environment.clone(),
            release: self.release.clone(),
            source: self.source.clone(),
            key: format!("{}/{}", self.source, rule.name),
        }
    }

    fn tell(&self, hub: &'static Hub, alert: &Alert) {
        for callback in &self.callbacks {
            let outcome = catch_unwind(AssertUnwindSafe(|| callback(alert)));
            if outcome.is_err() {
                crate::diagnostics::warn("a callback for alerts panicked");
            }
        }
        hub.losses().alerts(self.webhooks.send(alert));
        let is_event = alert.threshold > 0.0 || alert.value > 0.0;
        if self.events && is_event && alert.state == AlertState::Firing {
            crate::collect::send_event(hub, event_of(hub, alert));
        }
    }

    fn state<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn summary(rule: &AlertRule, state: AlertState, value: f64, threshold: f64) -> String {
    let (is, than) = match state {
        AlertState::Firing => ("", "over"),
        AlertState::Resolved => ("again ", "of at most"),
    };
    let metrics = rule.metrics.join(" and ");
    let seconds = rule.window.as_secs();
    match rule.condition {
        Condition::Count { .. } | Condition::Spike { .. } => {
            format!(
                "{metrics} is {is}{value:.0} within {seconds} s, {than} the limit {threshold:.0}"
            )
        }
        Condition::Quantile { share, .. } => format!(
            "p{:.0} of {metrics} is {is}{value:.0} ms, {than} the limit {threshold:.0} ms",
            share * 100.0
        ),
        Condition::Longest { .. } => {
            format!("{metrics} is {is}{value:.0} ms, {than} the limit {threshold:.0} ms")
        }
        Condition::NewIssue | Condition::Regression => rule.name.to_string(),
    }
}

fn event_of(hub: &'static Hub, alert: &Alert) -> Event {
    let mut event = local::with(|local| Moment::now(local, hub).event());
    event.kind = EventKind::Message;
    event.mechanism = Mechanism::handled("alert");
    event.timestamp = alert.timestamp;
    event.level = match alert.severity.level() {
        // It is about many errors, none of which ended the program.
        Level::Fatal => Level::Error,
        level => level,
    };
    event.message = Some(format!("Alert: {}: {}", alert.rule, alert.summary).into());
    event.fingerprint = vec!["alert".into(), alert.rule.clone()];
    event.tags.push(("alert.rule".into(), alert.rule.to_string()));
    event.tags.push(("alert.severity".into(), alert.severity.to_string()));
    event.contexts.push((
        "alert".into(),
        vec![
            ("rule".into(), alert.rule.clone().into()),
            ("value".into(), alert.value.into()),
            ("limit".into(), alert.threshold.into()),
            ("window_seconds".into(), alert.window.as_secs().into()),
        ],
    ));
    event
}
