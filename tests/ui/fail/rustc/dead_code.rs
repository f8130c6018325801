#![deny(dead_code)]

use monitor_runtime::traced;

#[traced]
fn never_called() {}

fn main() {}
