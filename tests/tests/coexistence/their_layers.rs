//! Programs with sentry-tower and sentry-tracing in place.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use http::{Request, Response};
use monitor_runtime::traced;
use monitor_tests::Item;
use sentry_core::ClientOptions;
use sentry_tower::{NewSentryLayer, SentryHttpLayer};
use sentry_tracing::SpanLayer;
use serde_json::Value;
use tower::{Layer, Service, ServiceExt, service_fn};
use tracing_subscriber::layer::SubscriberExt;

use crate::{DSN, Theirs};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[traced(op = "db.query")]
async fn load() -> u64 {
    tokio::task::yield_now().await;
    sentry_core::capture_message("below both", sentry_core::Level::Warning);
    parse()
}

#[traced(op = "function")]
fn parse() -> u64 {
    7
}

#[tracing::instrument]
async fn handle() -> u64 {
    tokio::task::yield_now().await;
    load().await
}

fn traces_all(options: ClientOptions) -> ClientOptions {
    options.traces_sample_rate(1.0)
}

fn trace(item: &Item) -> &Value {
    &item.payload["contexts"]["trace"]
}

fn named<'a>(items: &'a [Item], name: &str) -> &'a Item {
    let item = items.iter().find(|item| item.payload["transaction"] == name);
    item.unwrap_or_else(|| panic!("no {name} in {items:#?}"))
}

fn run(future: impl Future) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future);
}

/// A request with headers, through both layers of sentry-tower, to a handler.
async fn request(handler: fn() -> Pin<Box<dyn Future<Output = u64> + Send>>) {
    let service = service_fn(move |_: Request<()>| async move {
        handler().await;
        Ok::<_, Infallible>(Response::new(()))
    });
    let service = SentryHttpLayer::new().enable_transaction().layer(service);
    let mut service = NewSentryLayer::new_from_top().layer(service);
    let request = Request::get("http://shop.example.org/orders");
    let request = request.header("sentry-trace", format!("{TRACE}-00f067aa0ba902b7-1"));
    service.ready().await.unwrap().call(request.body(()).unwrap()).await.unwrap();
}

#[test]
fn a_request_of_sentry_tower_is_continued() {
    let theirs = Theirs::start(traces_all, |config| config.with_dsn(DSN));
    run(request(|| Box::pin(load())));
    let transactions = theirs.items("transaction");
    let (request, ours) = (named(&transactions, "GET /orders"), named(&transactions, "load"));
    assert_eq!(
        (&trace(request)["trace_id"], &trace(ours)["trace_id"]),
        (&TRACE.into(), &TRACE.into())
    );
    assert_eq!(trace(ours)["parent_span_id"], trace(request)["span_id"]);
    let event = &theirs.items("event")[0];
    assert_eq!(
        (&trace(event)["trace_id"], &trace(event)["span_id"]),
        (&TRACE.into(), &trace(ours)["span_id"])
    );
}

#[test]
fn a_span_of_sentry_tracing_is_continued() {
    let theirs = Theirs::start(traces_all, |config| config.with_dsn(DSN));
    let subscriber = tracing_subscriber::registry().with(SpanLayer::new());
    tracing::subscriber::with_default(subscriber, || run(request(|| Box::pin(handle()))));
    let transactions = theirs.items("transaction");
    let (request, ours) = (named(&transactions, "GET /orders"), named(&transactions, "load"));
    let span = &request.payload["spans"][0];
    assert_eq!(span["description"], "handle");
    assert_eq!(trace(ours)["parent_span_id"], span["span_id"]);
    assert_eq!(trace(ours)["trace_id"], TRACE);
    assert_eq!(ours.payload["spans"][0]["description"], "parse");
    assert_eq!(trace(&theirs.items("event")[0])["span_id"], trace(ours)["span_id"]);
}
