use monitor_runtime::traced;

#[traced(min_duration = "5")]
fn load() {}

fn main() {
    load();
}
