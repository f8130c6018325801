//! What is counted of annotated calls and of errors without a word.

use std::borrow::Cow;
use std::sync::Arc;

use super::by_hand::MILLISECOND;
use super::hub_metrics::is_on;
use super::instrument::{Instrument, Label, Named};
use crate::callsite::{Callsite, flag};
use crate::clock;
use crate::collect::Plain;
use crate::context::seen::FieldValue;
use crate::context::{Scope, scope};
use crate::errors::ErrorClass;
use crate::record::{Attributes, Event, MetricKind, Status, Value};

pub(super) const ERRORS: &str = "errors.total";
/// Errors within the last minute.
pub(super) const ERROR_RATE: &str = "errors.rate";

/// Counts what a user did: `user_activity`, with the kind of activity and the guild, or `dm` outside
/// of one. `#[command]` does it by itself, with the activity `command` and the id in the context
/// `guild`.
///
/// ```
/// monitor_runtime::metrics::user_activity("reaction", Some("81384788765712384"));
/// ```
pub fn user_activity(activity_type: &str, guild_id: Option<&str>) {
    static ACTIVITY: Instrument = Instrument::counter("user_activity");
    if is_on() {
        let guild = guild_id.unwrap_or("dm");
        ACTIVITY.add(1, &[("activity_type", text(activity_type)), ("guild_id", text(guild))]);
    }
}

/// An annotated call, as it ended.
pub(crate) struct Ended {
    pub(crate) site: &'static Callsite,
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    /// What an HTTP server answered.
    pub(crate) code: Option<u64>,
}

/// Counts a call. Its own scope is still current.
pub(crate) fn call_ended(ended: &Ended) {
    let Ended { site, status, .. } = *ended;
    if let Some((calls, duration)) = site.details.metered {
        let labels = [("status", text(status.as_str()))];
        count(calls, &labels);
        time(duration, ended.nanos, &labels);
    }
    let scope = if site.has(flag::SCOPED) { scope::current() } else { None };
    let said = Said { site, scope };
    match site.details.capture.kind {
        Some("database") => database(ended, &said),
        Some("api") => api(ended, &said),
        Some("command") => command(ended, &said),
        _ => {}
    }
}

fn database(ended: &Ended, said: &Said) {
    let (operation, table) = (said.detail("operation"), said.detail("table"));
    let labels = [("operation", plain(&operation)), ("table", plain(&table))];
    let ok = ("success", bool(ended.status.is_ok()));
    count("database.operations", &[labels[0], labels[1], ok]);
    time("database.duration", ended.nanos, &labels);
}

fn api(ended: &Ended, said: &Said) {
    let (service, endpoint) = (said.detail("service"), said.detail("endpoint"));
    let labels = [("service", plain(&service)), ("endpoint", plain(&endpoint))];
    let success = match ended.code {
        Some(code) => (200..300).contains(&code),
        None => ended.status.is_ok(),
    };
    let code = ended
        .code
        .map_or(FieldValue::Plain(Plain::Null), |code| FieldValue::Plain(Plain::U64(code)));
    let all = [labels[0], labels[1], ("status_code", code), ("success", bool(success))];
    count("external_api.calls", &all);
    time("external_api.duration", ended.nanos, &labels);
}

fn command(ended: &Ended, said: &Said) {
    let (name, kind, group) = (said.detail("name"), said.detail("kind"), said.detail("group"));
    let labels = [
        ("command_name", plain(&name)),
        ("command_type", plain(&kind)),
        ("cog_name", plain(&group)),
    ];
    let ok = ("success", bool(ended.status.is_ok()));
    count("commands.executed", &[labels[0], labels[1], labels[2], ok]);
    time("commands.duration", ended.nanos, &labels[..1]);
    let outside = scope::current();
    let guild = outside.as_deref().and_then(|scope| value_in(scope, "guild", "id"));
    let guild = guild.map(Value::to_string);
    user_activity("command", guild.as_deref());
}

/// What the attribute says of what the function does.
struct Said {
    site: &'static Callsite,
    /// Of the call itself: what isn't a literal is there.
    scope: Option<Arc<Scope>>,
}

