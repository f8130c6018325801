use monitor_runtime::traced;

use std::future::Future;

#[traced(fields(idd))]
fn load(id: u64) -> impl Future<Output = u64> {
    async move { id }
}

fn main() {}
