use serde::Serialize;
use serde_json::json;

use super::probed;
use crate::record::Usage;

fn read(response: &serde_json::Value) -> (Option<Usage>, String) {
    let mut found = probed(response);
    let notes = found.settle_usage();
    (found.usage(), notes.to_string())
}

#[test]
fn bad_numbers_are_corrected_and_noted() {
    let with =
        |input, output| json!({"usage": {"prompt_tokens": input, "completion_tokens": output}});
    let cases = [
        (with(json!("12"), json!(3)), Some((12, 3)), "text"),
        (with(json!(-4), json!(3)), Some((0, 3)), "negative"),
        (with(json!(4.6), json!(3.0)), Some((5, 3)), "fraction"),
        (with(json!(u64::MAX), json!(1)), Some((i64::MAX as u64, 1)), "overflow"),
        (with(json!(1e300), json!(-1e300)), Some((i64::MAX as u64, 0)), "negative,overflow"),
        (with(json!("many"), json!({"no": "number"})), None, "text"),
        (with(json!(null), json!([1, 2])), None, ""),
        (with(json!(true), json!("")), None, "text"),
    ];
    for (response, expected, notes) in cases {
        let expected = expected.map(|(input, output)| Usage::new(input, output));
        assert_eq!(read(&response), (expected, notes.to_owned()), "{response}");
    }
}

#[test]
fn no_part_is_larger_than_its_whole() {
    // Some gateway in between has taken the cached ones off.
    let (usage, notes) = read(&json!({"usage": {
        "prompt_tokens": 10, "completion_tokens": 5,
        "prompt_tokens_details": {"cached_tokens": 90},
        "completion_tokens_details": {"reasoning_tokens": 7},
    }}));
    assert_eq!(usage, Some(Usage::new(100, 12).with_cache_read(90).with_reasoning(7)));
    assert_eq!(notes, "part_beyond_whole");
    let most = u64::MAX;
    let (usage, _) = read(&json!({"usage": {
        "input_tokens": most, "cache_read_input_tokens": most, "cache_creation_input_tokens": most,
        "output_tokens": most,
    }}));
    assert_eq!(usage.unwrap().input, Some(i64::MAX as u64));
}

#[test]
fn one_key_has_two_meanings() {
    // rig: the input includes what the cache wrote, and a cached part shows it.
    let rig = json!({"usage": {"input_tokens": 100, "output_tokens": 5, "total_tokens": 105,
        "cached_input_tokens": 60, "cache_creation_input_tokens": 30}});
    let inclusive = Usage::new(100, 5).with_cache_read(60).with_cache_creation(30);
    assert_eq!(read(&rig).0, Some(inclusive));
    // Here it has read nothing, and only the total shows it.
    let written = json!({"usage": {"input_tokens": 100, "output_tokens": 5, "total_tokens": 105,
        "cache_creation_input_tokens": 30}});
    assert_eq!(read(&written).0, Some(Usage::new(100, 5).with_cache_creation(30)));
    // A gateway that says it in OpenAI's and in Anthropic's words.
    let gateway = json!({"usage": {"prompt_tokens": 100, "completion_tokens": 5,
        "cache_read_input_tokens": 60, "cache_creation_input_tokens": 30}});
    assert_eq!(read(&gateway).0, Some(inclusive));
    // xAI: reasoning stands beside the output, as the total shows.
    let xai = json!({"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35,
        "completion_tokens_details": {"reasoning_tokens": 20}}});
    assert_eq!(read(&xai).0, Some(Usage::new(10, 25).with_reasoning(20)));
}

#[derive(Serialize)]
enum Model {
    #[serde(rename = "claude-opus-4")]
    Opus,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    Started { id: String },
    Message(Inner),
    Pair(u8, u8),
}

#[derive(Serialize)]
struct Inner {
    model: Model,
    usage: Option<Counts>,
}

#[derive(Serialize)]
struct Counts {
    input_tokens: u8,
    output_tokens: i128,
}

#[derive(Serialize)]
struct Wrapper<T>(T);

#[test]
fn types_of_any_form_are_walked() {
    let counts = Counts { input_tokens: 3, output_tokens: 4 };
    let inner = Inner { model: Model::Opus, usage: Some(counts) };
    let found = probed(&Wrapper((Event::Message(inner), "beside it")));
    assert_eq!(found.usage(), Some(Usage::new(3, 4)));
    assert_eq!(found.model.as_deref(), Some("claude-opus-4"));
    assert_eq!(probed(&Event::Started { id: "x".to_owned() }).id.as_deref(), Some("x"));
    assert_eq!(probed(&Event::Pair(1, 2)).usage(), None);
    let keys = std::collections::BTreeMap::from([(1, "one"), (2, "two")]);
    assert_eq!(probed(&keys).usage(), None);
    assert!(!probed("a text").has_content);
}

/// Asks for more than anybody should give.
struct Endless;

impl Serialize for Endless {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("usage", &json!({"prompt_tokens": 1}))?;
        loop {
            map.serialize_entry("more", &1)?;
        }
    }
}

struct Deep;

impl Serialize for Deep {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("response", Deep)])
    }
}

struct Panics;

impl Serialize for Panics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Panics", 2)?;
        fields.serialize_field("usage", &json!({"input_tokens": 5}))?;
        panic!("in a `Serialize`");
    }
}

#[test]
fn a_walk_always_ends() {
    assert_eq!(probed(&Endless).usage().unwrap().input, Some(1));
    assert_eq!(probed(&Deep).usage(), None);
    assert_eq!(probed(&Panics).usage().unwrap().input, Some(5));
}

/// Values that nobody named are not even asked for.
struct Untouched;

impl Serialize for Untouched {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("was asked for its value");
    }
}

#[derive(Serialize)]
struct Embeddings {
    data: Untouched,
    output: Untouched,
    usage: Counts,
}

#[test]
fn what_is_large_is_skipped() {
    let usage = Counts { input_tokens: 9, output_tokens: 0 };
    let response = Embeddings { data: Untouched, output: Untouched, usage };
    assert_eq!(probed(&response).usage(), Some(Usage::new(9, 0)));
}