impl Said {
    fn detail(&self, key: &str) -> Option<Cow<'static, str>> {
        let literal = self.site.details.capture.details.iter().find(|(known, _)| *known == key);
        if let Some((_, value)) = literal {
            return Some(Cow::Borrowed(value));
        }
        let value = find(&self.scope.as_ref()?.details, key)?;
        Some(Cow::Owned(value.to_string()))
    }
}

/// Counts an error that became an event.
pub(crate) fn error_captured(event: &Event) {
    if !is_on() {
        return;
    }
    let in_context = |name: &str, key: &str| {
        let own = event.contexts.named(name);
        own.and_then(|values| find(values, key)).or_else(|| value_in(&event.scope, name, key))
    };
    let type_name = event.exceptions.first().map(|error| error.type_name.as_ref());
    let labels = [
        ("error_type", type_name.map_or(FieldValue::Plain(Plain::Null), text)),
        ("error_category", value(in_context("error", "category"))),
        ("severity", value(in_context("error", "severity"))),
        ("command_type", value(in_context("command", "type").or(in_context("command", "kind")))),
        ("cog_name", value(in_context("command", "cog_name").or(in_context("command", "group")))),
    ];
    count(ERRORS, &labels);
}

/// Counts an error of which no event was made, because its callsite has had its share.
pub(crate) fn error_left_out(site: &'static Callsite, type_name: &str) {
    if is_on() {
        let type_name = type_name.rsplit("::").next().filter(|name| !name.is_empty());
        let kind = site.details.capture.kind;
        let null = FieldValue::Plain(Plain::Null);
        let labels = [
            ("error_type", type_name.map_or(null, text)),
            ("error_category", kind.map_or(null, text)),
        ];
        count(ERRORS, &labels);
    }
}

/// Counts an error that is part of what users do.
pub(crate) fn error_expected(type_name: &str, category: &str, class: &ErrorClass) {
    if is_on() {
        let variant = class.variant.map_or(FieldValue::Plain(Plain::Null), text);
        let labels = [
            ("error_type", text(type_name)),
            ("error_category", text(category)),
            ("variant", variant),
        ];
        count("errors.expected", &labels);
    }
}

/// When an error began to be handled, if anybody wants to know.
pub(crate) fn begin_error() -> Option<u64> {
    is_on().then(clock::now)
}

/// Measures how long an error was handled: read, and sent on its way.
pub(crate) fn error_handled(begun: Option<u64>) {
    if let Some(begun) = begun {
        let nanos = clock::to_nanos(clock::now().saturating_sub(begun));
        time("error_handling.duration", nanos, &[]);
    }
}

fn count(name: &str, labels: &[Label<'_>]) {
    let named = Named { kind: MetricKind::Counter, name, unit: None };
    named.record(named.key(), 1, labels);
}

fn time(name: &str, nanos: u64, labels: &[Label<'_>]) {
    let named = Named { kind: MetricKind::Distribution, name, unit: Some(MILLISECOND) };
    #[expect(clippy::cast_precision_loss, reason = "durations of less than 100 days are exact")]
    let millis = nanos as f64 / 1e6;
    named.record(named.key(), millis.to_bits(), labels);
}

fn value_in<'a>(scope: &'a Scope, context: &str, key: &str) -> Option<&'a Value> {
    find(scope.context(context)?, key)
}

fn find<'a>(values: &'a Attributes, key: &str) -> Option<&'a Value> {
    values.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

fn text(text: &str) -> FieldValue<'_> {
    FieldValue::Plain(Plain::Text(text))
}

fn plain<'a>(value: &'a Option<Cow<'static, str>>) -> FieldValue<'a> {
    value.as_deref().map_or(FieldValue::Plain(Plain::Null), text)
}

const fn bool(value: bool) -> FieldValue<'static> {
    FieldValue::Plain(Plain::Bool(value))
}

fn value(value: Option<&Value>) -> FieldValue<'_> {
    value.map_or(FieldValue::Plain(Plain::Null), FieldValue::of)
}
