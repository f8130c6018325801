//! Streams of answers that stay open for longer than they should.

use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};
use monitor_runtime::record::{EventKind, MetricValue, Span, Value};
use monitor_runtime::{
    Config, Level, MockBackend, MockGuard, Status, Usage, ai_call, testing, traced,
};

const MINUTE: Duration = Duration::from_secs(60);

/// One piece, and then nothing for ever.
#[ai_call(provider = "openai", model = "gpt-4o")]
fn stalls() -> BoxStream<'static, Usage> {
    stream::iter([Usage::new(10, 3)]).chain(stream::pending()).boxed()
}

#[ai_call(provider = "openai", model = model, max_open = "2m")]
async fn stalls_earlier(model: &str) -> Result<BoxStream<'static, Usage>, String> {
    let _ = model;
    Ok(stream::pending().boxed())
}

#[traced(op = "http.server", name = "POST /chat")]
async fn handle() -> BoxStream<'static, Usage> {
    let mut stream = stalls();
    stream.next().await.unwrap();
    stream
}

fn total(span: &Span) -> Option<u64> {
    span.attribute("gen_ai.usage.total_tokens").and_then(Value::as_u64)
}

fn install(config: Config) -> MockGuard {
    MockBackend::install_with(config.with_traces_sample_rate(1.0).with_metrics(true))
}

fn overdue(mock: &MockGuard) -> f64 {
    let metrics = mock.metrics();
    let named = metrics.iter().filter(|metric| metric.name == "gen_ai.client.streams.overdue");
    named
        .map(|metric| match metric.value {
            MetricValue::Counter(count) => count as f64,
            _ => f64::NAN,
        })
        .sum()
}

#[tokio::test]
async fn it_is_told_while_it_is_open_and_once() {
    let mock = install(Config::new());
    let stream = handle().await;
    testing::advance(MINUTE * 9);
    mock.assert_no_events();
    testing::advance(MINUTE * 2);
    let event = mock.event("Stream still open: chat gpt-4o");
    assert_eq!((event.kind, event.level), (EventKind::Slow, Level::Warning));
    assert_eq!(event.context_value("slow", "limit_ms"), Some(&600_000.0.into()));
    let open = event.context_value("slow", "open_ms").and_then(Value::as_f64).unwrap();
    assert!((600_000.0..720_000.0).contains(&open), "{open}");
    // What is known of the answer by then.
    assert_eq!(event.context_value("ai", "output_tokens"), Some(&3_u64.into()));
    assert_eq!(event.context_value("ai", "chunks"), Some(&1_u64.into()));
    assert_eq!(event.tag("ai.model"), Some("gpt-4o"));
    assert_eq!(event.transaction.as_deref(), Some("POST /chat"));
    testing::advance(MINUTE * 60);
    assert_eq!((mock.events().len(), overdue(&mock)), (1, 1.0));
    // The span goes on.
    drop(stream);
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.status, total(&span)), (Status::Ok, Some(13)));
    assert_eq!(event.span_id, Some(span.id));
}

#[tokio::test]
async fn one_that_ends_in_time_isn_t_told_of() {
    let mock = install(Config::new());
    drop(handle().await);
    let read = stalls().take(1).count().await;
    let refused = stalls_earlier("gpt-5").await;
    testing::advance(MINUTE);
    drop(refused);
    testing::advance(MINUTE * 60);
    mock.assert_no_events();
    assert_eq!((read, overdue(&mock)), (1, 0.0));
}

#[tokio::test]
async fn the_attribute_s_limit_goes_first() {
    let mock = install(Config::new().with_ai_max_open(Duration::ZERO));
    let (stream, other) = (stalls_earlier("gpt-5").await, stalls());
    testing::advance(MINUTE * 3);
    assert_eq!(mock.event("Stream still open").tag("ai.model"), Some("gpt-5"));
    testing::advance(MINUTE * 600);
    assert_eq!(mock.events().len(), 1, "the others may be open for as long as they like");
    drop((stream, other));
}

#[tokio::test]
async fn a_forgotten_one_is_told_of_where_nothing_is_sampled() {
    let config = Config::new().with_ai_max_open(MINUTE).with_metrics(true);
    let mock = MockBackend::install_with(config.with_traces_sample_rate(0.0));
    std::mem::forget(handle().await);
    testing::advance(MINUTE * 2);
    mock.event("Stream still open: chat gpt-4o");
    assert_eq!(overdue(&mock), 1.0);
}

#[tokio::test]
async fn of_more_than_10_000_the_first_ones_are_told_of() {
    let config = Config::new().with_ai_max_open(MINUTE).with_metrics(true);
    let mock = MockBackend::install_with(config.with_traces_sample_rate(0.0));
    let streams: Vec<_> = (0..10_100).map(|_| stalls()).collect();
    testing::advance(MINUTE * 2);
    assert_eq!(overdue(&mock), 10_000.0);
    // A callsite has its share of events.
    let events = mock.events().len();
    assert!((1..100).contains(&events), "{events}");
    drop(streams);
    // There is room again.
    let stream = stalls();
    testing::advance(MINUTE * 2);
    assert_eq!(overdue(&mock), 10_001.0);
    drop(stream);
}
