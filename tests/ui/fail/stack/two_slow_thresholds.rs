use monitor_runtime::{slow_threshold, traced};

#[slow_threshold(ms = 5)]
#[traced]
#[monitor_runtime::slow_threshold(ms = 10)]
fn load() {}

fn main() {
    load();
}
