//! AI calls that give a stream: the span goes on with it, whatever becomes of it.

use std::borrow::Cow;
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use monitor_runtime::record::{Span, Value};
use monitor_runtime::{
    Config, MockBackend, Status, TokenUsage, Usage, ai_call, current_span, testing, traced,
};

use crate::failure::Refused;

/// A piece of an answer, as a client gives it.
#[derive(Clone, Default)]
struct Chunk {
    text: &'static str,
    usage: Option<Usage>,
    finish: Option<&'static str>,
}

impl TokenUsage for Chunk {
    fn token_usage(&self) -> Option<Usage> {
        self.usage
    }

    fn finish_reasons(&self) -> Vec<Cow<'_, str>> {
        self.finish.map(Cow::from).into_iter().collect()
    }

    fn has_content(&self) -> bool {
        !self.text.is_empty()
    }
}

fn text(text: &'static str) -> Chunk {
    Chunk { text, ..Chunk::default() }
}

fn used(input: u64, output: u64) -> Chunk {
    Chunk { usage: Some(Usage::new(input, output)), ..Chunk::default() }
}

fn finished() -> Chunk {
    Chunk { finish: Some("stop"), ..Chunk::default() }
}

/// A client's own name for its stream, as that of async-openai.
type ChatStream = Pin<Box<dyn Stream<Item = Result<Chunk, Refused>> + Send>>;

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn ask(items: Vec<Result<Chunk, Refused>>) -> Result<ChatStream, Refused> {
    tokio::task::yield_now().await;
    Ok(Box::pin(stream::iter(items).map(|item| {
        // Each piece takes its time.
        testing::advance(Duration::from_secs(10));
        item
    })))
}

fn u64_of(span: &Span, key: &str) -> Option<u64> {
    span.attribute(key).and_then(Value::as_u64)
}

#[tokio::test]
async fn the_span_lasts_as_long_as_the_stream() {
    let mock = MockBackend::install();
    let role = Chunk::default();
    let items = vec![role, text("a"), used(3, 1), text("b"), finished(), used(10, 7)];
    let mut stream = ask(items.into_iter().map(Ok).collect()).await.unwrap();
    assert_eq!(current_span().span_id(), None, "nothing is current between polls");
    assert!(mock.spans().is_empty(), "the answer has only begun");
    while stream.next().await.is_some() {}
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.op(), span.status), ("gen_ai.chat", Status::Ok));
    assert!(span.duration() >= Duration::from_secs(60), "{:?}", span.duration());
    // Counts are totals so far: the last one is all that there is.
    assert_eq!(u64_of(&span, "gen_ai.usage.input_tokens"), Some(10));
    assert_eq!(u64_of(&span, "gen_ai.usage.output_tokens"), Some(7));
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(6));
    assert_eq!(span.attribute("gen_ai.response.streaming"), Some(&Value::Bool(true)));
    assert_eq!(span.attribute("gen_ai.response.finish_reasons"), Some(&"[\"stop\"]".into()));
    // The first piece says only who speaks.
    let first = span.attribute("gen_ai.response.time_to_first_chunk").and_then(Value::as_f64);
    let first = first.unwrap();
    assert!((20.0..60.0).contains(&first), "{first}");
    drop(stream);
    assert_eq!(mock.spans().len(), 1);
}

#[tokio::test]
async fn an_error_among_the_items_does_not_end_the_span() {
    let mock = MockBackend::install();
    let items = vec![Ok(text("a")), Err(Refused("one")), Err(Refused("two")), Ok(used(5, 2))];
    let stream = ask(items).await.unwrap();
    assert_eq!(stream.collect::<Vec<_>>().await.len(), 4);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Error);
    assert_eq!(u64_of(&span, "gen_ai.usage.input_tokens"), Some(5));
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(2));
    let event = mock.event("refused by one");
    assert_eq!(event.mechanism.kind, "ai_call");
    assert_eq!(event.context_value("ai", "operation"), Some(&"chat".into()));
    assert_eq!(mock.event("refused by two").tag("ai.model"), Some("gpt-4o"));
}

#[tokio::test]
async fn a_stream_that_nobody_reads_to_the_end_keeps_its_span() {
    let mock = MockBackend::install();
    let mut stream = ask(vec![Ok(text("a")), Ok(text("b"))]).await.unwrap();
    assert!(stream.next().await.is_some());
    drop(stream);
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Cancelled);
    assert_eq!(span.attribute("error.type"), Some(&"abandoned".into()));
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(1));
    assert_eq!(span.attribute("gen_ai.usage.input_tokens"), None);
    assert!(mock.events().is_empty(), "that is no error");
}

