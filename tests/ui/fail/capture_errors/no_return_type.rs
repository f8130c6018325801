use monitor_runtime::capture_errors;

#[capture_errors]
fn load() {}

fn main() {
    load();
}
