//! The prices of the crate `genai-prices`: some fifty providers, over two thousand models.
//!
//! Its data is decoded once, which takes some 100 ms: on a thread of its own, from when monitoring
//! is set up. What ends before that is done has no cost.

use std::collections::HashMap;
use std::sync::{Mutex, Once, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use genai_prices::{Calculator, PriceRequest, Usage as Counts};

use crate::diagnostics;
use crate::record::Usage;

/// Models whose prices are kept: more than a program asks.
const MAX_MODELS: usize = 256;
/// How long they are kept: some prices depend on the time.
const MAX_AGE: Duration = Duration::from_secs(600);
/// Tokens by which prices are found out; no price changes at so few.
const SAMPLE: u64 = 1_000;

static CALCULATOR: OnceLock<&'static Calculator> = OnceLock::new();
static KNOWN: Mutex<Option<HashMap<String, Known>>> = Mutex::new(None);

/// What a model costs, if anybody knows.
#[derive(Clone, Copy)]
struct Known {
    rates: Option<Rates>,
    since: Instant,
}

/// How a model's price is worked out.
#[derive(Clone, Copy)]
enum Rates {
    /// USD a token: input, output, read and written by the cache, reasoning.
    Fixed([f64; 5]),
    /// They depend on how many tokens there are, or on more than that.
    Asked,
}

/// Decodes the data on a thread of its own, once.
pub(crate) fn warm() {
    static WARM: Once = Once::new();
    WARM.call_once(|| {
        let thread = std::thread::Builder::new().name("monitor-prices".to_owned());
        let decode = || {
            let decoded = std::panic::catch_unwind(Calculator::bundled);
            match decoded {
                Ok(calculator) => drop(CALCULATOR.set(calculator)),
                Err(_) => diagnostics::warn("the table of prices can't be read"),
            }
        };
        if thread.spawn(decode).is_err() {
            diagnostics::warn("no thread to read the table of prices: calls have no cost");
        }
    });
}

/// What a call of this model costs, in USD.
pub(super) fn cost(provider: &str, model: &str, usage: &Usage) -> Option<f64> {
    let calculator = calculator()?;
    let cost = match rates(calculator, provider, model)? {
        Rates::Fixed(rates) => fixed(&rates, usage),
        Rates::Asked => ask(calculator, provider, model, usage)?,
    };
    Some(cost).filter(|cost| super::super::response::is_cost(*cost))
}

fn calculator() -> Option<&'static Calculator> {
    let ready = CALCULATOR.get().copied();
    if ready.is_some() {
        return ready;
    }
    warm();
    // A test must not depend on how quick another thread is.
    #[cfg(feature = "mock")]
    if crate::context::local::with(|local| local.hub.get() != 0) {
        return Some(Calculator::bundled());
    }
    diagnostics::info("a call ended before the table of prices was read: it has no cost");
    None
}

fn rates(calculator: &Calculator, provider: &str, model: &str) -> Option<Rates> {
    let key = format!("{provider}\0{model}");
    let known =
        lock(|models| models.get(&key).filter(|known| known.since.elapsed() < MAX_AGE).copied());
    if let Some(known) = known {
        return known.rates;
    }
    let rates = find_out(calculator, provider, model);
    lock(|models| {
        if models.len() >= MAX_MODELS {
            models.clear();
        }
        models.insert(key, Known { rates, since: Instant::now() });
    });
    rates
}

