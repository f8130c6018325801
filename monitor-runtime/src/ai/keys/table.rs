//! The keys, as data. Sources: Sentry's conventions, version 0.33, and those of OpenTelemetry for
//! generative AI, which have a repository of their own since May 2026.

use super::{Key, Kind};
use Kind::{Float, Text, Texts, Truth, Whole, WholeInText};

/// The same in both.
const fn same(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, otel: Some(name), older: None }
}

/// By another name in OpenTelemetry's.
const fn renamed(name: &'static str, kind: Kind, otel: &'static str) -> Key {
    Key { otel: Some(otel), ..same(name, kind) }
}

/// Only in Sentry's.
const fn sentry(name: &'static str, kind: Kind) -> Key {
    Key { otel: None, ..same(name, kind) }
}

/// The same, and by an older name that some receivers still read.
const fn once(key: Key, older: &'static str) -> Key {
    Key { older: Some(older), ..key }
}

/// All that stands on the spans of AI calls.
pub(crate) const KEYS: &[Key] = &[
    // Who is asked for what.
    same("gen_ai.operation.name", Text),
    once(same("gen_ai.provider.name", Text), "gen_ai.system"),
    same("gen_ai.agent.name", Text),
    same("gen_ai.conversation.id", Text),
    sentry("gen_ai.pipeline.name", Text),
    sentry("gen_ai.function_id", Text),
    same("gen_ai.prompt.name", Text),
    // The request.
    same("gen_ai.request.model", Text),
    same("gen_ai.request.temperature", Float),
    same("gen_ai.request.top_p", Float),
    same("gen_ai.request.frequency_penalty", Float),
    same("gen_ai.request.presence_penalty", Float),
    same("gen_ai.request.max_tokens", Whole),
    same("gen_ai.request.top_k", Whole),
    same("gen_ai.request.seed", WholeInText),
    same("gen_ai.request.stop_sequences", Texts),
    same("gen_ai.request.reasoning.level", Text),
    // The response.
    same("gen_ai.response.model", Text),
    same("gen_ai.response.id", Text),
    same("gen_ai.response.finish_reasons", Texts),
    renamed("gen_ai.response.streaming", Truth, "gen_ai.request.stream"),
    once(same("gen_ai.response.time_to_first_chunk", Float), "gen_ai.response.time_to_first_token"),
    // Tokens: each part is in its whole.
    same("gen_ai.usage.input_tokens", Whole),
    once(same("gen_ai.usage.cache_read.input_tokens", Whole), "gen_ai.usage.input_tokens.cached"),
    once(
        renamed(
            "gen_ai.usage.cache_creation.input_tokens",
            Whole,
            "gen_ai.usage.cache_write.input_tokens",
        ),
        "gen_ai.usage.input_tokens.cache_write",
    ),
    same("gen_ai.usage.output_tokens", Whole),
    once(
        same("gen_ai.usage.reasoning.output_tokens", Whole),
        "gen_ai.usage.output_tokens.reasoning",
    ),
    sentry("gen_ai.usage.total_tokens", Whole),
    // In USD, whatever the name says. Sentry works it out by itself: only where it is asked for.
    sentry("gen_ai.cost.total_tokens", Float),
    // Tools.
    same("gen_ai.tool.name", Text),
    same("gen_ai.tool.description", Text),
    same("gen_ai.tool.call.id", Text),
    // What agents remember.
    same("gen_ai.memory.store.id", Text),
    same("gen_ai.memory.record.id", Text),
    same("gen_ai.memory.record.count", Whole),
    // Contents: only where they are allowed.
    same("gen_ai.memory.query.text", Text),
    same("gen_ai.memory.records", Text),
    once(same("gen_ai.tool.call.arguments", Text), "gen_ai.tool.input"),
    once(same("gen_ai.tool.call.result", Text), "gen_ai.tool.output"),
    once(same("gen_ai.input.messages", Text), "gen_ai.request.messages"),
    once(same("gen_ai.output.messages", Text), "gen_ai.response.text"),
    same("gen_ai.system_instructions", Text),
    once(same("gen_ai.tool.definitions", Text), "gen_ai.request.available_tools"),
    sentry("gen_ai.embeddings.input", Text),
];

/// Keys that were, and are never written, but for the older names above where they are asked for.
#[cfg(test)]
pub(super) const DEPRECATED: &[&str] = &[
    "ai.completion_tokens.used",
    "ai.finish_reason",
    "ai.function_call",
    "ai.generation_id",
    "ai.model_id",
    "ai.pipeline.name",
    "ai.preamble",
    "ai.prompt_tokens.used",
    "ai.response.id",
    "ai.response.model",
    "ai.seed",
    "ai.streaming",
    "ai.total_cost",
    "ai.total_tokens.used",
    "ai.usage.tokens",
    "gen_ai.operation.type",
    "gen_ai.prompt",
    "gen_ai.response.finish_reason",
    "gen_ai.response.tokens_per_second",
    "gen_ai.response.tool_calls",
    "gen_ai.system.message",
    "gen_ai.tool.message",
    "gen_ai.tool.type",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.completion_tokens",
    "gen_ai.usage.prompt_tokens",
];
