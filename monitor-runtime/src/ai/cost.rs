//! What it costs to read a response. Printed by
//!
//! ```text
//! cargo test --release -p monitor-runtime --no-default-features --features serde,mock --lib -- --ignored --nocapture ai::cost
//! ```

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::AiResponse;
use super::probe::probe;
use crate::record::{TokenUsage, Usage};

/// As clients for OpenAI have it.
#[derive(Serialize)]
struct Chat {
    id: String,
    object: &'static str,
    created: u32,
    model: String,
    choices: Vec<Choice>,
    usage: Option<Counts>,
    system_fingerprint: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    finish_reason: Option<Reason>,
    logprobs: Option<()>,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    Stop,
}

#[derive(Serialize)]
struct Counts {
    prompt_tokens: u32,
    completion_tokens: u32,
    total_tokens: u32,
    prompt_tokens_details: Option<InputDetails>,
    completion_tokens_details: Option<OutputDetails>,
}

#[derive(Serialize)]
struct InputDetails {
    audio_tokens: Option<u32>,
    cached_tokens: Option<u32>,
}

#[derive(Serialize)]
struct OutputDetails {
    accepted_prediction_tokens: Option<u32>,
    audio_tokens: Option<u32>,
    reasoning_tokens: Option<u32>,
    rejected_prediction_tokens: Option<u32>,
}

#[derive(Serialize)]
struct Embeddings {
    data: Vec<Vec<f32>>,
    model: String,
    usage: Counts,
}

impl TokenUsage for Chat {
    fn token_usage(&self) -> Option<Usage> {
        let counts = self.usage.as_ref()?;
        Some(Usage::new(counts.prompt_tokens.into(), counts.completion_tokens.into()))
    }
}

fn counts() -> Counts {
    Counts {
        prompt_tokens: 2_006,
        completion_tokens: 300,
        total_tokens: 2_306,
        prompt_tokens_details: Some(InputDetails {
            audio_tokens: None,
            cached_tokens: Some(1_920),
        }),
        completion_tokens_details: Some(OutputDetails {
            accepted_prediction_tokens: Some(0),
            audio_tokens: Some(0),
            reasoning_tokens: Some(64),
            rejected_prediction_tokens: Some(0),
        }),
    }
}

fn chat() -> Chat {
    let message =
        Message { role: "assistant", content: Some("an answer ".repeat(400)), refusal: None };
    let choice = Choice { index: 0, message, finish_reason: Some(Reason::Stop), logprobs: None };
    Chat {
        id: "chatcmpl-9XzAbCdEfGhIjKlMnOpQrStUv".to_owned(),
        object: "chat.completion",
        created: 1_795_337_150,
        model: "gpt-4o-2024-08-06".to_owned(),
        choices: vec![choice],
        usage: Some(counts()),
        system_fingerprint: Some("fp_44709d6fcb".to_owned()),
    }
}

/// The best of many rounds: whatever else runs here only makes it longer.
fn nanos(mut read: impl FnMut(&mut AiResponse)) -> f64 {
    const CALLS: u32 = 2_000;
    let mut place = AiResponse::default();
    let round = |_| {
        let start = Instant::now();
        for _ in 0..CALLS {
            let place = black_box(&mut place);
            read(place);
            place.clear();
        }
        start.elapsed()
    };
    let best = (0..200).map(round).min().unwrap_or(Duration::ZERO);
    best.as_secs_f64() * 1e9 / f64::from(CALLS)
}

#[test]
#[ignore = "measures"]
fn reading_a_response() {
    let chat = chat();
    let data = vec![vec![0.25; 1_536]; 64];
    let embeddings =
        Embeddings { data, model: "text-embedding-3-small".to_owned(), usage: counts() };
    println!("chat, by its trait: {:.0} ns", nanos(|place| place.read_trait(black_box(&chat))));
    println!("chat, by the probe: {:.0} ns", nanos(|place| probe(black_box(&chat), place)));
    println!(
        "64 embeddings of 1,536: {:.0} ns",
        nanos(|place| probe(black_box(&embeddings), place))
    );
}
