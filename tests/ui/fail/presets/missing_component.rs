//! A boundary of nothing.

use monitor_runtime::error_boundary;

#[error_boundary]
fn checkout() {}

fn main() {}
