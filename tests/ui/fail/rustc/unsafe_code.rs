#![forbid(unsafe_code)]

use monitor_runtime::traced;

#[traced]
unsafe fn load(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}

fn main() {}
