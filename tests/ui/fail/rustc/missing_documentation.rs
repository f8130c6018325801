//! A program.
#![deny(missing_docs)]

use monitor_runtime::traced;

#[traced]
pub fn load() -> u8 {
    1
}

fn main() {}
