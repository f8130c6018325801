use monitor_runtime::capture_errors;

#[capture_errors(skip_if = |error| error.len())]
fn load() -> Result<u8, String> {
    Ok(1)
}

fn main() {}
