use monitor_runtime::slow_threshold;

use futures_util::Stream;

#[slow_threshold(ms = 200, rows = |rows| rows.len())]
fn list() -> impl Stream<Item = u8> {
    futures_util::stream::iter([1])
}

fn main() {}
