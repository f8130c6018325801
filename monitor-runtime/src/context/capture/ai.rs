//! What the events of AI calls say, and what they must not.

use super::super::ai_call::AiCall;
use super::super::scope::Scope;
use super::chain::chain;
use crate::callsite::{AiKind, Callsite};
use crate::context::local;
use crate::errors::{AiFailure, is_client, without_answers};
use crate::hub::Hub;
use crate::record::{Attributes, Event, Exception, Failure, Text};

/// What clients say before they quote.
const PHRASES: [&str; 4] =
    ["failed to deserialize api response", "http error", "stream failed", "invalid args"];

/// The texts of an error and its sources, the outermost first. Runs code of the program.
pub(in crate::context) fn texts(failure: &Failure<'_>) -> Vec<String> {
    local::unobserved(|| chain(failure).iter().map(|error| error.value.clone()).collect())
}

/// Takes out what a model may have answered, where that may not be recorded: the texts of errors of
/// clients, wherever they are quoted, and inside of AI calls whatever looks like a response.
pub(super) fn redact(hub: &Hub, exceptions: &mut [Exception], scope: Option<&Scope>) {
    let call = scope.and_then(|scope| scope.ai.clone());
    let skips = || call.as_ref().is_some_and(|call| call.said().skip);
    if hub.settings().records_ai_outputs() && !skips() {
        return;
    }
    let said = call.as_ref().and_then(|call| call.said().failure.clone());
    let is_of_client = |error: &Exception| {
        is_client(&error.type_name, error.module.as_deref()) && in_call(error, call.is_some())
    };
    let mut quotes = Vec::new();
    for error in exceptions.iter_mut().rev().filter(|error| is_of_client(error)) {
        let told = told(&error.value, said.as_ref());
        quotes.push((std::mem::replace(&mut error.value, told.clone()), told));
    }
    // Most errors have nothing to do with one.
    if quotes.is_empty() && call.is_none() {
        return;
    }
    for error in exceptions.iter_mut().filter(|error| !is_of_client(error)) {
        for (quoted, told) in quotes.iter().filter(|(quoted, _)| !quoted.is_empty()) {
            if error.value.contains(quoted.as_str()) {
                error.value = error.value.replace(quoted.as_str(), told);
            }
        }
        if call.is_some() {
            without_answers(&mut error.value);
        }
    }
    let safe = said.and_then(|said| said.safe_message);
    if let (Some(safe), Some(outermost)) = (safe, exceptions.first_mut()) {
        outermost.value = safe.into();
    }
}

/// Errors of `serde_json` are everywhere; only in an AI call they quote answers.
fn in_call(error: &Exception, in_call: bool) -> bool {
    in_call || error.module.as_deref().is_none_or(|module| !module.starts_with("serde_json"))
}

/// What is told of an error of a client: what it is about, the status, the code.
fn told(text: &str, said: Option<&AiFailure>) -> String {
    let failure = said.cloned().unwrap_or_default().completed(&[text.to_owned()]);
    let phrase = PHRASES.iter().find(|phrase| text.starts_with(**phrase));
    match phrase {
        Some(phrase) => format!("{phrase}: {}", failure.summary()),
        None => failure.summary(),
    }
}

/// Adds whom the call that is running asks, to any event in it.
pub(super) fn tag(event: &mut Event) {
    let Some(call) = event.scope.ai.clone() else { return };
    let said = call.said();
    let model = call.model(&said);
    let tags = [
        ("ai.provider", Some(call.ai.provider)),
        ("ai.model", model),
        ("ai.operation", Some(call.ai.operation)),
    ];
    for (key, value) in tags {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            event.tags.push((key.into(), value.to_owned()));
        }
    }
    if said.attempt > 0 {
        event.tags.push(("ai.attempt".into(), said.attempt.to_string()));
    }
}

/// Adds the context `ai` to an error that an AI call captures, and groups it by provider and error.
pub(super) fn describe(event: &mut Event, site: &'static Callsite) {
    let call = event.scope.ai.clone().filter(|call| std::ptr::eq(call.site, site));
    let Some(call) = call else { return };
    event.contexts.push(("ai".into(), context(&call)));
    if !event.fingerprint.is_empty() || call.ai.kind() != AiKind::Model {
        return;
    }
    let said = call.said();
    let error_type = said.failure.as_ref().and_then(AiFailure::error_type).map(Text::from);
    let named = || event.exceptions.first().map(|error| error.type_name.clone());
    let error_type = error_type.or_else(named).unwrap_or_default();
    event.fingerprint = vec!["ai".into(), call.ai.provider.into(), error_type];
}

/// Says of a stream that is still open what is known by now.
#[cfg(feature = "stream")]
pub(in crate::context) fn describe_stream(event: &mut Event, call: &AiCall) {
    event.contexts.push(("ai".into(), context(call)));
    tag(event);
}

fn context(call: &AiCall) -> Attributes {
    let said = call.said();
    let usage = said.used().unwrap_or_default();
    let failure = said.failure.as_ref();
    let text = |text: Option<&str>| {
        text.filter(|text| !text.is_empty()).map(|text| text.to_owned().into())
    };
    let seconds = |nanos: u64| std::time::Duration::from_nanos(nanos).as_secs_f64();
    let entries = [
        ("operation", text(Some(call.ai.operation))),
        ("provider", text(Some(call.ai.provider))),
        ("model", text(call.model(&said))),
        ("attempt", (said.attempt > 0).then(|| said.attempt.into())),
        ("retry_of", text(said.retry_of.as_deref())),
        (
            "status",
            failure.and_then(|failure| failure.status).map(|status| u64::from(status).into()),
        ),
        ("code", text(failure.and_then(|failure| failure.code.as_deref()))),
        ("request_id", text(failure.and_then(|failure| failure.request_id.as_deref()))),
        (
            "retry_after",
            failure.and_then(|failure| failure.retry_after).map(|time| time.as_secs_f64().into()),
        ),
        ("time_to_first_chunk", said.first_chunk.nanos().map(|nanos| seconds(nanos).into())),
        ("chunks", said.streaming.then(|| said.chunks.into())),
        ("input_tokens", usage.input.map(Into::into)),
        ("output_tokens", usage.output.map(Into::into)),
        ("prompt_preview", text(said.prompt_preview.as_deref())),
    ];
    entries.into_iter().filter_map(|(key, value)| Some((key.into(), value?))).collect()
}
