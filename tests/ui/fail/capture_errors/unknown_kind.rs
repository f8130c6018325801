use monitor_runtime::capture_errors;

#[capture_errors(kind = databse(table = "users"))]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
