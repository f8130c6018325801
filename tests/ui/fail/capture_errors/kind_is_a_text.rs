use monitor_runtime::capture_errors;

#[capture_errors(kind = "database")]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
