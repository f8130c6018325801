//! Each provider's own form, whole, streamed, abandoned and failed: `tests/fixtures/ai`.

use serde_json::Value;

use super::probed;
use crate::ai::AiResponse;
use crate::record::Usage;

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/ai/", $name, ".json"
            )),
        )),*]
    };
}

const FIXTURES: [(&str, &str); 13] = fixtures![
    "anthropic_messages",
    "bedrock_converse",
    "cohere_v1_embed",
    "cohere_v2_chat",
    "gemini",
    "mistral_chat",
    "ollama_chat",
    "ollama_warm_cache",
    "openai_chat",
    "openai_embeddings",
    "openai_responses",
    "openrouter_chat",
    "xai_old",
];

fn each(check: impl Fn(&str, &Value)) {
    for (name, text) in FIXTURES {
        check(name, &serde_json::from_str(text).unwrap());
    }
}

/// `[input, output, cache_read, cache_creation, reasoning]`
fn usage(counts: &Value) -> Option<Usage> {
    let count = |index: usize| counts[index].as_u64();
    counts.is_array().then(|| Usage {
        input: count(0),
        output: count(1),
        cache_read: count(2),
        cache_creation: count(3),
        reasoning: count(4),
    })
}

fn streamed(items: &[Value]) -> AiResponse {
    let mut whole = AiResponse::default();
    for item in items {
        whole.merge(probed(item));
    }
    whole
}

fn assert_expected(name: &str, mut response: AiResponse, expected: &Value) {
    let notes = response.settle_usage();
    assert_eq!(response.usage(), usage(&expected["usage"]), "{name}");
    assert!(notes.is_empty(), "{name}: {notes}");
    assert_eq!(response.model.as_deref(), expected["model"].as_str(), "{name}");
    assert_eq!(response.id.as_deref(), expected["id"].as_str(), "{name}");
    let reasons: Vec<_> = response.finish_reasons.iter().map(|reason| &**reason).collect();
    assert_eq!(serde_json::json!(reasons), expected["finish_reasons"], "{name}");
    assert_eq!(response.cost, expected["cost"].as_f64(), "{name}");
}

#[test]
fn whole_responses() {
    each(|name, fixture| assert_expected(name, probed(&fixture["whole"]), &fixture["expected"]));
}

#[test]
fn streams_to_their_end() {
    each(|name, fixture| {
        let Some(items) = fixture["stream"].as_array() else { return };
        assert_expected(name, streamed(items), &fixture["expected"]);
        let first = items.iter().position(|item| probed(item).has_content);
        assert_eq!(first.map(|n| n as u64), fixture["first_content"].as_u64(), "{name}");
    });
}

#[test]
fn abandoned_streams_keep_what_there_was() {
    each(|name, fixture| {
        let Some(items) = fixture["stream"].as_array() else { return };
        let after = fixture["abandoned"]["after"].as_u64().unwrap() as usize;
        let found = streamed(&items[..after]).usage();
        assert_eq!(found, usage(&fixture["abandoned"]["usage"]), "{name}");
    });
}

#[test]
fn failures_keep_what_there_was() {
    each(|name, fixture| {
        let items = fixture["failed"]["items"].as_array().unwrap();
        assert_eq!(streamed(items).usage(), usage(&fixture["failed"]["usage"]), "{name}");
    });
}

/// The answers, prompts and messages in the fixtures hold this word.
#[test]
fn nothing_of_the_answer_is_kept() {
    each(|name, fixture| {
        for part in [&fixture["whole"], &fixture["failed"]["items"], &fixture["stream"]] {
            let items = part.as_array().map_or(std::slice::from_ref(part), Vec::as_slice);
            let found = format!("{:?}", streamed(items));
            assert!(!found.contains("CANARY"), "{name}: {found}");
        }
    });
}
