//! A check without a name.

use monitor_runtime::health_check;

#[health_check(name = "")]
fn database() {}

fn main() {}
