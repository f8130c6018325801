use monitor_runtime::capture_errors;

use std::future::Future;
use std::pin::Pin;

#[capture_errors]
fn ask() -> Pin<Box<dyn Future<Output = String> + Send>> {
    Box::pin(async { String::new() })
}

fn main() {}
