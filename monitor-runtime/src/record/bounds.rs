//! How much is kept of what a program sets by hand. It lies in scopes for as long as they live, and
//! there may be a hundred breadcrumbs in each.

use std::borrow::Cow;

use super::{Attributes, Breadcrumb, Text, User, Value};

/// Bytes of one text. The scrubber keeps 16 KiB, and looks at some of what stands behind its cut.
const BYTES: usize = 17 * 1024;
/// Values of one list or map, as many as the scrubber keeps.
const VALUES: usize = 1000;

pub(crate) fn bounded_user(mut user: User) -> User {
    let texts = [&mut user.id, &mut user.username, &mut user.email, &mut user.ip_address];
    texts.into_iter().flatten().for_each(cut);
    user.data = bounded_values(user.data);
    user
}

pub(crate) fn bounded_breadcrumb(mut breadcrumb: Breadcrumb) -> Breadcrumb {
    cut_text(&mut breadcrumb.category);
    cut_text(&mut breadcrumb.message);
    breadcrumb.data = bounded_values(breadcrumb.data);
    breadcrumb
}

pub(crate) fn bounded_values(mut values: Attributes) -> Attributes {
    if values.len() > VALUES {
        values.truncate(VALUES);
        values.shrink_to_fit();
    }
    for (key, value) in &mut values {
        cut_text(key);
        bound(value);
    }
    values
}

fn bound(value: &mut Value) {
    match value {
        Value::Text(text) => cut_text(text),
        Value::List(values) => {
            values.truncate(VALUES);
            values.iter_mut().for_each(bound);
        }
        Value::Map(values) => *values = bounded_values(std::mem::take(values)),
        _ => {}
    }
}

fn cut_text(text: &mut Text) {
    match text {
        Cow::Borrowed(text) => *text = &text[..end(text)],
        Cow::Owned(text) => cut(text),
    }
}

fn cut(text: &mut String) {
    let end = end(text);
    if end < text.len() {
        text.truncate(end);
        text.shrink_to_fit();
    }
}

/// Where a text ends: with a whole character.
fn end(text: &str) -> usize {
    if text.len() <= BYTES {
        return text.len();
    }
    (0..=BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lists_and_maps_are_cut() {
        let long = || "ü".repeat(BYTES);
        let crumb = Breadcrumb::new("a", long())
            .with("deep", vec![Value::from(vec![Value::from(long())]); VALUES + 1]);
        let crumb = bounded_breadcrumb(crumb);
        assert_eq!(crumb.message.len(), BYTES);
        let Value::List(lists) = &crumb.data[0].1 else { panic!("{crumb:?}") };
        assert_eq!(lists.len(), VALUES);
        assert_eq!(lists[0], Value::from(vec![Value::from("ü".repeat(BYTES / 2))]));
        let user = bounded_user(User::new(long()).with("key", long()));
        assert_eq!(user.id.unwrap().len(), BYTES);
        let many = (0..VALUES + 5).map(|key| (key.to_string().into(), 1.into())).collect();
        assert_eq!(bounded_values(many).len(), VALUES);
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let crumb = Breadcrumb::new("auth", "token refreshed").with("attempt", 2);
        assert_eq!(bounded_breadcrumb(crumb.clone()), crumb);
    }
}
