#![deny(unused_must_use)]

use monitor_runtime::traced;

#[traced]
fn load() -> Result<u8, String> {
    store();
    Ok(1)
}

#[traced]
#[must_use]
fn store() -> u8 {
    1
}

fn main() {}
