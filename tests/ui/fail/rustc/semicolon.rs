use monitor_runtime::capture_errors;

#[capture_errors]
fn load() -> Result<u64, String> {
    Ok(1);
}

fn main() {
    load().unwrap();
}
