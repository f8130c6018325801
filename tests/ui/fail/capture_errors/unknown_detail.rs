use monitor_runtime::capture_errors;

#[capture_errors(database(tabel = "users"))]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
