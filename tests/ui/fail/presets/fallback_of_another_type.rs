//! A fallback that isn't what the function returns.

use monitor_runtime::error_boundary;

#[error_boundary(component = "checkout", fallback = "sorry")]
fn checkout() -> u8 {
    1
}

fn main() {}
