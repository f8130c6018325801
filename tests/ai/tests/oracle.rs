//! The numbers of the fixtures beside those that `genai-prices` extracts from the same JSON.

use genai_prices::{Calculator, ExtractRequest, PriceRequest, Usage};
use monitor_runtime::{Config, MockBackend, ai_call};
use serde_json::{Value as Json, json};

/// The same facts by the names that it gives them.
const NAMES: [&str; 5] = [
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_reasoning_tokens",
];

fn fixtures() -> Vec<Json> {
    let folder = format!("{}/../fixtures/ai", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| {
            serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap()
        })
        .collect()
}

#[test]
fn fixtures_have_the_numbers_that_genai_prices_finds() {
    let (mut compared, mut without) = (Vec::new(), Vec::new());
    for fixture in fixtures() {
        let name = fixture["name"].as_str().unwrap().to_owned();
        let [Some(provider), Some(flavor)] = [0, 1].map(|n| fixture["oracle"][n].as_str()) else {
            without.push(name);
            continue;
        };
        let mut body = fixture["whole"].clone();
        // It wants a model where the provider gives none.
        if body.get("model").is_none() {
            body["model"] = json!("m");
        }
        let text = body.to_string();
        let request = ExtractRequest::new(&text).with_provider_id(provider).with_api_flavor(flavor);
        let extracted = Calculator::bundled().extract_provider_usage(&request);
        let usage = extracted.unwrap_or_else(|error| panic!("{name}: {error}")).usage;
        for (index, key) in NAMES.into_iter().enumerate() {
            let ours = fixture["expected"]["usage"][index].as_f64().unwrap_or(0.0);
            assert_eq!(usage.get(key).unwrap_or(0.0), ours, "{name}: {key}");
        }
        compared.push(name);
    }
    without.sort();
    assert_eq!(without, ["ollama_chat", "ollama_warm_cache"], "it has no extractor for them");
    assert_eq!(compared.len(), 11, "{compared:?}");
}

#[ai_call(provider = "openai", model = "gpt-4o")]
fn answer(response: Json) -> Json {
    response
}

#[test]
fn a_call_costs_what_genai_prices_says() {
    let fixture = fixtures().into_iter().find(|fixture| fixture["name"] == "openai_chat").unwrap();
    let config = Config::new().with_traces_sample_rate(1.0).with_ai_cost_on_spans(true);
    let mock = MockBackend::install_with(config);
    answer(fixture["whole"].clone());
    let cost = mock.span("chat gpt-4o").attribute("gen_ai.cost.total_tokens").unwrap().as_f64();
    let mut usage = Usage::default();
    for (index, key) in NAMES.into_iter().enumerate() {
        if let Some(count) = fixture["expected"]["usage"][index].as_f64() {
            usage.insert(key, count);
        }
    }
    let request = PriceRequest::new("gpt-4o", &usage).with_provider_id("openai");
    let expected = Calculator::bundled().calculate(&request).unwrap().total_price;
    assert!(expected > 0.0);
    assert!((cost.unwrap() - expected).abs() < 1e-12, "{cost:?} for {expected}");
}
