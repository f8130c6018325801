use futures_util::stream::BoxStream;
use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", usage = |_| (tokens, 0))]
fn ask(tokens: u64) -> BoxStream<'static, String> {
    let _ = tokens;
    Box::pin(futures_util::stream::iter([]))
}

fn main() {
    drop(ask(1));
}
