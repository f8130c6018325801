//! Contents in the form of the conventions: messages as JSON in a text.

use super::super::text::cut;

/// What stands behind a content that was cut.
const CUT: &str = "...";

/// `[{"role":"user","parts":[{"type":"text","content":".."}]}]`, of at most `max` bytes unless that is
/// less than the frame.
pub(in crate::context) fn message(role: &str, content: &str, max: usize) -> String {
    // Who gives messages gives them as they are.
    if content.starts_with("[{") {
        return shortened(content, max);
    }
    let frame = format!(r#"[{{"role":"{role}","parts":[{{"type":"text","content":""}}]}}]"#);
    let room = max.saturating_sub(frame.len());
    let mut text = frame;
    text.truncate(text.len() - 5);
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
    text.push_str(r#""}]}]"#);
    text
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