#[tokio::test]
async fn a_reader_that_stops_at_the_end_of_the_answer_abandons_nothing() {
    let mock = MockBackend::install();
    let mut stream = ask(vec![Ok(text("a")), Ok(finished()), Ok(used(1, 1))]).await.unwrap();
    stream.next().await;
    stream.next().await;
    drop(stream);
    let span = mock.span("chat gpt-4o");
    assert_eq!((span.status, span.attribute("error.type")), (Status::Ok, None));
}

#[tokio::test]
async fn an_abandoned_stream_keeps_the_tokens_that_it_knows() {
    let mock = MockBackend::install();
    let mut stream = ask(vec![Ok(used(12, 1)), Ok(text("a")), Ok(text("b"))]).await.unwrap();
    stream.next().await;
    drop(stream);
    let span = mock.span("chat gpt-4o");
    assert_eq!(u64_of(&span, "gen_ai.usage.input_tokens"), Some(12));
    assert_eq!(span.status, Status::Ok);
}

#[tokio::test]
async fn a_stream_that_is_dropped_before_its_first_item_was_made_for_nothing() {
    let mock = MockBackend::install();
    drop(ask(vec![Ok(text("a"))]).await.unwrap());
    let span = mock.span("chat gpt-4o");
    assert_eq!(span.status, Status::Cancelled);
    assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(0));
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn never_begins() -> Result<ChatStream, Refused> {
    pending().await
}

#[test]
fn a_call_that_is_dropped_before_there_is_a_stream_is_cancelled() {
    let mock = MockBackend::install();
    {
        let mut future = pin!(never_begins());
        let mut cx = TaskContext::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
    }
    assert_eq!(mock.span("chat gpt-4o").status, Status::Cancelled);
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn refused() -> Result<ChatStream, Refused> {
    Err(Refused("the provider"))
}

#[tokio::test]
async fn a_call_that_fails_has_no_stream() {
    let mock = MockBackend::install();
    assert!(refused().await.is_err());
    assert_eq!(mock.span("chat gpt-4o").status, Status::Error);
    assert_eq!(mock.event("refused by the provider").tag("ai.provider"), Some("openai"));
}

#[traced]
fn look_up() {}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn looks_up() -> Result<ChatStream, Refused> {
    Ok(Box::pin(stream::poll_fn(|_| {
        look_up();
        Poll::Ready(None)
    })))
}

#[traced]
async fn request() {
    let stream = looks_up().await.unwrap();
    look_up();
    assert_eq!(stream.count().await, 0);
}

#[tokio::test]
async fn the_span_is_current_in_each_poll_and_only_there() {
    let mock = MockBackend::install();
    request().await;
    let tree = mock.snapshot();
    let names: Vec<&str> = tree.lines().filter(|line| line.ends_with("] ok")).collect();
    assert_eq!(
        names,
        [
            "transaction request [function] ok",
            "  chat gpt-4o [gen_ai.chat] ok",
            "    look_up [function] ok",
            "  look_up [function] ok",
        ]
    );
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn panics() -> Result<ChatStream, Refused> {
    Ok(Box::pin(stream::poll_fn(|_| panic!("in the client"))))
}

#[tokio::test]
async fn a_panic_in_a_poll_ends_the_span() {
    let mock = MockBackend::install();
    let mut stream = panics().await.unwrap();
    let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        stream.poll_next_unpin(&mut TaskContext::from_waker(Waker::noop()))
    }));
    assert!(polled.is_err());
    drop(stream);
    assert_eq!(mock.span("chat gpt-4o").status, Status::Panicked);
}

#[tokio::test]
async fn a_stream_may_be_read_on_another_thread() {
    let mock = MockBackend::install();
    let stream = ask(vec![Ok(text("a")), Ok(used(2, 3))]).await.unwrap();
    let read = std::thread::spawn(|| {
        let mut stream = stream;
        let mut cx = TaskContext::from_waker(Waker::noop());
        while !matches!(stream.poll_next_unpin(&mut cx), Poll::Ready(None)) {}
    });
    read.join().unwrap();
    assert_eq!(u64_of(&mock.span("chat gpt-4o"), "gen_ai.usage.output_tokens"), Some(3));
}

fn chunks() -> impl Stream<Item = Chunk> + Send + 'static {
    stream::iter([text("a"), used(4, 2)])
}

#[ai_call(provider = "openai", model = "opaque")]
fn opaque() -> impl Stream<Item = Chunk> {
    chunks()
}

#[ai_call(provider = "openai", model = "boxed")]
fn boxed() -> BoxStream<'static, Chunk> {
    chunks().boxed()
}

#[ai_call(provider = "openai", model = "sync result")]
fn in_a_result() -> Result<BoxStream<'static, Chunk>, Refused> {
    Ok(chunks().boxed())
}

#[ai_call(provider = "openai", model = "opaque in a result")]
async fn opaque_in_a_result() -> Result<impl Stream<Item = Chunk>, Refused> {
    Ok(chunks())
}

#[ai_call(provider = "openai", model = "async")]
async fn itself() -> Pin<Box<dyn Stream<Item = Chunk>>> {
    Box::pin(chunks())
}

