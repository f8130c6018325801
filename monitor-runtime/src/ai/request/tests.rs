use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::{AiRequest, ai_request};
use crate::record::Value;

#[derive(Serialize)]
struct OpenAi {
    model: &'static str,
    messages: Vec<HashMap<&'static str, &'static str>>,
    temperature: Option<f32>,
    max_completion_tokens: Option<u32>,
    seed: Option<i64>,
    stop: Option<Stops>,
    reasoning_effort: Option<Effort>,
    user: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Stops {
    One(&'static str),
    Some(Vec<&'static str>),
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Effort {
    High,
}

fn openai(stop: Option<Stops>) -> OpenAi {
    OpenAi {
        model: "gpt-4o",
        messages: vec![HashMap::from([("content", "CANARY"), ("temperature", "CANARY")])],
        temperature: Some(0.2),
        max_completion_tokens: Some(500),
        seed: Some(7),
        stop,
        reasoning_effort: Some(Effort::High),
        user: Some("CANARY".to_owned()),
    }
}

#[test]
fn the_parameters_of_a_struct() {
    let found = ai_request(&openai(Some(Stops::Some(vec!["\n\n", "END"]))));
    let expected = [
        ("gen_ai.request.temperature", Value::F64(0.2)),
        ("gen_ai.request.max_tokens", Value::U64(500)),
        ("gen_ai.request.seed", "7".into()),
        ("gen_ai.request.reasoning.level", "high".into()),
    ];
    assert_eq!(found.params, expected);
    assert_eq!(found.stops, ["\n\n", "END"]);
    assert_eq!(ai_request(&openai(Some(Stops::One("END")))).stops, ["END"]);
    assert!(!format!("{found:?}").contains("CANARY"));
}

#[test]
fn the_parameters_of_maps_wherever_a_provider_has_them() {
    for (request, expected) in [
        (
            r#"{"contents": [{"text": "CANARY"}], "generationConfig": {"topP": 0.9, "maxOutputTokens": 5}}"#,
            vec![
                ("gen_ai.request.top_p", Value::F64(0.9)),
                ("gen_ai.request.max_tokens", Value::U64(5)),
            ],
        ),
        (
            r#"{"options": {"num_predict": 5, "top_k": 40}}"#,
            vec![
                ("gen_ai.request.max_tokens", Value::U64(5)),
                ("gen_ai.request.top_k", Value::U64(40)),
            ],
        ),
        (
            r#"{"inferenceConfig": {"temperature": 1, "stopSequences": ["a"]}}"#,
            vec![("gen_ai.request.temperature", Value::U64(1))],
        ),
        (
            r#"{"reasoning": {"effort": "low", "summary": "CANARY"}}"#,
            vec![("gen_ai.request.reasoning.level", "low".into())],
        ),
        // What a provider would refuse.
        (r#"{"temperature": "hot", "max_tokens": null, "stop": [1, {"stop": "x"}]}"#, vec![]),
    ] {
        let request: serde_json::Value = serde_json::from_str(request).unwrap();
        let mut found = ai_request(&request);
        let by_key = |param: &(&'static str, Value)| param.0;
        let mut expected = expected;
        found.params.sort_by_key(by_key);
        expected.sort_by_key(by_key);
        assert_eq!(found.params, expected, "{request}");
    }
}

#[test]
fn whatever_a_request_does_nothing_happens() {
    struct Panics;
    impl Serialize for Panics {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            panic!("on purpose")
        }
    }
    struct Endless;
    impl Serialize for Endless {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(std::iter::repeat_n("CANARY", 1 << 30))
        }
    }
    assert_eq!(ai_request(&Panics), AiRequest::default());
    assert_eq!(ai_request(&Endless), AiRequest::default());
    assert_eq!(ai_request("text"), AiRequest::default());
    assert_eq!(ai_request(&(1, "two")), AiRequest::default());
}
