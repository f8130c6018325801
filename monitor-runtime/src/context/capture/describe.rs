//! What an event says beside the error: what the error says of itself, what the attribute says, and
//! the context `error`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::text::cut;
use super::chain::sources;
use super::{category, redact, traceback};
use crate::callsite::Callsite;
use crate::errors::{ErrorClass, Severity, any_known, known};
use crate::groups;
use crate::record::{Attributes, ErrorGroup, ErrorView, Event, Failure, Text, Value};

/// Characters of a statement that are kept.
const MAX_QUERY: usize = 500;
/// Bytes of the message in the context; the exception has all of it.
const MAX_MESSAGE: usize = 1024;

/// Whether an error may say anything of itself: most don't.
#[inline]
pub(super) fn may_say(failure: &Failure<'_>) -> bool {
    failure.view.monitored().is_some() || any_known()
}

/// What the error says of itself, or else the nearest of its sources that says anything. Runs code
/// of the program.
pub(super) fn class(failure: &Failure<'_>) -> Option<ErrorClass> {
    let classed = failure.view.monitored().or_else(|| match failure.view {
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
    let Some(group) = error_group(event, site, class) else { return };
    let mut context = group.values();
    if !class.values.is_empty() {
        context.push(("custom_context".into(), Value::Map(class.values.clone())));
    }
    event.contexts.push(("error".into(), context));
}

/// What the context says beside values of the error's own.
pub(super) fn error_group(
    event: &Event,
    site: Option<&Callsite>,
    class: &ErrorClass,
) -> Option<ErrorGroup> {
    let error = event.exceptions.first()?;
    let severity = class.severity.unwrap_or(Severity::of(event.level));
    Some(ErrorGroup {
        type_name: error.type_name.clone(),
        message: cut(&error.value, MAX_MESSAGE).to_owned(),
        traceback_hash: traceback::hash(&event.exceptions, &event.path),
        category: category::of(event, site, class),
        severity: severity.as_str(),
        module: error.module.clone(),
        variant: class.variant.map(Text::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_cut_at_500_characters() {
        let mut query = Value::from("ü".repeat(600));
        cut_query(&mut query);
        assert_eq!(query.as_str().map(|text| text.chars().count()), Some(500));
    }
}
