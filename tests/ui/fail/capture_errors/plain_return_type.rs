use monitor_runtime::capture_errors;

#[capture_errors]
async fn load() -> Vec<String> {
    Vec::new()
}

fn main() {
    drop(load());
}
