//! What the program sends through Sentry's own functions and our client, without its secrets: the
//! scrubber is that of all other records.

use sentry_core::protocol::{
    Breadcrumb, Context, Event, Exception, IpAddress, Log, LogAttribute, Map, Metric, Request,
    User, Value,
};

use crate::context;
use crate::policy::Pipeline;
use crate::record::{self, Attributes};

/// Bytes of a text, as of an error's.
const MAX_TEXT: usize = 8192;

pub(super) fn event(mut event: Event<'static>) -> Event<'static> {
    if let Some(policy) = context::policy() {
        Scrub(policy).event(&mut event);
    }
    event
}

pub(super) fn log(mut log: Log) -> Log {
    if let Some(policy) = context::policy() {
        let scrub = Scrub(policy);
        scrub.text(&mut log.body);
        log.attributes.iter_mut().for_each(|(key, value)| scrub.attribute(key, value));
    }
    log
}

pub(super) fn metric(mut metric: Metric) -> Metric {
    if let Some(policy) = context::policy() {
        let scrub = Scrub(policy);
        metric.attributes.iter_mut().for_each(|(key, value)| scrub.attribute(key, value));
    }
    metric
}

struct Scrub<'a>(&'a Pipeline);

impl Scrub<'_> {
    fn event(&self, event: &mut Event<'static>) {
        let texts =
            event.message.iter_mut().chain(&mut event.transaction).chain(&mut event.culprit);
        texts.for_each(|text| self.text(text));
        if let Some(entry) = &mut event.logentry {
            self.text(&mut entry.message);
            entry.params.iter_mut().for_each(|value| self.named("", value));
        }
        for part in event.fingerprint.to_mut() {
            self.text(part.to_mut());
        }
        for Exception { ty, value, .. } in &mut event.exception.values {
            std::iter::once(ty).chain(value).for_each(|text| self.text(text));
        }
        event.breadcrumbs.values.iter_mut().for_each(|crumb| self.breadcrumb(crumb));
        self.tags(&mut event.tags);
        self.map(&mut event.extra);
        event.contexts.iter_mut().for_each(|(name, context)| self.context(name, context));
        event.user.iter_mut().for_each(|user| self.user(user));
        event.request.iter_mut().for_each(|request| self.request(request));
    }

    fn breadcrumb(&self, breadcrumb: &mut Breadcrumb) {
        let Breadcrumb { category, message, data, .. } = breadcrumb;
        category.iter_mut().chain(message).for_each(|text| self.text(text));
        self.map(data);
    }

    /// Those that Sentry knows have no text of the program's.
    fn context(&self, name: &str, context: &mut Context) {
        if let Context::Other(values) = context {
            match self.0.hides(name) {
                true => *values = Map::from_iter([("value".to_owned(), "[Filtered]".into())]),
                false => self.map(values),
            }
        }
    }

    fn user(&self, user: &mut User) {
        let User { id, username, email, ip_address, other } = user;
        id.iter_mut().chain(username).for_each(|text| self.text(text));
        *email = email.take().filter(|_| self.0.allows_personal_data());
        // `Auto` asks Sentry for the address of whoever sends.
        *ip_address = match ip_address.take() {
            Some(IpAddress::Exact(address)) => {
                let kept = self.0.address(&address.to_string());
                kept.and_then(|kept| kept.parse().ok()).map(IpAddress::Exact)
            }
            other => other.filter(|_| self.0.allows_personal_data()),
        };
        self.map(other);
    }

    fn request(&self, request: &mut Request) {
        let Request { url, data, query_string, cookies, headers, env, .. } = request;
        if let Some(new) = url.as_ref().and_then(|url| self.0.text(url.as_str(), MAX_TEXT)) {
            *url = new.parse().ok();
        }
        data.iter_mut().chain(query_string).for_each(|text| self.text(text));
        // A pair, as Sentry expects them.
        cookies.iter_mut().for_each(|cookies| "cookies=[Filtered]".clone_into(cookies));
        self.tags(headers);
        self.tags(env);
    }

    fn text(&self, text: &mut String) {
        if let Some(new) = self.0.text(text, MAX_TEXT) {
            *text = new;
        }
    }

    fn tags(&self, tags: &mut Map<String, String>) {
        for (key, value) in tags {
            if let Some(new) = self.0.tag(key, value) {
                *value = new;
            }
        }
    }

    fn map(&self, values: &mut Map<String, Value>) {
        values.iter_mut().for_each(|(key, value)| self.named(key, value));
    }

    fn attribute(&self, key: &str, value: &mut LogAttribute) {
        self.named(key, &mut value.0);
    }

    fn named(&self, key: &str, value: &mut Value) {
        if let Some(new) = self.0.value(key, &of_json(value)) {
            *value = super::convert::json(&new);
        }
    }
}

fn of_json(value: &Value) -> record::Value {
    match value {
        Value::Null => record::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into(),
            (None, Some(number)) => number.into(),
            (None, None) => number.as_f64().unwrap_or_default().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(values) => record::Value::List(values.iter().map(of_json).collect()),
        Value::Object(values) => record::Value::Map(pairs(values)),
    }
}

fn pairs(values: &serde_json::Map<String, Value>) -> Attributes {
    values.iter().map(|(key, value)| (key.clone().into(), of_json(value))).collect()
}
