//! Errors whose texts may quote what a model answered.

/// Crates whose errors' texts have the body of a response in them, or a part of it. `serde_json`
/// quotes what it didn't expect.
const CLIENTS: [&str; 16] = [
    "async_openai",
    "rig",
    "rig_core",
    "genai",
    "ollama_rs",
    "misanthropic",
    "anthropic_ai_sdk",
    "async_anthropic",
    "gemini_rust",
    "google_generative_ai_rs",
    "langchain_rust",
    "openai_api_rs",
    "mistralai_client",
    "aisdk",
    "llm",
    "serde_json",
];

/// The same by the names of the types, where the crate isn't known.
const TYPES: [&str; 5] =
    ["OpenAIError", "ApiErrorResponse", "JSONDeserialize", "StreamError", "ApiError"];

/// What announces the body of a response.
const BODY: [&str; 6] = ["content:", "body:", "response:", "content =", "body =", "response ="];

/// Whether errors of this type are those of a client.
pub(crate) fn is_client(type_name: &str, module: Option<&str>) -> bool {
    match module {
        Some(module) => {
            let end = module.bytes().position(|byte| byte == b':').unwrap_or(module.len());
            let crate_name = &module[..end];
            // Few crates begin like one of them and are as long.
            let alike = |client: &&&str| {
                client.len() == end && client.as_bytes().first() == module.as_bytes().first()
            };
            CLIENTS.iter().filter(alike).any(|client| *client == crate_name)
        }
        None => TYPES.contains(&type_name),
    }
}

/// What stands before the body of a response: all of the text where there is none.
pub(super) fn before_body(text: &str) -> &str {
    let marks = BODY.iter().filter_map(|mark| Some(text.find(mark)? + mark.len()));
    let end = marks.chain(start_of_markup(text)).min().unwrap_or(text.len());
    &text[..end]
}

/// Where JSON or HTML begins: a bracket alone may be anything.
fn start_of_markup(text: &str) -> Option<usize> {
    let begins = |(at, bracket): &(usize, char)| {
        let rest = text[at + bracket.len_utf8()..].trim_start();
        match bracket {
            '{' => rest.starts_with('"'),
            '[' => rest.starts_with(['"', '{']),
            '<' => ["!doctype", "html", "?xml"].iter().any(|word| {
                rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            }),
            _ => false,
        }
    };
    text.char_indices().find(begins).map(|(at, _)| at)
}

/// The text without what looks like the body of a response, or like a piece of one that a parser
/// quotes.
pub(crate) fn without_answers(text: &mut String) {
    const PARSERS: [&str; 4] =
        ["invalid type", "invalid value", "unknown variant", "unknown field"];
    let head = before_body(text);
    if !text[head.len()..].trim().is_empty() {
        text.truncate(head.trim_end().len());
        text.push_str(" [Filtered]");
    }
    without_quoted(text, '"');
    if PARSERS.iter().any(|words| text.contains(words)) {
        without_quoted(text, '`');
    }
}

/// The text without what stands between the first and the last of these marks: what is quoted may have
/// some itself.
fn without_quoted(text: &mut String, mark: char) {
    if let (Some(first), Some(last)) = (text.find(mark), text.rfind(mark))
        && first < last
    {
        text.replace_range(first + mark.len_utf8()..last, "[Filtered]");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        let mut text = text.to_owned();
        without_answers(&mut text);
        text
    }

    #[test]
    fn bodies_go_and_words_stay() {
        assert_eq!(without("question [7] of {name} is < 5"), "question [7] of {name} is < 5");
        assert_eq!(without("refused by the provider"), "refused by the provider");
        assert_eq!(without("500: {\"error\": \"secret\"}"), "500: [Filtered]");
        assert_eq!(without("bad: content:secret"), "bad: content: [Filtered]");
        assert_eq!(
            without("invalid type: string \"my \\\"secret\\\"\", expected u64 at line 1"),
            "invalid type: string \"[Filtered]\", expected u64 at line 1"
        );
        assert_eq!(
            without("unknown variant `secret`, expected x"),
            "unknown variant `[Filtered]`, expected x"
        );
        assert_eq!(without("the model `gpt-1` is gone"), "the model `gpt-1` is gone");
        assert_eq!(without("gateway said <html>secret"), "gateway said [Filtered]");
    }

    #[test]
    fn clients_by_crate_or_type() {
        assert!(is_client("OpenAIError", Some("async_openai::error")));
        assert!(is_client("JSONDeserialize", None));
        assert!(!is_client("ApiError", Some("my_app::api")));
        assert!(!is_client("Refused", None));
    }
}
