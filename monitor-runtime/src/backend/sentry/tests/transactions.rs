use std::collections::HashSet;
use std::sync::Arc;

use sentry_core::protocol::{Context, EnvelopeItem, Transaction};
use serde_json::json;

use super::backend;
use crate::backend::Backend;
use crate::backend::sentry::{fixture, split};
use crate::record::{self, Status};

/// The parts that a transaction is sent as.
fn sent(transaction: record::Transaction) -> Vec<Transaction<'static>> {
    let (backend, kept) = backend();
    backend.transaction(&Arc::new(transaction));
    let items = kept.take().into_iter().flat_map(sentry_core::Envelope::into_items);
    let transaction = |item| match item {
        EnvelopeItem::Transaction(transaction) => *transaction,
        item => panic!("not a transaction: {item:?}"),
    };
    items.map(transaction).collect()
}

fn trace(transaction: &Transaction<'_>) -> sentry_core::protocol::TraceContext {
    match &transaction.contexts["trace"] {
        Context::Trace(trace) => (**trace).clone(),
        context => panic!("not a trace: {context:?}"),
    }
}

#[test]
fn a_transaction_says_all_that_is_known() {
    let (backend, kept) = backend();
    backend.transaction(&Arc::new(fixture::transaction(1)));
    let (headers, payload) = kept.take_one();

    assert_eq!(
        headers["trace"],
        json!({
            "trace_id": fixture::TRACE, "public_key": "key", "org_id": "7",
            "sample_rate": "0.25", "sample_rand": "0.125000", "sampled": "true",
            "release": "shop@1.2.3", "environment": "test", "transaction": "load",
        })
    );
    assert_eq!(headers["sdk"]["name"], "sentry.rust.monitor");
    assert_eq!(headers["event_id"].as_str().unwrap().replace('-', ""), payload["event_id"]);

    assert_eq!(payload["transaction"], "load");
    assert_eq!(payload["platform"], "native");
    assert_eq!(payload["release"], "shop@1.2.3");
    assert_eq!(payload["environment"], "test");
    assert_eq!(payload["server_name"], "host");
    assert_eq!(payload["sdk"]["name"], "sentry.rust.monitor");
    assert_eq!(payload["user"]["id"], "42");
    assert_eq!(payload["user"]["role"], "Dispatcher");
    assert_eq!(payload["tags"], json!({"tenant": "acme", "correlation_id": fixture::TRACE}));
    assert_eq!(payload["contexts"]["order"]["items"], 3);
    let trace = &payload["contexts"]["trace"];
    assert_eq!(trace["trace_id"], fixture::TRACE);
    assert_eq!(trace["span_id"], "0000000000000001");
    assert_eq!((&trace["op"], &trace["status"]), (&json!("db.query"), &json!("ok")));
    assert_eq!(trace["origin"], "auto.monitor");
    assert_eq!(trace["data"]["sentry.source"], "component");

    let span = &payload["spans"][0];
    assert_eq!(span["span_id"], "0000000000000002");
    assert_eq!(span["parent_span_id"], "0000000000000001");
    assert_eq!(span["trace_id"], fixture::TRACE);
    assert_eq!(span["description"], "load");
    assert_eq!(
        span["tags"],
        json!({"parent_operation": "http.server", "correlation_id": fixture::TRACE})
    );
    let data = &span["data"];
    assert_eq!((&data["order"], &data["sentry.origin"]), (&json!(7), &json!("auto.monitor")));
    assert_eq!((&data["monitor.busy_ms"], &data["monitor.idle_ms"]), (&json!(5.0), &json!(15.0)));
    assert_eq!(data["code.namespace"], "shop::orders");
    assert_eq!(data["code.function.name"], "load");
    assert!(data["code.file.path"].as_str().unwrap().ends_with("fixture.rs"));
    assert!(data["code.line.number"].as_u64().unwrap() > 0);
}

#[test]
fn statuses_are_those_of_sentry() {
    let cases = [
        (Status::Ok, "ok"),
        (Status::Error, "internal_error"),
        (Status::Panicked, "internal_error"),
        (Status::Cancelled, "cancelled"),
        (Status::NotFound, "not_found"),
        (Status::Unknown, "unknown_error"),
    ];
    for (status, expected) in cases {
        let mut transaction = fixture::transaction(0);
        transaction.spans[0].status = status;
        assert_eq!(trace(&sent(transaction)[0]).status.unwrap().to_string(), expected);
    }
}

#[test]
fn ai_spans_are_recognised_and_names_say_what_they_are() {
    let mut transaction = fixture::transaction(0);
    transaction.spans[0].set_op("gen_ai.chat");
    transaction.spans[0].set_name("chat small");
    let context = trace(&sent(transaction)[0]);
    assert_eq!(context.origin.as_deref(), Some("auto.ai.monitor"));
    assert_eq!(context.data["sentry.source"], "custom");

    let mut transaction = fixture::transaction(0);
    transaction.spans[0].attributes_mut().push(("http.route".into(), "/orders/{id}".into()));
    assert_eq!(trace(&sent(transaction)[0]).data["sentry.source"], "route");

    let mut transaction = fixture::transaction(0);
    transaction.spans[0].set_op("http.server");
    transaction.spans[0].set_name("GET /orders/{id}");
    assert_eq!(trace(&sent(transaction)[0]).data["sentry.source"], "route");
}

#[test]
fn too_many_spans_go_out_in_parts_of_the_same_trace() {
    let mut transaction = fixture::transaction(2500);
    transaction.spans[2000].times.start += 1_000_000_000;
    let parts = sent(transaction);
    assert!(parts.len() >= 3);
    for part in &parts {
        assert!(part.spans.len() <= split::MAX_SPANS);
        assert!(serde_json::to_vec(part).unwrap().len() < split::MAX_BYTES + 10_000);
    }

    let roots: Vec<_> = parts.iter().map(trace).collect();
    let spans = parts.iter().flat_map(|part| &part.spans);
    let ids: HashSet<_> =
        spans.map(|span| span.span_id).chain(roots.iter().map(|r| r.span_id)).collect();
    assert_eq!(ids.len(), 2500 + parts.len(), "every span once, every part an id of its own");

    for (part, root) in parts.iter().zip(&roots).skip(1) {
        assert_eq!(
            (root.trace_id, root.parent_span_id),
            (roots[0].trace_id, Some(roots[0].span_id))
        );
        assert_eq!((&part.name, &root.op), (&parts[0].name, &roots[0].op));
        assert!(part.spans.iter().all(|span| {
            span.start_timestamp >= part.start_timestamp && span.timestamp <= part.timestamp
        }));
    }
    let ids: HashSet<_> = parts.iter().map(|part| part.event_id).collect();
    assert_eq!(ids.len(), parts.len());
}

#[test]
fn long_texts_make_parts_too() {
    let mut transaction = fixture::transaction(10);
    for span in &mut transaction.spans {
        span.attributes_mut().push(("text".into(), "x".repeat(100_000).into()));
    }
    let parts = sent(transaction);
    assert_eq!(parts.iter().map(|part| part.spans.len()).sum::<usize>(), 10);
    for part in parts {
        assert!(serde_json::to_vec(&part).unwrap().len() < split::MAX_BYTES + 10_000);
    }
}
