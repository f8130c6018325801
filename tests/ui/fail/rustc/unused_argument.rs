#![deny(unused_variables)]

use monitor_runtime::capture_errors;

#[capture_errors]
fn load(id: u64) -> Result<(), String> {
    Ok(())
}

fn main() {
    load(1).unwrap();
}
