#![deny(unused_variables)]

use monitor_runtime::traced;

#[traced]
async fn load(id: u64) -> Result<(), String> {
    let half = 1;
    Ok(())
}

fn main() {}
