use monitor_runtime::slow_threshold;

#[slow_threshold(ms = "1000")]
fn load() {}

fn main() {
    load();
}
