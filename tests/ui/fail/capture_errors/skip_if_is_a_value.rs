use monitor_runtime::capture_errors;

#[capture_errors(skip_if = true)]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
