use monitor_runtime::capture_errors;

use std::future::Future;

#[capture_errors]
fn ask() -> impl Future<Output = u64> {
    async { 1 }
}

fn main() {}
