use monitor_runtime::capture_errors;

#[capture_errors(level = "warn")]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
