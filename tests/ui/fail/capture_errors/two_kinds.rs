use monitor_runtime::capture_errors;

#[capture_errors(kind = database(table = "users"), api(service = "stripe"))]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
