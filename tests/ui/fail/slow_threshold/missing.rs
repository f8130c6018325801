use monitor_runtime::slow_threshold;

#[slow_threshold(watchdog)]
fn load() {}

fn main() {
    load();
}
