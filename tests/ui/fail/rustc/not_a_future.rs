use monitor_runtime::traced;

use std::future::Future;

#[traced]
fn load() -> impl Future<Output = u8> {
    5
}

fn main() {}
