use monitor_runtime::capture_errors;

#[capture_errors(api = "stripe")]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
