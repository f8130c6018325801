use monitor_runtime::slow_threshold;

#[slow_threshold(ms = 1.5)]
fn load() {}

fn main() {
    load();
}
