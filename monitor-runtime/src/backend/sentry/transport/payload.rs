//! An envelope's bytes.
//!
//! Sentry's types write a transaction's and a span's start as seconds and its end as text, and
//! have no field for a span's origin and for what the transaction's name is. Here the end is
//! written in seconds too, and the fields are filled from the data.

use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use sentry_core::Envelope;
use sentry_core::protocol::{
    ClientSdkInfo, Context, EnvelopeItem, Map, MonitorCheckIn, Request, Span, SpanId, SpanStatus,
    TraceId, Transaction, User, Value,
};
use serde::Serialize;

use super::measurements::{Measurement, measurements};
use super::span_item;

use crate::backend::sentry::gen_ai::is_ai_span;
use crate::backend::sentry::transaction::{ORIGIN, SOURCE};

/// Whether there is nothing to send.
pub(super) fn is_empty(envelope: &Envelope) -> bool {
    // Raw bytes have no items either: only a copy shows them.
    envelope.items().next().is_none() && envelope == &Envelope::new()
}

/// How transactions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backend::sentry) enum Form {
    /// As one item that holds its spans.
    Transactions,
    /// The same, with the spans of AI calls beside it, which stand for themselves.
    AiSpans,
    /// As spans that stand for themselves.
    Spans,
}

/// Writes an envelope that leaves at this time.
pub(in crate::backend::sentry) fn write(
    envelope: &Envelope,
    form: Form,
    sent_at: SystemTime,
) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    if envelope.items().next().is_none() {
        envelope.to_writer(&mut out)?;
        return Ok(out);
    }
    let headers = envelope.headers().clone().with_sent_at(sent_at);
    serde_json::to_writer(&mut out, &headers)?;
    out.push(b'\n');
    for item in envelope.items() {
        match item {
            EnvelopeItem::Transaction(transaction) if form == Form::Spans => {
                write_spans(&mut out, &span_item::spans(transaction))?;
            }
            EnvelopeItem::Transaction(transaction) if form == Form::AiSpans => {
                write_with_ai_spans(&mut out, transaction)?;
            }
            EnvelopeItem::Transaction(transaction) => write_transaction(&mut out, transaction)?,
            EnvelopeItem::MonitorCheckIn(check_in) => {
                write_check_in(&mut out, check_in, &serde_json::to_value(&headers)?)?;
            }
            item => write_as_sentry_does(&mut out, item)?,
        }
    }
    Ok(out)
}

fn write_transaction(out: &mut Vec<u8>, transaction: &Transaction<'_>) -> io::Result<()> {
    write_payload(out, &TransactionPayload::of(transaction))
}

fn write_payload(out: &mut Vec<u8>, payload: &TransactionPayload<'_>) -> io::Result<()> {
    let payload = serde_json::to_vec(payload)?;
    writeln!(out, r#"{{"type":"transaction","length":{}}}"#, payload.len())?;
    out.extend_from_slice(&payload);
    out.push(b'\n');
    Ok(())
}

/// Sentry's SDKs for Python and JavaScript take AI calls out of the transaction, too: they may be
/// larger there. A root stays, or there would be no transaction.
fn write_with_ai_spans(out: &mut Vec<u8>, transaction: &Transaction<'_>) -> io::Result<()> {
    let spans = span_item::ai_spans(transaction);
    let payload =
        TransactionPayload { spans: others(transaction), ..TransactionPayload::of(transaction) };
    write_payload(out, &payload)?;
    if spans.is_empty() { Ok(()) } else { write_spans(out, &spans) }
}

fn others<'a>(transaction: &'a Transaction<'_>) -> Vec<SpanPayload<'a>> {
    transaction.spans.iter().filter(|span| !is_ai_span(span)).map(SpanPayload::of).collect()
}

fn write_spans(out: &mut Vec<u8>, spans: &[Value]) -> io::Result<()> {
    let (count, kind) = (spans.len(), span_item::CONTENT_TYPE);
    let payload = serde_json::to_vec(&serde_json::json!({ "version": 2, "items": spans }))?;
    let length = payload.len();
    writeln!(
        out,
        r#"{{"type":"span","item_count":{count},"content_type":"{kind}","length":{length}}}"#
    )?;
    out.extend_from_slice(&payload);
    out.push(b'\n');
    Ok(())
}

/// Sentry's type has no place for the trace; the envelope's headers name it.
fn write_check_in(out: &mut Vec<u8>, item: &MonitorCheckIn, headers: &Value) -> io::Result<()> {
    let mut payload = serde_json::to_value(item)?;
    if let Some(trace_id) = headers.pointer("/trace/trace_id") {
        payload["contexts"] = serde_json::json!({ "trace": { "trace_id": trace_id } });
    }
    let payload = serde_json::to_vec(&payload)?;
    writeln!(out, r#"{{"type":"check_in","length":{}}}"#, payload.len())?;
    out.extend_from_slice(&payload);
    out.push(b'\n');
    Ok(())
}

/// An envelope of its own without the first line, which holds the envelope's headers.
pub(super) fn write_as_sentry_does(out: &mut Vec<u8>, item: &EnvelopeItem) -> io::Result<()> {
    let mut envelope = Envelope::new();
    envelope.add_item(item.clone());
    let mut bytes = Vec::new();
    envelope.to_writer(&mut bytes)?;
    let headers = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    out.extend_from_slice(&bytes[headers..]);
    Ok(())
}

/// The JSON of a transaction.
#[derive(Serialize)]
struct TransactionPayload<'a> {
    event_id: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<&'a str>,
    transaction_info: TransactionInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a Request>,
    tags: &'a Map<String, String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    extra: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sdk: Option<&'a ClientSdkInfo>,
    platform: &'a str,
    start_timestamp: f64,
    timestamp: f64,
    #[serde(skip_serializing_if = "Map::is_empty")]
    measurements: Map<String, Measurement<'a>>,
    contexts: &'a Map<String, Context>,
    spans: Vec<SpanPayload<'a>>,
}

#[derive(Serialize)]
struct TransactionInfo<'a> {
    source: &'a str,
}

