use monitor_runtime::capture_errors;

fn is_expected(error: &u8) -> bool {
    *error == 1
}

#[capture_errors(skip_if = is_expected)]
fn load() -> Result<(), String> {
    Ok(())
}

fn main() {
    load().unwrap();
}
