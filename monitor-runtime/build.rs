//! Notes the compiler's version, which events of errors say.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    // Without an answer events just don't say it.
    let output = Command::new(rustc).arg("--version").output().ok();
    let version = output.and_then(|output| String::from_utf8(output.stdout).ok());
    // `rustc 1.89.0 (29483883e 2025-08-04)`
    if let Some(number) = version.as_deref().and_then(|text| text.split(' ').nth(1)) {
        println!("cargo:rustc-env=MONITOR_RUSTC_VERSION={}", number.trim());
    }
}
