//! Alerts as code: rules over the process's own metrics and errors, evaluated in the process, and the
//! same rules for Sentry's API.
//!
//! Needs the feature `alerts`. [`Alerts::defaults`] has the rules that most services want;
//! [`Config::with_alerts`](crate::Config::with_alerts) switches them on. They are evaluated by the
//! second, on the collector's thread.

mod alert;
mod engine;
mod export;
mod issues;
mod pager_duty;
mod rule;
mod set;
mod slack;
mod watched;
mod webhook;
mod window;

pub use alert::{Alert, AlertState};
pub(crate) use engine::{Evaluate, HubAlerts};
pub use export::ApiRequest;
pub use rule::AlertRule;
pub use set::Alerts;
pub use webhook::{Webhook, WebhookRequest};
