use monitor_runtime::traced;

#[traced(min_duration = "0ms")]
fn load() {}

fn main() {
    load();
}
