use monitor_runtime::traced;

use std::future::Future;

#[traced]
fn load() -> impl Future<Output = String> {
    async { 5 }
}

fn main() {}
