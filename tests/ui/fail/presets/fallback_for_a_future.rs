//! A fallback where the function returns before anything panics.

use std::future::Future;

use monitor_runtime::error_boundary;

#[error_boundary(component = "checkout", fallback = 0)]
fn checkout() -> impl Future<Output = u8> {
    async { 1 }
}

fn main() {}
