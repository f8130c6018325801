//! `params(temperature = 0.2, max_tokens = request.limit)`: what a request asks of the model.

use syn::LitStr;

use super::Recorded;
use crate::diagnostics::alternatives;
use crate::parse::Given;

/// By the names of the conventions.
const NAMES: [&str; 9] = [
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "frequency_penalty",
    "presence_penalty",
    "seed",
    "stop_sequences",
    "reasoning_level",
];

pub(super) fn params(given: &mut Given<'_>) -> Vec<Recorded> {
    let params = Recorded::take_all(given, "params", "params(temperature = 0.2)");
    let named = params.into_iter().filter_map(|param| match attribute(&param.key.value()) {
        Ok(key) => Some(Recorded { key: LitStr::new(&key, param.key.span()), ..param }),
        Err(message) => {
            given.diagnostics().over(&param.key, message);
            None
        }
    });
    named.collect()
}

/// The attribute that a parameter becomes.
fn attribute(name: &str) -> Result<String, String> {
    match name {
        "reasoning_level" => Ok("gen_ai.request.reasoning.level".to_owned()),
        name if NAMES.contains(&name) => Ok(format!("gen_ai.request.{name}")),
        "max_completion_tokens" | "max_output_tokens" | "num_predict" => {
            Err(renamed(name, "max_tokens"))
        }
        "stop" | "stop_sequence" => Err(renamed(name, "stop_sequences")),
        "reasoning_effort" | "reasoning" => Err(renamed(name, "reasoning_level")),
        name => Err(format!("unknown parameter `{name}`{}", alternatives(name, &NAMES))),
    }
}

fn renamed(name: &str, known: &str) -> String {
    format!("`{name}` is recorded as `{known}`: write `params({known} = ..)`")
}
