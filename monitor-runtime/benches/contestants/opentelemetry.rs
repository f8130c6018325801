//! OpenTelemetry's SDK with its batch processor, by hand: it has no attribute. The mode is an
//! environment variable, `MODE`; `queue` has the queue of its defaults, which loses spans here.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use monitor_benches::work::{Refused, SHAPE, Shape, Yields, step};
use monitor_benches::{Contestant, cases};
use opentelemetry::trace::{FutureExt, Span, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, ContextGuard, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanData,
    SpanExporter,
};

static TRACER: OnceLock<SdkTracer> = OnceLock::new();
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

fn start(name: &'static str, parent: &Context) -> Context {
    let tracer = TRACER.get().expect("set by main");
    let builder = tracer.span_builder(name).with_kind(SpanKind::Internal);
    parent.with_span(tracer.build_with_context(builder, parent))
}

fn enter(name: &'static str) -> ContextGuard {
    start(name, &Context::current()).attach()
}

fn enter_root(name: &'static str) -> ContextGuard {
    start(name, &Context::new()).attach()
}

#[inline(never)]
fn leaf(n: u64) -> u64 {
    let _span = enter("leaf");
    step(n)
}

fn root(n: u64) -> u64 {
    let _span = enter_root("root");
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[inline(never)]
fn nested(depth: u64) -> u64 {
    let _span = enter("nested");
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

fn root_nested(n: u64) -> u64 {
    let _span = enter_root("root_nested");
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    let tracer = TRACER.get().expect("set by main");
    let mut span = tracer.start("fields");
    span.set_attribute(KeyValue::new("id", id as i64));
    span.set_attribute(KeyValue::new("offset", offset));
    span.set_attribute(KeyValue::new("name", name.to_owned()));
    span.set_attribute(KeyValue::new("shape", format!("{shape:?}")));
    let _span = Context::current_with_span(span).attach();
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

fn root_fields(n: u64) -> u64 {
    let _span = enter_root("root_fields");
    (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
}

#[inline(never)]
fn fallible(n: u64) -> Result<u64, Refused> {
    let _span = enter("fallible");
    let outcome = if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) };
    if let Err(error) = &outcome {
        Context::map_current(|cx| cx.span().record_error(error));
    }
    outcome
}

fn root_ok(n: u64) -> u64 {
    let _span = enter_root("root_ok");
    (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
}

fn root_stacked(n: u64) -> u64 {
    root_ok(n)
}

fn root_err(n: u64) -> u64 {
    let _span = enter_root("root_err");
    (0..n).fold(0, |sum, _| sum ^ fallible(u64::MAX).unwrap_or(1))
}

async fn ready(n: u64) -> u64 {
    let work = async move { step(n) };
    work.with_context(start("ready", &Context::current())).await
}

async fn yielding(n: u64) -> u64 {
    let work = async move {
        Yields(10).await;
        step(n)
    };
    work.with_context(start("yielding", &Context::current())).await
}

async fn root_async(n: u64, yields: bool) -> u64 {
    let work = async move {
        let mut sum = 0;
        for _ in 0..n {
            sum = if yields { yielding(sum).await } else { ready(sum).await };
        }
        sum
    };
    work.with_context(start("root_async", &Context::new())).await
}

fn orphan(n: u64) -> u64 {
    leaf(n)
}

static DELIVERED: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
struct Collecting;

impl SpanExporter for Collecting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let children = batch.iter().filter(|span| !span.name.starts_with("root"));
        DELIVERED.fetch_add(children.count() as u64, Ordering::Relaxed);
        Ok(())
    }
}

fn main() {
    let mode = std::env::var("MODE").unwrap_or_default();
    let queue = if mode == "queue" { 2048 } else { 1 << 20 };
    let batch = BatchConfigBuilder::default().with_max_queue_size(queue).build();
    let processor = BatchSpanProcessor::builder(Collecting).with_batch_config(batch).build();
    let sampler = if mode == "unsampled" { Sampler::AlwaysOff } else { Sampler::AlwaysOn };
    let provider = SdkTracerProvider::builder()
        .with_span_processor(processor)
        .with_sampler(Sampler::ParentBased(Box::new(sampler)))
        .build();
    let _ = TRACER.set(provider.tracer("benches"));
    let _ = PROVIDER.set(provider);
    monitor_benches::run(&Contestant {
        cases: cases!(),
        batch: 20_000,
        flush: || {
            let _ = PROVIDER.get().map(SdkTracerProvider::force_flush);
        },
        delivered: || DELIVERED.load(Ordering::Relaxed),
    });
}
