use futures_util::Stream;
use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", budget = deny("chat"))]
fn ask() -> impl Stream<Item = String> {
    futures_util::stream::iter([])
}

fn main() {
    drop(ask());
}
