use monitor_runtime::{slow_threshold, traced};

#[traced(crate = monitor_runtime)]
#[slow_threshold(ms = 5, crate = other)]
fn load() {}

fn main() {}
