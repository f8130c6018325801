use monitor_runtime::ai_call;

use futures_util::stream::BoxStream;

#[ai_call(provider = "openai", model = "gpt-4o", usage = |answer| answer.usage())]
fn ask() -> BoxStream<'static, String> {
    Box::pin(futures_util::stream::iter([]))
}

fn main() {}
