use monitor_runtime::{slow_threshold, traced};

#[traced]
#[slow_threshold = 5]
fn load() {}

fn main() {
    load();
}
