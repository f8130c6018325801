use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use monitor_runtime::ai_call;

struct ChatStream;

impl Stream for ChatStream {
    type Item = String;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<String>> {
        Poll::Ready(None)
    }
}

#[ai_call(provider = "openai", model = "gpt-4o")]
async fn ask() -> Result<ChatStream, String> {
    Ok(ChatStream)
}

fn main() {
    drop(ask());
}
