//! What clients of AI providers write into their errors' texts.

use std::time::Duration;

use super::clients::before_body;

/// The status: three digits from 400 to 599, at the beginning, behind a word that announces it, or
/// before the words that go with it.
pub(super) fn status(text: &str) -> Option<u16> {
    const ANNOUNCING: [&str; 5] = ["status", "http", "code", "error", "returned"];
    const FOLLOWING: [&str; 13] = [
        "bad",
        "unauthorized",
        "payment",
        "forbidden",
        "not",
        "request",
        "conflict",
        "payload",
        "unprocessable",
        "too",
        "internal",
        "service",
        "gateway",
    ];
    let head = before_body(text);
    let mut words = head
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    let mut before = "";
    let is_one_of = |word: &str, words: &[&str]| words.iter().any(|w| word.eq_ignore_ascii_case(w));
    while let Some(word) = words.next() {
        let number = word.parse().ok().filter(|number| (400..600).contains(number));
        if let Some(number) = number.filter(|_| word.len() == 3) {
            let follows = words.peek().is_some_and(|next| is_one_of(next, &FOLLOWING));
            if before.is_empty() || is_one_of(before, &ANNOUNCING) || follows {
                return Some(number);
            }
        }
        before = word;
    }
    None
}

/// The provider's word for what is wrong: `(code: x)`, `"code":"x"`, else `"type":"x"`.
pub(super) fn code(text: &str) -> Option<&str> {
    let behind = |mark: &str, end: char| {
        let (_, rest) = text.split_once(mark)?;
        let (found, _) = rest.split_once(end)?;
        Some(found.trim())
    };
    let types = || text.split("\"type\"").skip(1).filter_map(after_colon);
    behind("(code: ", ')')
        .or_else(|| text.split("\"code\"").skip(1).find_map(after_colon))
        // Anthropic says first that it is an error, and then which.
        .or_else(|| types().find(|found| *found != "error"))
}

/// The text in `: "text"`.
fn after_colon(rest: &str) -> Option<&str> {
    let quoted = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    quoted.split_once('"').map(|(found, _)| found)
}

/// When to try again: `try again in 1.5s`, `retry after 20 seconds`, `retry-after: 20`.
pub(super) fn retry_after(text: &str) -> Option<Duration> {
    const MARKS: [&str; 5] =
        ["try again in ", "retry after ", "retry-after: ", "retry_after: ", "retry in "];
    let lower = text.to_ascii_lowercase();
    let rest = MARKS.iter().find_map(|mark| Some(lower.split_once(mark)?.1))?;
    duration(rest)
}

/// `20s`, `1.5s`, `350ms`, `6m0s`, `20 seconds`, `20`: the last means seconds.
fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim_start();
    let mut seconds = 0.0;
    let mut found = false;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let Ok(number) = rest[..end].trim_end_matches('.').parse::<f64>() else { break };
        let unit = rest[end..].trim_start();
        let letters = unit.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit.len());
        let scale = match &unit[..letters] {
            "ms" | "milliseconds" => 0.001,
            "m" | "min" | "minute" | "minutes" => 60.0,
            "h" | "hour" | "hours" => 3600.0,
            _ => 1.0,
        };
        seconds += number * scale;
        found = true;
        rest = &unit[letters..];
    }
    // A day at most: more than that isn't waited for.
    found.then(|| Duration::try_from_secs_f64(seconds.min(86_400.0)).ok()).flatten()
}

/// Why there was no answer.
pub(super) fn cause(text: &str) -> Option<&'static str> {
    let head = before_body(text).to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if says(&["timed out", "timeout", "deadline has elapsed"]) {
        Some("timeout")
    } else if says(&["connect", "dns error", "connection refused"]) && !says(&["reset", "closed"]) {
        Some("connect")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_as_clients_write_them() {
        for (text, expected) in [
            ("429 Too Many Requests requests: slow down", Some(429)),
            ("HTTP status client error (404 Not Found) for url", Some(404)),
            ("http error 503", Some(503)),
            ("status code: 500", Some(500)),
            ("used 450 tokens", None),
            ("line 512", None),
            ("200 OK", None),
            ("code 4290", None),
            ("failed to deserialize: content:500 Internal", None),
        ] {
            assert_eq!(status(text), expected, "{text}");
        }
    }

    #[test]
    fn codes_as_providers_write_them() {
        assert_eq!(code("no (param: x) (code: model_not_found)"), Some("model_not_found"));
        assert_eq!(code(r#"{"error":{"code":"quota"}}"#), Some("quota"));
        let anthropic = r#"{"type":"error","error":{"type": "overloaded_error"}}"#;
        assert_eq!(code(anthropic), Some("overloaded_error"));
        assert_eq!(code("nothing"), None);
    }

    #[test]
    fn times_to_wait() {
        let millis = |text| retry_after(text).map(|time| time.as_millis());
        assert_eq!(millis("Please try again in 20s. Visit"), Some(20_000));
        assert_eq!(millis("Please try again in 1.5s"), Some(1_500));
        assert_eq!(millis("try again in 350ms."), Some(350));
        assert_eq!(millis("try again in 6m0s."), Some(360_000));
        assert_eq!(millis("retry after 20 seconds"), Some(20_000));
        assert_eq!(millis("Retry-After: 7"), Some(7_000));
        assert_eq!(millis("try again in 9999999999999999999h"), Some(86_400_000));
        assert_eq!(millis("try again in a while"), None);
    }

    #[test]
    fn causes() {
        assert_eq!(cause("operation timed out"), Some("timeout"));
        assert_eq!(cause("tcp connect error"), Some("connect"));
        assert_eq!(cause("connection closed before message completed"), None);
        assert_eq!(cause("content: a timeout is a span"), None);
    }
}
