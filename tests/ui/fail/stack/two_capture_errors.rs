use monitor_runtime::capture_errors;

#[capture_errors]
#[capture_errors(level = "warning")]
fn load() -> Result<u8, String> {
    Ok(1)
}

fn main() {}
