use futures_util::stream::BoxStream;
use monitor_runtime::ai_call;

#[ai_call(provider = "openai", model = "gpt-4o", budget = deny("chat"))]
async fn ask() -> Result<BoxStream<'static, String>, std::io::Error> {
    Ok(Box::pin(futures_util::stream::empty()))
}

fn main() {
    drop(ask());
}
