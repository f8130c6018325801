//! What Sentry would refuse or cut, made fit before it is sent.
//!
//! The numbers and rules are those of Relay's normalisation. A value that it doesn't take is stored as
//! nothing; an event or a transaction over 1 MiB is refused whole, with status 413.

use std::borrow::Cow;
use std::io::{self, Write};

use sentry_core::protocol::{Context, Event, Map, Value};
use serde_json::to_writer;

/// Characters of a tag's key or value, and of a transaction's name.
pub(super) const NAME: usize = 200;
/// Characters of an op, of what identifies a user, and of a breadcrumb's category.
pub(super) const WORD: usize = 128;
/// Characters of an e-mail address.
pub(super) const EMAIL: usize = 75;
/// Characters of an exception's type and module.
pub(super) const TYPE: usize = 256;
/// Characters of a message, and of a text in a context or a breadcrumb.
pub(super) const TEXT: usize = 8192;
/// How deep a value may be nested; Sentry shows five levels.
pub(super) const DEPTH: usize = 8;
/// Bytes of an event's JSON; the rest up to 1 MiB is for what Sentry adds.
pub(super) const EVENT_BYTES: usize = 1_000_000;

/// What shows that a text was cut, as in Relay.
const CUT: &str = "...";

/// A tag's key and value.
pub(super) type Tag<'t> = (Cow<'t, str>, Cow<'t, str>);

/// The text, of at most so many characters.
pub(super) fn text(text: &str, max: usize) -> String {
    fitting(text, max).into_owned()
}

/// The same, not copied where it fits.
pub(super) fn fitting(text: &str, max: usize) -> Cow<'_, str> {
    // No text has more characters than bytes.
    if text.len() <= max || text.chars().nth(max).is_none() {
        return text.into();
    }
    let mut kept: String = text.chars().take(max - CUT.len()).collect();
    kept.push_str(CUT);
    kept.into()
}

/// A tag in the form that Sentry takes; `None` for one that is empty, which it doesn't take.
pub(super) fn tag(key: &str, value: &str) -> Option<(String, String)> {
    fitting_tag(key, value).map(|(key, value)| (key.into_owned(), value.into_owned()))
}

/// The same, not copied where it fits.
pub(super) fn fitting_tag<'t>(key: &'t str, value: &'t str) -> Option<Tag<'t>> {
    if key.is_empty() || value.is_empty() {
        return None;
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | ' ');
    let (mut key, mut value) = (fitting(key, NAME), fitting(value, NAME));
    // Each span has tags, and most need no other form.
    if !key.chars().all(allowed) {
        key = key.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    }
    if value.contains('\n') {
        value = value.replace('\n', " ").into();
    }
    Some((key, value))
}

/// Leaves out the largest values until the map takes at most so many bytes of JSON.
pub(super) fn data(map: &mut Map<String, Value>, max: usize) {
    let mut total = json_bytes(map);
    if total <= max {
        return;
    }
    let mut sizes: Vec<_> =
        map.iter().map(|(key, value)| (json_bytes(value) + key.len(), key.clone())).collect();
    sizes.sort();
    while let Some((bytes, key)) = sizes.pop().filter(|_| total > max) {
        total = total.saturating_sub(bytes);
        map.remove(&key);
    }
    map.insert("monitor.cut".to_owned(), true.into());
}

/// Leaves out the largest contexts until they take at most so many bytes of JSON.
pub(super) fn contexts(contexts: &mut Map<String, Context>, max: usize) {
    while json_bytes(contexts) > max {
        let largest = contexts.iter().max_by_key(|(_, context)| json_bytes(context));
        let Some(name) = largest.map(|(name, _)| name.clone()) else { return };
        contexts.remove(&name);
    }
}

/// Leaves out of an event what makes it too large: the oldest breadcrumbs first, then the largest
/// contexts, then the innermost causes. The bytes of JSON that it has then.
pub(super) fn event(event: &mut Event<'_>) -> usize {
    loop {
        let bytes = json_bytes(event);
        if bytes <= EVENT_BYTES {
            return bytes;
        }
        let breadcrumbs = &mut event.breadcrumbs.values;
        let contexts = event.contexts.iter().filter(|(name, _)| *name != "trace");
        let largest = contexts.max_by_key(|(_, context)| json_bytes(context));
        if !breadcrumbs.is_empty() {
            breadcrumbs.drain(..breadcrumbs.len().div_ceil(2));
        } else if let Some(name) = largest.map(|(name, _)| name.clone()) {
            event.contexts.remove(&name);
        } else if event.exception.values.len() > 1 {
            event.exception.values.remove(0);
        } else {
            // Only tags and a user are left.
            event.tags.clear();
            event.user = None;
            return json_bytes(event);
        }
        event.tags.insert("monitor.cut".to_owned(), "too large".to_owned());
    }
}

/// The length of a value's JSON, which isn't kept.
fn json_bytes(value: &impl serde::Serialize) -> usize {
    let mut counted = Counted(0);
    // What can't be written isn't sent either.
    let _ = to_writer(&mut counted, value);
    counted.0
}

struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sentry_core::protocol::{Breadcrumb, Exception};

    use super::*;

    #[test]
    fn texts_are_cut_at_a_character_and_say_so() {
        assert_eq!(text("Grüße", 5), "Grüße");
        assert_eq!(text("Grüße, Welt", 5), "Gr...");
        assert_eq!(text(&"ü".repeat(300), NAME).chars().count(), NAME);
    }

    #[test]
    fn tags_become_what_sentry_takes() {
        let is = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(tag("tenant", "acme"), is("tenant", "acme"));
        assert_eq!(tag("ten/änt\n", "two\nlines"), is("ten__nt_", "two lines"));
        assert_eq!(tag("", "acme"), None);
        assert_eq!(tag("tenant", ""), None);
    }

    #[test]
    fn the_largest_values_go_first() {
        let text = |length| Value::from("x".repeat(length));
        let mut map = Map::new();
        map.extend(
            [("small", 10), ("large", 500), ("larger", 600)].map(|(k, n)| (k.into(), text(n))),
        );
        let mut untouched = map.clone();
        data(&mut untouched, 2000);
        assert_eq!(untouched, map);
        data(&mut map, 700);
        assert_eq!(map.keys().collect::<Vec<_>>(), ["large", "monitor.cut", "small"]);
    }

    #[test]
    fn an_event_of_any_size_fits_and_keeps_its_error() {
        let long = || "\u{1}".repeat(8192);
        let exception =
            |_| Exception { ty: "E".into(), value: Some(long()), ..Exception::default() };
        let values = Map::from_iter((0..100).map(|i| (i.to_string(), long().into())));
        let mut large = Event {
            exception: (0..50).map(exception).collect::<Vec<_>>().into(),
            breadcrumbs: vec![Breadcrumb { message: Some(long()), ..Breadcrumb::default() }; 100]
                .into(),
            contexts: Map::from_iter([("cart".to_owned(), Context::Other(values))]),
            ..Event::new()
        };
        event(&mut large);
        assert!(json_bytes(&large) <= EVENT_BYTES);
        assert!(!large.exception.values.is_empty());
        assert_eq!(large.tags["monitor.cut"], "too large");
    }
}
