//! What is written beside what the types would make of the same records.

mod dice;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sentry_core::protocol::{Envelope, Value as Json};
use sentry_core::{Client, ClientOptions};

use self::dice::Dice;
use super::super::transport::{Form, write};
use super::super::{event, fit, fixture, headers, transaction};
use super::{Writer, Written};
use crate::record::{Transaction, Value};

fn options() -> ClientOptions {
    let mut options = ClientOptions::new();
    options.dsn = Some("https://k\"ey@o7.ingest.sentry.io/42".parse().unwrap());
    options.release = Some("shop@1.2.3 \"x\"".into());
    options.environment = Some("tést".into());
    options.server_name = Some("host\n".into());
    options
}

/// The lines of an envelope but for the time at which it left.
fn lines(bytes: &[u8]) -> Vec<Json> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut lines: Vec<Json> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert!(lines[0].as_object_mut().unwrap().remove("sent_at").is_some());
    // The order of fields and blanks differ, so the length may; it must be right for each.
    let length = lines[1].as_object_mut().unwrap().remove("length").unwrap();
    let payload = bytes.split(|byte| *byte == b'\n').nth(2).unwrap();
    assert_eq!(length, payload.len());
    lines
}

fn written(written: &Written) -> Vec<Json> {
    lines(&written.bytes(SystemTime::now()))
}

fn typed(
    item: impl Into<sentry_core::protocol::EnvelopeItem>,
    headers: sentry_core::protocol::EnvelopeHeaders,
) -> Vec<Json> {
    let mut envelope = Envelope::new().with_headers(headers);
    envelope.add_item(item);
    lines(&write(&envelope, Form::AiSpans, SystemTime::now()).unwrap())
}

fn compare(transaction: &Transaction, options: &ClientOptions) {
    let writer = Writer::new(options);
    let parts = writer.transaction(transaction, Form::AiSpans).unwrap();
    let typed = transaction::build(transaction, options).into_iter().map(|(part, _)| {
        let headers = headers::for_transaction(&part, transaction, options);
        typed(part, headers)
    });
    let (parts, typed): (Vec<_>, Vec<_>) = (parts.collect(), typed.collect());
    assert_eq!(parts.len(), typed.len());
    for (part, typed) in parts.iter().zip(typed) {
        pretty_assert(&written(part), &typed);
        let spans = typed[2]["spans"].as_array().unwrap().len() as u64;
        assert_eq!(part.contents().map(|(_, n)| n).collect::<Vec<_>>(), [1, spans + 1]);
    }
}

/// Names the field that differs: the whole would be too much to read.
fn pretty_assert(left: &[Json], right: &[Json]) {
    fn differs(at: &str, left: &Json, right: &Json) {
        match (left, right) {
            (Json::Object(l), Json::Object(r)) => {
                assert_eq!(l.keys().collect::<Vec<_>>(), r.keys().collect::<Vec<_>>(), "{at}");
                l.iter().for_each(|(key, l)| differs(&format!("{at}.{key}"), l, &r[key]));
            }
            (Json::Array(l), Json::Array(r)) => {
                assert_eq!(l.len(), r.len(), "{at}");
                l.iter().zip(r).for_each(|(l, r)| differs(&format!("{at}[]"), l, r));
            }
            // As text they are exact; the types' go through a float, in which times lie 240 ns apart.
            (Json::Number(l), Json::Number(r)) if at.ends_with("timestamp") => {
                let apart = l.as_f64().unwrap() - r.as_f64().unwrap();
                assert!(apart.abs() < 1e-6, "{at}: {left} {right}");
            }
            _ => assert_eq!(left, right, "{at}"),
        }
    }
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).for_each(|(left, right)| differs("", left, right));
}

#[test]
fn transactions_are_what_the_types_make_of_them() {
    let (options, bare) = (options(), ClientOptions::new());
    let mut dice = Dice(1);
    for round in 0..400 {
        let children = [0, 1, 5][round % 3];
        let transaction = dice.transaction(children);
        compare(&transaction, if round % 10 == 0 { &bare } else { &options });
    }
    // As parts, of which some hold a span that is cut.
    let mut large = fixture::transaction(2300);
    *large.spans[7].attributes_mut() = vec![
        ("small".into(), 1.into()),
        ("large".into(), Value::List(vec!["\u{1}".repeat(8000).into(); 40])),
    ];
    compare(&large, &options);
}

#[test]
fn events_are_what_the_types_make_of_them() {
    let options = options();
    let client = Client::with_options(options.clone());
    let writer = Writer::new(&options);
    let mut dice = Dice(2);
    let mut event = dice.event();
    for round in 0..1200 {
        // Much of an event is kept for the next one that says the same, or almost.
        match round % 3 {
            0 => event = dice.event(),
            1 => dice.change(&mut event),
            _ => {}
        }
        let prepared = client.prepare_event(event::build(&event), None).unwrap();
        let headers = headers::for_event(&prepared, &event, &options);
        let mut typed = typed(prepared, headers);
        let written = writer.event(&event).unwrap();
        assert!(written.is_event());
        let mut written = self::written(&written);
        if event.span_id.is_none() {
            // Random in both.
            for lines in [&mut typed, &mut written] {
                lines[2]["contexts"]["trace"]["span_id"] = Json::Null;
            }
        }
        pretty_assert(&written, &typed);
    }
}

#[test]
fn events_that_are_too_large_are_left_to_the_types() {
    let mut event = fixture::event();
    assert!(Writer::new(&options()).event(&event).is_some());
    let long = Value::from("x".repeat(fit::TEXT));
    event.contexts.push(("large".into(), vec![("list".into(), Value::List(vec![long; 130]))]));
    assert!(Writer::new(&options()).event(&event).is_none());
}

#[test]
fn what_others_read_is_left_to_the_types() {
    let writer = Writer::new(&options());
    let mut ai = fixture::transaction(2);
    assert!(writer.transaction(&ai, Form::Transactions).is_some());
    assert!(writer.transaction(&ai, Form::Spans).is_none());
    ai.spans[2].set_op("gen_ai.chat");
    assert!(writer.transaction(&ai, Form::Transactions).is_none());
}

#[test]
fn the_time_of_leaving_is_that_of_the_attempt() {
    let writer = Writer::new(&options());
    let event = writer.event(&fixture::event()).unwrap();
    let head = |at: SystemTime| {
        let bytes = event.bytes(at);
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let head: Json = serde_json::from_slice(&bytes[..end]).unwrap();
        head["sent_at"].as_str().unwrap().to_owned()
    };
    // The same envelope, tried again after a day and on a clock that was set back.
    assert_eq!(head(UNIX_EPOCH + Duration::from_secs(1_700_000_000)), "2023-11-14T22:13:20Z");
    let later = SystemTime::now() + Duration::from_secs(86_400);
    assert_eq!(head(later), crate::time_text::rfc3339(later));
}

#[test]
fn memory_is_used_again() {
    let writer = Writer::new(&options());
    let first = writer.event(&fixture::event()).unwrap();
    let memory = first.bytes.as_ptr();
    drop(first);
    assert_eq!(writer.event(&fixture::event()).unwrap().bytes.as_ptr(), memory);
}
