//! A response's facts as attributes of the span that is current.

use std::fmt::{self, Write as _};

use super::note::Notes;
use super::parts::MAX_TOKENS;
use super::response::AiResponse;
use crate::collect::{Key, Plain};
use crate::context::local::{Local, MAX_TEXT};
use crate::context::with_text;
use crate::record::Usage;

/// Writes what a response says, its usage settled, into the record of the current span. Nothing of the answer is among
/// it.
#[inline(never)]
pub(crate) fn write(local: &Local, site: u32, response: &AiResponse, notes: Notes) {
    let write = |key, value: Plain<'_>| local.write_value(site, Key::Named(key), value);
    if let Some(usage) = response.settled_usage() {
        local.write_usage(site, usage);
    }
    for (key, text) in
        [("gen_ai.response.model", &response.model), ("gen_ai.response.id", &response.id)]
    {
        if let Some(text) = text {
            write(key, Plain::Text(text));
        }
    }
    if !response.finish_reasons.is_empty() {
        with_text(&JsonList(&response.finish_reasons), MAX_TEXT, |reasons| {
            write("gen_ai.response.finish_reasons", Plain::Text(reasons));
        });
    }
    if !notes.is_empty() {
        write("monitor.ai.corrected", Plain::Text(&notes.to_string()));
    }
}

/// Writes what the call costs, in USD. The key's name is Sentry's.
pub(crate) fn write_cost(local: &Local, site: u32, usd: f64) {
    local.write_value(site, Key::Named("gen_ai.cost.total_tokens"), Plain::F64(usd));
}

/// What a span says of these tokens, by Sentry's names.
pub(crate) fn usage_attributes(usage: &Usage) -> impl Iterator<Item = (&'static str, u64)> {
    let counts = [
        ("gen_ai.usage.input_tokens", usage.input),
        ("gen_ai.usage.output_tokens", usage.output),
        ("gen_ai.usage.cache_read.input_tokens", usage.cache_read),
        ("gen_ai.usage.cache_creation.input_tokens", usage.cache_creation),
        ("gen_ai.usage.reasoning.output_tokens", usage.reasoning),
        ("gen_ai.usage.total_tokens", usage.total().map(|total| total.min(MAX_TOKENS))),
    ];
    counts.into_iter().filter_map(|(key, count)| Some((key, count?)))
}

/// Sentry wants a list of words as JSON in a text.
struct JsonList<'a>(&'a [Box<str>]);

impl fmt::Display for JsonList<'_> {
    /// A word is plain: what would have to be escaped in any other way is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        for (at, word) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "\"" } else { ",\"" })?;
            for letter in word.chars().filter(|letter| matches!(letter, ' '..='~')) {
                if matches!(letter, '"' | '\\') {
                    f.write_char('\\')?;
                }
                f.write_char(letter)?;
            }
            f.write_char('"')?;
        }
        f.write_char(']')
    }
}
