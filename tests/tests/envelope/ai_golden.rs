//! AI calls beside what Sentry's Python SDK sends for the same answers.
//!
//! `tests/peers/ai_calls.py` recorded that; each difference stands in `differences.json`, with the
//! reason.

use std::collections::BTreeSet;
use std::path::Path;

use futures_util::stream::{self, Stream, StreamExt};
use monitor_runtime::{ai_call, traced};
use serde_json::{Value, json};

use crate::Monitored;

/// Attributes that the recording leaves out: of the machine, the run and the program.
const VARYING: [&str; 6] =
    ["code.", "monitor.", "sentry.platform", "sentry.sdk.", "sentry.segment.", "server."];

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn whole(name: &str) -> Value {
    read(&format!("ai/{name}.json"))["whole"].clone()
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn chat() -> Value {
    whole("openai_chat")
}

#[ai_call(provider = "openai", op = embeddings, model = "text-embedding-3-small")]
fn embeddings() -> Value {
    whole("openai_embeddings")
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn chunks() -> impl Stream<Item = Value> {
    let chunks = read("ai/openai_chat.json")["stream"].as_array().cloned();
    stream::iter(chunks.unwrap_or_default())
}

#[ai_call(provider = "openai", model = "gpt-5")]
fn responses() -> Value {
    whole("openai_responses")
}

#[ai_call(provider = "openai", model = "gpt-5")]
fn events() -> impl Stream<Item = Value> {
    let events = read("ai/openai_responses.json")["stream"].as_array().cloned();
    stream::iter(events.unwrap_or_default())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn streamed() -> Value {
    block_on(chunks().collect::<Vec<_>>()).into()
}

fn abandoned() -> Value {
    block_on(chunks().take(2).collect::<Vec<_>>()).into()
}

fn responses_streamed() -> Value {
    block_on(events().collect::<Vec<_>>()).into()
}

fn responses_abandoned() -> Value {
    block_on(events().take(2).collect::<Vec<_>>()).into()
}

#[traced(op = "http.server", name = "POST /chat")]
fn handle(call: fn() -> Value) {
    call();
}

fn ours(call: fn() -> Value) -> Value {
    let monitored = Monitored::start();
    handle(call);
    monitored.only("span")["items"][0].clone()
}

fn names(of: &Value) -> BTreeSet<&str> {
    of.as_object().unwrap().keys().map(String::as_str).collect()
}

fn compare(situation: &str, call: fn() -> Value) {
    let python = &read("ai_golden/python.json")[situation][0];
    let differences = read("ai_golden/differences.json");
    let ours = ours(call);
    let respelt = |text: &Value| match text.as_str().map(|text| &differences["respelt"][text][0]) {
        Some(Value::String(here)) => here.as_str().into(),
        _ => text.clone(),
    };
    assert_eq!(ours["name"], respelt(&python["name"]), "{situation}");
    assert_eq!(ours["status"], python["status"], "{situation}");
    let (theirs, mine) = (&python["attributes"], &ours["attributes"]);
    let mut seen = BTreeSet::new();
    for key in names(theirs) {
        let name = differences["renamed"][key][0].as_str().unwrap_or(key);
        if mine[name].is_null() {
            assert!(differences["only_python"][key].is_string(), "{situation}: `{key}` is missing");
        } else if differences["other_value"][name].is_null() {
            assert_eq!(mine[name]["value"], respelt(&theirs[key]["value"]), "{situation}: {key}");
            assert_eq!(mine[name]["type"], theirs[key]["type"], "{situation}: {key}");
        }
        seen.insert(name);
    }
    let own: Vec<_> = names(mine)
        .into_iter()
        .filter(|key| !seen.contains(key) && differences["only_here"][key].is_null())
        .filter(|key| !VARYING.iter().any(|start| key.starts_with(start)))
        .collect();
    assert!(own.is_empty(), "{situation}: nobody says why these are sent: {own:?}");
}

#[test]
fn chats_say_what_python_says() {
    compare("chat", chat);
}

#[test]
fn embeddings_say_what_python_says() {
    compare("embeddings", embeddings);
}

#[test]
fn streams_say_what_python_says() {
    compare("stream", streamed);
}

/// It leaves no span there.
#[test]
fn a_stream_that_nobody_reads_to_its_end_leaves_its_span() {
    let span = ours(abandoned);
    assert_eq!((&span["name"], &span["status"]), (&json!("chat gpt-4o"), &json!("error")));
    assert_eq!(span["attributes"]["error.type"]["value"], "abandoned");
    assert_eq!(span["attributes"]["gen_ai.response.model"]["value"], "gpt-4o-2024-08-06");
}

#[test]
fn responses_say_what_python_says() {
    compare("responses", responses);
    compare("responses_stream", responses_streamed);
}

/// Nor does this one there; here it keeps what its first event said.
#[test]
fn responses_that_nobody_reads_to_their_end_leave_their_span() {
    let span = ours(responses_abandoned);
    assert_eq!((&span["name"], &span["status"]), (&json!("chat gpt-5"), &json!("error")));
    assert_eq!(span["attributes"]["error.type"]["value"], "abandoned");
    assert_eq!(span["attributes"]["gen_ai.response.model"]["value"], "gpt-5-2025-08-07");
}

#[test]
fn the_recording_is_what_it_is_taken_for() {
    let recorded = read("ai_golden/python.json");
    let spans = |situation: &str| recorded[situation].as_array().map_or(0, Vec::len);
    assert_eq!(["chat", "stream", "embeddings", "abandoned"].map(spans), [1, 1, 1, 0]);
    let responses = ["responses", "responses_stream", "responses_abandoned"];
    assert_eq!(responses.map(spans), [1, 1, 0]);
}