/// The JSON of a span.
#[derive(Serialize)]
pub(in crate::backend::sentry) struct SpanPayload<'a> {
    span_id: SpanId,
    trace_id: TraceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<SpanId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_process_as_parent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    op: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    start_timestamp: f64,
    timestamp: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<SpanStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
    tags: &'a Map<String, String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    measurements: Map<String, Measurement<'a>>,
    data: &'a Map<String, Value>,
}

impl<'a> TransactionPayload<'a> {
    fn of(transaction: &'a Transaction<'_>) -> Self {
        let start = transaction.start_timestamp;
        Self {
            event_id: transaction.event_id.simple().to_string(),
            r#type: "transaction",
            transaction: transaction.name.as_deref(),
            transaction_info: TransactionInfo { source: source(transaction) },
            release: transaction.release.as_deref(),
            environment: transaction.environment.as_deref(),
            server_name: transaction.server_name.as_deref(),
            user: transaction.user.as_ref(),
            request: transaction.request.as_ref(),
            tags: &transaction.tags,
            extra: &transaction.extra,
            sdk: transaction.sdk.as_deref(),
            platform: &transaction.platform,
            start_timestamp: seconds(start),
            timestamp: seconds(transaction.timestamp.unwrap_or(start)),
            measurements: root_data(transaction).map(measurements).unwrap_or_default(),
            contexts: &transaction.contexts,
            spans: transaction.spans.iter().map(SpanPayload::of).collect(),
        }
    }
}

impl<'a> SpanPayload<'a> {
    pub(in crate::backend::sentry) fn of(span: &'a Span) -> Self {
        Self {
            span_id: span.span_id,
            trace_id: span.trace_id,
            parent_span_id: span.parent_span_id,
            same_process_as_parent: span.same_process_as_parent,
            op: span.op.as_deref(),
            description: span.description.as_deref(),
            start_timestamp: seconds(span.start_timestamp),
            timestamp: seconds(span.timestamp.unwrap_or(span.start_timestamp)),
            status: span.status,
            origin: span.data.get(ORIGIN).and_then(Value::as_str),
            tags: &span.tags,
            measurements: measurements(&span.data),
            data: &span.data,
        }
    }
}

pub(super) fn source<'a>(transaction: &'a Transaction<'_>) -> &'a str {
    let source = root_data(transaction).and_then(|data| data.get(SOURCE)?.as_str());
    source.unwrap_or("custom")
}

fn root_data<'a>(transaction: &'a Transaction<'_>) -> Option<&'a Map<String, Value>> {
    trace_data(transaction.contexts.get("trace")?)
}

pub(in crate::backend::sentry) fn trace_data(context: &Context) -> Option<&Map<String, Value>> {
    match context {
        Context::Trace(trace) => Some(&trace.data),
        _ => None,
    }
}

pub(super) fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use sentry_core::ClientOptions;
    use sentry_core::protocol::Event;

    use super::*;
    use crate::backend::sentry::{fixture, transaction};

    /// The lines of an envelope as JSON.
    fn lines(envelope: &Envelope, sent_at: SystemTime) -> Vec<Value> {
        let bytes = write(envelope, Form::Transactions, sent_at).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }

    #[test]
    fn a_transaction_has_what_the_types_lack() {
        let record = Arc::new(fixture::transaction(1));
        let mut envelope = Envelope::new();
        envelope.add_item(transaction::build(&record, &ClientOptions::new()).remove(0).0);
        let lines = lines(&envelope, UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        assert_eq!(lines[0]["sent_at"], "2023-11-14T22:13:20Z");
        assert_eq!(lines[1]["type"], "transaction");
        let payload = &lines[2];
        assert_eq!(lines[1]["length"], payload.to_string().len());
        assert_eq!(payload["transaction_info"]["source"], "component");
        let span = &payload["spans"][0];
        assert_eq!(span["origin"], "auto.monitor");
        for timed in [payload, span] {
            let start = timed["start_timestamp"].as_f64().unwrap();
            let duration = timed["timestamp"].as_f64().unwrap() - start;
            assert!((duration - 0.02).abs() < 1e-6, "{duration}");
        }
    }

    #[test]
    fn other_items_are_written_as_sentry_writes_them() {
        let mut envelope = Envelope::new();
        envelope.add_item(Event::new());
        envelope.add_item(
            transaction::build(&fixture::transaction(0), &ClientOptions::new()).remove(0).0,
        );
        let lines = lines(&envelope, SystemTime::now());
        let types: Vec<_> = [&lines[1], &lines[3]].into_iter().map(|line| &line["type"]).collect();
        assert_eq!(types, ["event", "transaction"]);
        assert_eq!(lines[2]["event_id"], lines[0]["event_id"].as_str().unwrap().replace('-', ""));
    }

    #[test]
    fn nothing_and_raw_bytes_are_told_apart() {
        let raw = Envelope::from_bytes_raw(b"{}\n{\"type\":\"x\"}\n{}\n".to_vec()).unwrap();
        assert!(is_empty(&Envelope::new()));
        assert!(!is_empty(&raw));
        assert_eq!(
            write(&raw, Form::Transactions, SystemTime::now()).unwrap(),
            b"{}\n{\"type\":\"x\"}\n{}\n"
        );
    }
}
