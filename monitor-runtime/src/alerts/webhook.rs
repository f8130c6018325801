//! Alerts on their way to other services, from a thread of their own.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::alert::Alert;
use super::{pager_duty, slack};
use crate::diagnostics;

/// Alerts that may wait for a service; a rule is broken at most every other minute.
const MAX_WAITING: usize = 100;
/// Attempts to deliver one.
const ATTEMPTS: u32 = 3;
/// Before the second attempt; the third waits for twice as long.
const PAUSE: Duration = Duration::from_millis(500);

type Post = Arc<dyn Fn(&WebhookRequest) -> Result<(), String> + Send + Sync>;

/// A service that is told of alerts.
///
/// With the feature `sentry-ureq` it is sent through that feature's HTTP client; else, or if you want
/// another one, give it [`with_transport`](Self::with_transport). It is tried three times.
#[must_use = "a webhook does nothing until it is given to `Alerts`"]
pub struct Webhook {
    url: String,
    kind: Kind,
    post: Option<Post>,
}

enum Kind {
    Slack,
    PagerDuty { routing_key: String },
}

/// A `POST` of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookRequest {
    /// Where to.
    pub url: String,
    /// The JSON, to be sent as `application/json`.
    pub body: String,
}

impl Webhook {
    /// An incoming webhook of Slack: the address that Slack gave for a channel.
    pub fn slack(url: impl Into<String>) -> Self {
        Self { url: url.into(), kind: Kind::Slack, post: None }
    }

    /// PagerDuty's Events API v2: the integration key of a service. The end of an alert resolves what
    /// its beginning triggered.
    pub fn pager_duty(routing_key: impl Into<String>) -> Self {
        let kind = Kind::PagerDuty { routing_key: routing_key.into() };
        Self { url: pager_duty::URL.to_owned(), kind, post: None }
    }

    /// Sets another address, such as PagerDuty's for the EU or a proxy of your own.
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Sets how a request is sent; it says why it couldn't be. It runs on a thread of the alerts and
    /// may block.
    pub fn with_transport(
        mut self,
        post: impl Fn(&WebhookRequest) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.post = Some(Arc::new(post));
        self
    }

    /// Whether there is anything to send with.
    pub(crate) const fn can_send(&self) -> bool {
        self.post.is_some() || cfg!(feature = "sentry-ureq")
    }

    fn request(&self, alert: &Alert) -> WebhookRequest {
        let payload = match &self.kind {
            Kind::Slack => slack::payload(alert),
            Kind::PagerDuty { routing_key } => pager_duty::payload(alert, routing_key),
        };
        WebhookRequest { url: self.url.clone(), body: payload.to_string() }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address and the key are secrets.
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

/// Sends alerts to webhooks, each from a thread of its own: none waits for another.
pub(super) struct Sender {
    queues: Mutex<Vec<SyncSender<Alert>>>,
    waiting: Arc<Waiting>,
}

/// Alerts that aren't sent yet, to all webhooks together.
#[derive(Default)]
struct Waiting {
    alerts: Mutex<usize>,
    fewer: Condvar,
}

impl Sender {
    pub(super) fn start(webhooks: Vec<Webhook>) -> Self {
        let waiting: Arc<Waiting> = Arc::default();
        let queues = webhooks.into_iter().filter_map(|webhook| start(webhook, &waiting)).collect();
        Self { queues: Mutex::new(queues), waiting }
    }

    /// Puts the alert on its way; how many webhooks had no room for it.
    pub(super) fn send(&self, alert: &Alert) -> u64 {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_refused = |queue: &&SyncSender<Alert>| {
            self.waiting.change(|waiting| *waiting += 1);
            let is_sent = queue.try_send(alert.clone()).is_ok();
            if !is_sent {
                self.waiting.change(|waiting| *waiting -= 1);
            }
            !is_sent
        };
        queues.iter().filter(is_refused).count() as u64
    }

    /// Waits until all alerts are sent, for at most `timeout`.
    pub(super) fn wait(&self, timeout: Duration) {
        let waiting = self.waiting.alerts.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = self.waiting.fewer.wait_timeout_while(waiting, timeout, |waiting| *waiting > 0);
        drop(sent);
    }

    /// Ends the threads, once they have sent what they have.
    pub(super) fn close(&self) {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Waiting {
    fn change(&self, f: impl FnOnce(&mut usize)) {
        f(&mut self.alerts.lock().unwrap_or_else(PoisonError::into_inner));
        self.fewer.notify_all();
    }
}

fn start(webhook: Webhook, waiting: &Arc<Waiting>) -> Option<SyncSender<Alert>> {
    let (queue, alerts) = sync_channel(MAX_WAITING);
    let waiting = Arc::clone(waiting);
    let started = std::thread::Builder::new()
        .name("monitor-alerts".into())
        .spawn(move || send_all(&webhook, &alerts, &waiting));
    if let Err(error) = &started {
        diagnostics::warn(&format!("no thread for alerts, a webhook gets none: {error}"));
    }
    started.is_ok().then_some(queue)
}

/// Ends when the hub has let go of the queue.
fn send_all(webhook: &Webhook, alerts: &Receiver<Alert>, waiting: &Waiting) {
    crate::context::local::unobserved(|| {
        for alert in alerts {
            if let Err(why) = deliver(webhook, &webhook.request(&alert)) {
                diagnostics::warn(&format!("alert `{}` isn't delivered: {why}", alert.rule));
            }
            waiting.change(|waiting| *waiting -= 1);
        }
    });
}

fn deliver(webhook: &Webhook, request: &WebhookRequest) -> Result<(), String> {
    let mut why = String::new();
    for attempt in 0..ATTEMPTS {
        std::thread::sleep(PAUSE * attempt);
        let outcome = catch_unwind(AssertUnwindSafe(|| match &webhook.post {
            Some(post) => post(request),
            None => post(request),
        }));
        match outcome {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(reason)) => why = reason,
            Err(_) => return Err("the transport panicked".to_owned()),
        }
    }
    Err(why)
}

#[cfg(feature = "sentry-ureq")]
fn post(request: &WebhookRequest) -> Result<(), String> {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(5)))
        .build();
    let response = config
        .new_agent()
        .post(&request.url)
        .header("Content-Type", "application/json")
        .send(request.body.as_bytes())
        .map_err(|error| error.to_string())?;
    let status = response.status();
    if status.is_success() { Ok(()) } else { Err(format!("answered with {status}")) }
}

#[cfg(not(feature = "sentry-ureq"))]
fn post(_: &WebhookRequest) -> Result<(), String> {
    Err("there is no transport".to_owned())
}