/// Asks for a little of each part, and for a lot of all: where that agrees the prices are fixed.
fn find_out(calculator: &Calculator, provider: &str, model: &str) -> Option<Rates> {
    let price = |usage: &Usage| ask(calculator, provider, model, usage);
    let input = price(&Usage::new(SAMPLE, 0))?;
    let output = price(&Usage::new(0, SAMPLE))?;
    let read = price(&Usage::new(SAMPLE, 0).with_cache_read(SAMPLE)).unwrap_or(input);
    let written = price(&Usage::new(SAMPLE, 0).with_cache_creation(SAMPLE)).unwrap_or(input);
    let reasoning = price(&Usage::new(0, SAMPLE).with_reasoning(SAMPLE)).unwrap_or(output);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rates = [input, output, read, written, reasoning].map(|usd| usd / SAMPLE as f64);
    let lots = [
        Usage::new(5_000_000, 5_000_000),
        Usage::new(5_000_000, 5_000_000)
            .with_cache_read(2_000_000)
            .with_cache_creation(1_000_000)
            .with_reasoning(2_000_000),
    ];
    let agrees = |lot: &Usage| {
        let asked = price(lot)?;
        Some((fixed(&rates, lot) - asked).abs() <= asked.abs() * 1e-9)
    };
    let is_fixed = lots.iter().all(|lot| agrees(lot) == Some(true));
    Some(if is_fixed { Rates::Fixed(rates) } else { Rates::Asked })
}

fn fixed([input, output, read, written, reasoning]: &[f64; 5], usage: &Usage) -> f64 {
    super::ModelPrice::per_million(input * 1e6, output * 1e6)
        .with_cache_read(read * 1e6)
        .with_cache_creation(written * 1e6)
        .with_reasoning(reasoning * 1e6)
        .cost(usage)
}

fn ask(calculator: &Calculator, provider: &str, model: &str, usage: &Usage) -> Option<f64> {
    let mut counts = Counts::default();
    let parts = [
        ("input_tokens", usage.input),
        ("output_tokens", usage.output),
        ("cache_read_tokens", usage.cache_read),
        ("cache_write_tokens", usage.cache_creation),
        ("output_reasoning_tokens", usage.reasoning),
    ];
    for (key, count) in parts {
        #[expect(clippy::cast_precision_loss, reason = "exact for 10^15 tokens")]
        if let Some(count) = count {
            counts.insert(key, count as f64);
        }
    }
    let request = PriceRequest::new(model, &counts).with_provider_id(name_of(provider));
    Some(calculator.calculate(&request).ok()?.total_price)
}

/// Where the table calls a provider otherwise than OpenTelemetry does.
fn name_of(provider: &str) -> &str {
    match provider {
        "x_ai" => "x-ai",
        "gcp.gen_ai" => "google",
        "azure.ai.inference" | "azure.ai.openai" => "azure",
        other => other,
    }
}

fn lock<T>(f: impl FnOnce(&mut HashMap<String, Known>) -> T) -> T {
    f(KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> &'static Calculator {
        warm();
        CALCULATOR.get_or_init(Calculator::bundled)
    }

    #[test]
    fn known_models_have_the_prices_of_the_table() {
        let calculator = ready();
        let usage = Usage::new(2_006, 300).with_cache_read(1_920).with_reasoning(64);
        for (provider, model) in [
            ("openai", "gpt-4o"),
            ("anthropic", "claude-sonnet-4-5-20250929"),
            ("gcp.gemini", "gemini-2.5-pro"),
            ("mistral_ai", "mistral-small-latest"),
            ("x_ai", "grok-3"),
        ] {
            let asked = ask(calculator, provider, model, &usage).expect(model);
            let cost = cost(provider, model, &usage).expect(model);
            assert!((cost - asked).abs() < 1e-12, "{model}: {cost} for {asked}");
            assert!(cost > 0.0, "{model}");
        }
        let long = Usage::new(900_000, 10);
        let tiered = ask(calculator, "gcp.gemini", "gemini-2.5-pro", &long);
        assert_eq!(cost("gcp.gemini", "gemini-2.5-pro", &long), tiered);
    }

    #[test]
    fn nobody_knows_the_price_of_what_runs_at_home() {
        ready();
        assert_eq!(cost("ollama", "llama3.2", &Usage::new(5, 5)), None);
        assert_eq!(cost("openai", "no-such-model", &Usage::new(5, 5)), None);
        assert_eq!(cost("nobody", "gpt-4o", &Usage::new(5, 5)), None);
    }

    #[test]
    fn the_cache_is_bounded() {
        ready();
        for number in 0..MAX_MODELS * 2 {
            let _ = cost("openai", &format!("model-{number}"), &Usage::new(1, 1));
        }
        assert!(lock(|models| models.len()) <= MAX_MODELS);
    }
}
