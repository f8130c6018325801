//! A response's facts as attributes of the span that is current.

use super::parts::MAX_TOKENS;
use super::response::AiResponse;
use crate::collect::{Key, Plain};
use crate::context::local::Local;

/// Writes what a response says into the record of the current span. Nothing of the answer is among
/// it.
#[inline(never)]
pub(crate) fn write(local: &Local, site: u32, response: &AiResponse) {
    let write = |key, value: Plain<'_>| local.write_value(site, Key::Named(key), value);
    let (usage, notes) = response.usage_and_notes();
    if let Some(usage) = usage {
        let counts = [
            ("gen_ai.usage.input_tokens", usage.input),
            ("gen_ai.usage.output_tokens", usage.output),
            ("gen_ai.usage.cache_read.input_tokens", usage.cache_read),
            ("gen_ai.usage.cache_creation.input_tokens", usage.cache_creation),
            ("gen_ai.usage.reasoning.output_tokens", usage.reasoning),
            ("gen_ai.usage.total_tokens", usage.total().map(|total| total.min(MAX_TOKENS))),
        ];
        for (key, count) in counts {
            if let Some(count) = count {
                write(key, Plain::U64(count));
            }
        }
    }
    for (key, text) in
        [("gen_ai.response.model", &response.model), ("gen_ai.response.id", &response.id)]
    {
        if let Some(text) = text {
            write(key, Plain::Text(text));
        }
    }
    if !response.finish_reasons.is_empty() {
        let reasons = json_list(&response.finish_reasons);
        write("gen_ai.response.finish_reasons", Plain::Text(&reasons));
    }
    if !notes.is_empty() {
        write("monitor.ai.corrected", Plain::Text(&notes.to_string()));
    }
}

/// Writes what the call costs, in USD. The key's name is Sentry's.
pub(crate) fn write_cost(local: &Local, site: u32, usd: f64) {
    local.write_value(site, Key::Named("gen_ai.cost.total_tokens"), Plain::F64(usd));
}

/// Sentry wants this list as JSON in a text.
fn json_list(words: &[Box<str>]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("{:?}", json_safe(word))).collect();
    format!("[{}]", words.join(","))
}

/// A reason is one plain word; what `Debug` would escape in another way than JSON is left out.
fn json_safe(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect()
}
