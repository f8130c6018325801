//! Contents in the form of the conventions: messages as JSON in a text.

use std::borrow::Cow;

use super::super::text::cut;

/// What stands behind a content that was cut.
const CUT: &str = "...";

/// `[{"role":"user","parts":[{"type":"text","content":".."}]}]`, of at most `max` bytes unless that is
/// less than the frame.
pub(in crate::context) fn message(role: &str, content: &str, max: usize) -> String {
    let before = format!(r#"[{{"role":"{role}","parts":[{{"type":"text","content":""#);
    framed(before, content, r#""}]}]"#, max)
}

/// `[{"content":".."}]`, in the same way.
pub(in crate::context) fn records(content: &str, max: usize) -> String {
    framed(r#"[{"content":""#.to_owned(), content, r#""}]"#, max)
}

/// The content as JSON has it, between these two.
fn framed(before: String, content: &str, after: &str, max: usize) -> String {
    // Who gives a list of these gives it as it is.
    if content.starts_with("[{") {
        return shortened(content, max);
    }
    let room = max.saturating_sub(before.len() + after.len());
    let mut text = before;
    let end = text.len() + room;
    // Where it may be cut: between characters, with room for what says so.
    let mut safe = text.len();
    for letter in content.chars() {
        if text.len() + CUT.len() <= end {
            safe = text.len();
        }
        escape(letter, &mut text);
        if text.len() > end {
            text.truncate(safe);
            text.push_str(CUT);
            break;
        }
    }
    text.push_str(after);
    text
}

/// A list of texts as JSON, of at most `max` bytes: those at its end that don't fit are left out.
pub(in crate::context) fn json_list(words: &[Cow<'_, str>], max: usize) -> String {
    let mut list = String::from("[");
    for word in words {
        let before = list.len();
        list.push_str(if before == 1 { "\"" } else { ",\"" });
        word.chars().for_each(|letter| escape(letter, &mut list));
        list.push('"');
        if list.len() >= max {
            list.truncate(before);
            break;
        }
    }
    list.push(']');
    list
}

/// The text, or its beginning.
pub(in crate::context) fn shortened(content: &str, max: usize) -> String {
    if content.len() <= max {
        return content.to_owned();
    }
    format!("{}{CUT}", cut(content, max.saturating_sub(CUT.len())))
}

/// As JSON has it between quotes.
fn escape(letter: char, into: &mut String) {
    match letter {
        '"' => into.push_str("\\\""),
        '\\' => into.push_str("\\\\"),
        '\n' => into.push_str("\\n"),
        '\r' => into.push_str("\\r"),
        '\t' => into.push_str("\\t"),
        control if control < ' ' => {
            into.push_str(&format!("\\u{:04x}", u32::from(control)));
        }
        letter => into.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_message() {
        assert_eq!(
            message("user", "say \"hi\"\n\u{1}", 200),
            r#"[{"role":"user","parts":[{"type":"text","content":"say \"hi\"\n\u0001"}]}]"#
        );
        assert_eq!(message("user", r#"[{"role":"system"}]"#, 200), r#"[{"role":"system"}]"#);
        assert_eq!(records("no \"nuts\"", 200), r#"[{"content":"no \"nuts\""}]"#);
        assert_eq!(records("no nuts at all", 25), r#"[{"content":"no nut..."}]"#);
    }

    #[test]
    fn a_list_is_json_whatever_is_in_it() {
        let words = ["\n\n".into(), "say \"stop\"".into()];
        assert_eq!(json_list(&words, 100), r#"["\n\n","say \"stop\""]"#);
        assert_eq!(json_list(&words, 10), r#"["\n\n"]"#);
        assert_eq!(json_list(&words, 3), "[]");
    }

    #[test]
    fn a_cut_leaves_json() {
        for max in 0..120 {
            let text = message("user", &"ü\"".repeat(60), max);
            assert!(text.ends_with(r#"..."}]}]"#), "{text}");
            let inside = &text[..text.len() - 8];
            assert!(!inside.ends_with('\\'), "{text}");
            assert!(text.len() <= max.max(62), "{max}: {}", text.len());
        }
        assert_eq!(shortened("abcdef", 5), "ab...");
    }
}
