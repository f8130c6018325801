//! Takes out of messages what an error says is sensitive.

use super::chain::MAX_ERROR_TEXT;
use crate::errors::ErrorClass;
use crate::record::Exception;

/// What stands for a text that was taken out, as in every Sentry SDK.
const FILTERED: &str = "[Filtered]";

pub(super) fn exceptions(exceptions: &mut [Exception], class: &ErrorClass) {
    for exception in exceptions {
        if class.hides_text {
            FILTERED.clone_into(&mut exception.value);
            continue;
        }
        for secret in &class.secrets {
            remove(&mut exception.value, secret);
        }
    }
}

fn remove(text: &mut String, secret: &str) {
    let was_cut = text.len() + 4 > MAX_ERROR_TEXT;
    if text.contains(secret) {
        *text = text.replace(secret, FILTERED);
    }
    // The cut may have gone through the secret.
    if was_cut && let Some(at) = beginning_at_the_end(text, secret) {
        text.truncate(at);
        text.push_str(FILTERED);
    }
}

/// Where the longest end of `text` starts that `secret` begins with.
fn beginning_at_the_end(text: &str, secret: &str) -> Option<usize> {
    let from = text.len().saturating_sub(secret.len());
    (from..text.len())
        .filter(|at| text.is_char_boundary(*at))
        .find(|at| secret.starts_with(&text[*at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_wherever_they_stand() {
        let mut text = String::from("card 4111 declined, 4111!");
        remove(&mut text, "4111");
        assert_eq!(text, "card [Filtered] declined, [Filtered]!");
    }

    #[test]
    fn a_secret_that_was_cut_goes_too() {
        let mut text = "x".repeat(MAX_ERROR_TEXT - 3) + "abc";
        remove(&mut text, "abcdef");
        assert!(text.ends_with("x[Filtered]"), "{}", &text[MAX_ERROR_TEXT - 20..]);
    }
}
