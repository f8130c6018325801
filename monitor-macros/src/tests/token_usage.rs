use super::collapse;
use crate::derive::token_usage;

fn expand(item: &str) -> String {
    collapse(&token_usage(item.parse().unwrap()).to_string())
        .replace("::monitor_runtime::__private", "rt")
}

#[test]
fn counts_are_read_from_the_fields_that_are_marked() {
    assert_eq!(
        expand(
            "struct Counts { #[monitor(input)] prompt_tokens: u32, other: u8, \
             #[monitor(output)] completion_tokens: Option<u32> }"
        ),
        "#[automatically_derived]implrt::TokenUsage for Counts{\
         fn token_usage(&self)->::core::option::Option<rt::Usage>{match self{\
         Self{prompt_tokens,completion_tokens,..}=>rt::UsageParts::new()\
         .input(rt::token_count(prompt_tokens)).output(rt::token_count(completion_tokens))\
         .usage(),}}}"
    );
}

#[test]
fn mistakes_are_named_together() {
    let text = expand(
        "#[monitor(exclusive)] struct Counts(#[monitor(input)] u32, #[monitor(input)] u32, #[monitor(inptu)] u8);",
    );
    for message in [
        "another field is the `input` already",
        "did you mean `input`?",
        "unknown argument `exclusive` for `#[monitor]` on a response",
    ] {
        assert!(text.contains(message), "{message}: {text}");
    }
    assert!(text.contains("fn token_usage"), "the type stays a `TokenUsage`: {text}");
    assert!(expand("struct Nothing { id: u8 }").contains("no field says how many tokens"));
}
