use monitor_runtime::traced;

use futures_util::Stream;

#[traced]
fn list() -> impl Stream<Item = u8> {
    [1, 2]
}

fn main() {}
