#![deny(unreachable_code)]

use monitor_runtime::traced;

#[traced]
async fn load() -> Result<u8, String> {
    return Ok(1);
    Ok(2)
}

fn main() {}
