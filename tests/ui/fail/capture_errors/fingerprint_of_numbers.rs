use monitor_runtime::capture_errors;

#[capture_errors(fingerprint = ["payment", 5])]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
