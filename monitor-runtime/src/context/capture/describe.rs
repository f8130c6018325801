//! What an event says beside the error: what the error says of itself, what the attribute says, and
//! the context `error`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::text::cut;
use super::chain::sources;
use super::{category, redact};
use crate::callsite::Callsite;
use crate::errors::{ErrorClass, Severity, any_known, known};
use crate::groups;
use crate::record::{Attributes, ErrorView, Event, Failure, Frame, StackFrame, Text, Value};

/// Characters of a statement that are kept.
const MAX_QUERY: usize = 500;
/// Bytes of the message in the context; the exception has all of it.
const MAX_MESSAGE: usize = 1024;

/// What the error says of itself, or else the nearest of its sources that says anything. Runs code
/// of the program.
pub(super) fn class(failure: &Failure<'_>) -> Option<ErrorClass> {
    let own = failure.view.monitored();
    if own.is_none() && !any_known() {
        return None;
    }
    let classed = own.or_else(|| match failure.view {
        ErrorView::Known(error) | ErrorView::Report(error, _) => known(error),
        _ => None,
    });
    let classed = classed.or_else(|| sources(failure.view).find_map(known))?;
    catch_unwind(AssertUnwindSafe(|| classed.monitor_class())).ok()
}

/// Puts what the error says of itself on its event.
pub(super) fn by_class(event: &mut Event, class: &ErrorClass) {
    redact::exceptions(&mut event.exceptions, class);
    if let Some(level) = class.effective_level() {
        event.level = level;
    }
    event.fingerprint.clone_from(&class.fingerprint);
    if let Some(category) = &class.category {
        event.tags.push(("error.category".into(), category.to_string()));
    }
    if let Some(severity) = class.severity {
        event.tags.push(("error.severity".into(), severity.to_string()));
    }
    event.tags.extend(class.tags.iter().cloned());
    if let Some(outermost) = event.exceptions.first_mut()
        && !class.backtrace.is_empty()
    {
        outermost.frames.clone_from(&class.backtrace);
    }
}

/// Adds what the callsite's `#[capture_errors]` says, which goes before what the error says.
pub(super) fn by_callsite(event: &mut Event, site: &'static Callsite) {
    let capture = &site.details.capture;
    event.level = capture.level.unwrap_or(event.level);
    if !capture.fingerprint.is_empty() {
        event.fingerprint = capture.fingerprint.iter().map(|part| Text::Borrowed(part)).collect();
    }
    event.tags.extend(capture.tags.iter().map(|(key, value)| ((*key).into(), (*value).into())));
    if let Some(kind) = capture.kind {
        let literal =
            capture.details.iter().map(|(key, value)| (Text::Borrowed(*key), (*value).into()));
        let mut details: Attributes = literal.chain(event.scope.details.iter().cloned()).collect();
        if kind == "error_boundary" {
            details.extend(user_action(event));
        }
        by_kind(event, kind, details);
    }
}

/// What the user did last: the newest breadcrumb.
fn user_action(event: &Event) -> Option<(Text, Value)> {
    let last = event.scope.breadcrumbs.back()?;
    Some(("user_action".into(), Value::Text(last.message.clone())))
}

/// Adds what is known of the operation that failed: a context, and tags of all that is short. What
/// the scope says of the same context, such as the state of a pool, stays beside it.
pub(super) fn by_kind(event: &mut Event, kind: &'static str, mut details: Attributes) {
    let prefix = if kind == "database" { "db" } else { kind };
    for (key, value) in &mut details {
        // The attribute's word, `type` being one of the language.
        if kind == "command" && key == "kind" {
            *key = "type".into();
        }
        if key == "query" {
            cut_query(value);
        } else if key != "body" && key != "user_action" {
            event.tags.push((format!("{prefix}.{key}").into(), value.to_string()));
        }
        if kind == "command" && key == "group" {
            *key = "cog_name".into();
        }
    }
    let mut values = event.context(kind).cloned().unwrap_or_default();
    groups::merge(&mut values, details);
    event.contexts.push((kind.into(), values));
}

fn cut_query(value: &mut Value) {
    if let Value::Text(text) = value
        && let Some((end, _)) = text.char_indices().nth(MAX_QUERY)
    {
        *text = Text::Owned(text[..end].to_owned());
    }
}

/// Adds the context `error`: what the error is, in one place.
pub(super) fn error_context(event: &mut Event, site: Option<&Callsite>, class: &ErrorClass) {
    let Some(error) = event.exceptions.first() else { return };
    let severity = class.severity.unwrap_or(Severity::of(event.level));
    let mut context: Attributes = vec![
        ("type".into(), Value::Text(error.type_name.clone())),
        ("message".into(), cut(&error.value, MAX_MESSAGE).into()),
        ("traceback_hash".into(), traceback_hash(event).into()),
        ("category".into(), Value::Text(category::of(event, site, class))),
        ("severity".into(), severity.as_str().into()),
    ];
    let mut add = |key: &'static str, value: Option<Value>| {
        context.extend(value.map(|value| (key.into(), value)));
    };
    add("module", error.module.clone().map(Value::Text));
    add("variant", class.variant.map(Value::from));
    add("custom_context", (!class.values.is_empty()).then(|| Value::Map(class.values.clone())));
    event.contexts.push(("error".into(), context));
}

/// The same for errors of the same type from the same place, in each process.
fn traceback_hash(event: &Event) -> String {
    let mut hash = Fnv::new();
    for error in &event.exceptions {
        hash.add(&error.type_name);
        for StackFrame { function, file, line, .. } in &error.frames {
            hash.add(function);
            hash.add(file.as_deref().unwrap_or_default());
            hash.add(&line.unwrap_or_default().to_string());
        }
    }
    for Frame { function, module, file, line } in &event.path {
        for part in [function, module, file, line.to_string().as_str()] {
            hash.add(part);
        }
    }
    format!("{:016x}", hash.0)
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): small, and the same everywhere.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a text and an end, so that `ab`, `c` isn't `a`, `bc`.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv::new();
        for byte in *b"foobar" {
            hash.0 = (hash.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }

    #[test]
    fn queries_are_cut_at_500_characters() {
        let mut query = Value::from("ü".repeat(600));
        cut_query(&mut query);
        assert_eq!(query.as_str().map(|text| text.chars().count()), Some(500));
    }
}
