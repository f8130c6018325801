use monitor_runtime::capture_errors;

use futures_util::Stream;

#[capture_errors]
fn list() -> impl Stream<Item = u8> {
    futures_util::stream::iter([1])
}

fn main() {}