#[ai_call(provider = "openai", model = "future")]
fn by_a_future() -> Pin<Box<dyn Future<Output = Result<ChatStream, Refused>> + Send>> {
    Box::pin(async { Ok::<ChatStream, _>(Box::pin(chunks().map(Ok))) })
}

#[ai_call(provider = "openai", model = "plain box")]
fn in_a_plain_box() -> Box<dyn Stream<Item = Chunk> + Send + Unpin> {
    Box::new(chunks())
}

/// A name that says nothing.
type Pieces = BoxStream<'static, Chunk>;

#[ai_call(provider = "openai", model = "alias", stream)]
async fn by_an_alias() -> Option<Pieces> {
    Some(chunks().boxed())
}

#[async_trait::async_trait]
trait Client {
    async fn chat(&self) -> Result<ChatStream, Refused>;
}

struct Real;

#[async_trait::async_trait]
impl Client for Real {
    #[ai_call(provider = "openai", model = "trait")]
    async fn chat(&self) -> Result<ChatStream, Refused> {
        Ok(Box::pin(chunks().map(Ok)))
    }
}

#[tokio::test]
async fn every_form_of_a_stream_keeps_its_type_and_its_span() {
    let mock = MockBackend::install();
    assert_eq!(opaque().count().await, 2);
    assert_eq!(boxed().count().await, 2);
    assert_eq!(in_a_result().unwrap().count().await, 2);
    assert_eq!(opaque_in_a_result().await.unwrap().count().await, 2);
    assert_eq!(itself().await.count().await, 2);
    assert_eq!(by_a_future().await.unwrap().count().await, 2);
    assert_eq!(by_an_alias().await.unwrap().count().await, 2);
    assert_eq!(Real.chat().await.unwrap().count().await, 2);
    assert_eq!(in_a_plain_box().count().await, 2);
    for model in [
        "opaque",
        "boxed",
        "sync result",
        "opaque in a result",
        "async",
        "future",
        "alias",
        "trait",
        "plain box",
    ] {
        let span = mock.span(&format!("chat {model}"));
        assert_eq!(u64_of(&span, "gen_ai.usage.input_tokens"), Some(4), "{model}");
        assert_eq!(u64_of(&span, "monitor.ai.chunks"), Some(2), "{model}");
        assert_eq!(span.status, Status::Ok, "{model}");
    }
}

#[ai_call(
    provider = "openai",
    model = "gpt-4o",
    usage = |chunk| chunk.len().checked_sub(3).map(|tokens| (1, tokens as u64)),
    finish_reason = |chunk| chunk.strip_prefix("end: "),
    output = String::as_str,
)]
fn of_texts() -> BoxStream<'static, String> {
    stream::iter(["to", "gether", "end: stop"].map(str::to_owned)).boxed()
}

#[tokio::test]
async fn what_the_attribute_reads_it_reads_from_each_item() {
    let config = Config::new().with_traces_sample_rate(1.0).with_ai_outputs(true);
    let mock = MockBackend::install_with(config);
    assert_eq!(of_texts().count().await, 3);
    let span = mock.span("chat gpt-4o");
    assert_eq!(u64_of(&span, "gen_ai.usage.output_tokens"), Some(6));
    assert_eq!(span.attribute("gen_ai.response.finish_reasons"), Some(&"[\"stop\"]".into()));
    let output = span.attribute("gen_ai.output.messages").and_then(Value::as_str).unwrap();
    assert!(output.contains("togetherend: stop"), "{output}");
}

#[ai_call(provider = "openai", model = "gpt-4o", slow_ttft(ms = 15000))]
async fn slow(pieces: Vec<Chunk>) -> Result<ChatStream, Refused> {
    ask(pieces.into_iter().map(Ok).collect()).await
}

#[tokio::test]
async fn an_answer_that_begins_late_is_a_warning() {
    let mock = MockBackend::install();
    assert_eq!(slow(vec![text("a")]).await.unwrap().count().await, 1);
    assert!(mock.events().is_empty());
    assert_eq!(slow(vec![Chunk::default(), text("a"), text("b")]).await.unwrap().count().await, 3);
    let event = mock.event("Slow to answer: chat gpt-4o");
    let millis = event.context_value("slow", "time_to_first_chunk_ms").and_then(Value::as_f64);
    assert!(millis.unwrap() >= 20_000.0, "{millis:?}");
    assert_eq!(mock.events().len(), 1);
}

#[tokio::test]
async fn nothing_is_recorded_of_an_unsampled_stream() {
    let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.0));
    let stream = ask(vec![Ok(text("a")), Err(Refused("one"))]).await.unwrap();
    assert_eq!(stream.count().await, 2);
    assert!(mock.spans().is_empty());
    assert_eq!(mock.event("refused by one").tag("ai.model"), Some("gpt-4o"));
}
