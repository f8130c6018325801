use monitor_runtime::slow_threshold;

#[slow_threshold(ms = 0)]
fn load() {}

fn main() {
    load();
}
