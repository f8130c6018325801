//! Tags that Sentry takes.

use std::borrow::Cow;
use std::sync::Arc;

use crate::context::Scope;
use crate::record::{Event, Text};

/// Characters of a tag's name and of its value: what Sentry keeps. It refuses longer ones.
const MAX_CHARS: usize = 200;

/// Makes the tags of an event such that Sentry takes them; how many had to be changed.
pub(super) fn fit_event(event: &mut Event) -> u64 {
    let mut changed = 0;
    for (key, value) in &mut event.tags {
        let (new_key, new_value) = fit(key, value);
        changed += u64::from(new_key.is_some() || new_value.is_some());
        if let Some(new) = new_key {
            *key = Text::Owned(new);
        }
        if let Some(new) = new_value {
            *value = new;
        }
    }
    changed + fit_scope(&mut event.scope)
}

/// The same for the tags of a scope, which is copied only if one changes.
pub(super) fn fit_scope(scope: &mut Arc<Scope>) -> u64 {
    let mut changed = 0;
    for at in 0..scope.tags.len() {
        let (key, value) = &scope.tags[at];
        let (new_key, new_value) = fit(key, value);
        changed += u64::from(new_key.is_some() || new_value.is_some());
        if let Some(new) = new_key {
            Arc::make_mut(scope).tags.make_mut()[at].0 = Text::Owned(new);
        }
        if let Some(new) = new_value {
            Arc::make_mut(scope).tags.make_mut()[at].1 = new.into();
        }
    }
    changed
}

/// The name and the value, where they have to be changed.
fn fit(key: &str, value: &str) -> (Option<String>, Option<String>) {
    let in_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-' | ' ');
    let key_char = |c: char| if in_key(c) { c } else { '_' };
    let value_char = |c: char| if matches!(c, '\n' | '\r') { ' ' } else { c };
    (changed(key, key_char), changed(value, value_char))
}

fn changed(text: &str, replace: impl Fn(char) -> char) -> Option<String> {
    let fits = text.len() <= MAX_CHARS && text.chars().all(|c| replace(c) == c);
    if fits {
        return None;
    }
    let new: Cow<'_, str> = text.chars().take(MAX_CHARS).map(replace).collect();
    (new != text).then(|| new.into_owned())
}
