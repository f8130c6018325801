//! Futures stay `Send` as long as those of the plain functions are.
#![deny(warnings)]

use std::cell::Cell;

use monitor_runtime::{ai_call, capture_errors, slow_threshold, traced};

fn is_send<T: Send>(_: &T) {}

/// `Send`, but not `Sync`.
struct Lonely(Cell<u8>);

#[traced(fields(id, lonely = lonely.0.get()), tags(id), user = id, context(request(id)))]
#[capture_errors(kind = module(name = id.to_string()), skip_if = |error: &String| error.is_empty())]
#[slow_threshold(ms = 5, rows = |count| *count)]
#[ai_call(provider = "openai", model = id.to_string(), prompt = id, usage = |_| (1, 2))]
async fn everything(lonely: Lonely, id: u64) -> Result<u8, String> {
    std::future::ready(id).await;
    Ok(lonely.0.get())
}

#[traced]
async fn plain(lonely: Lonely) -> u8 {
    std::future::ready(()).await;
    lonely.0.get()
}

fn main() {
    is_send(&everything(Lonely(Cell::new(1)), 1));
    is_send(&plain(Lonely(Cell::new(1))));
}
