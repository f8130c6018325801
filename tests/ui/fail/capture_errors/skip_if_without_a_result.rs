use monitor_runtime::capture_errors;

#[capture_errors(panics, skip_if = |_| true)]
fn load() {}

fn main() {
    load();
}
