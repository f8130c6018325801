//! What the smallest expansions weigh, as the compiler counts it.
//!
//! `cargo test -p monitor-tests --test expansion -- --ignored` measures; docs/expansion.md has the
//! numbers. A test of the macro crate holds the same budgets against the printed tokens.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs a nightly toolchain"]
fn a_small_sync_function() {
    let bytes = weigh("sync", "pub fn load(id: u64) -> u64 { id }");
    assert!(bytes <= 700, "{bytes} bytes");
}

#[test]
#[ignore = "needs a nightly toolchain"]
fn a_small_async_function() {
    let bytes = weigh("async", "pub async fn load(id: u64) -> u64 { id }");
    assert!(bytes <= 700, "{bytes} bytes");
}

/// The bytes that `#[traced(op = "db.query")]` makes of a function.
fn weigh(name: &str, function: &str) -> usize {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("weigh").join(name);
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../monitor-runtime");
    let source = format!("#[monitor_runtime::traced(op = \"db.query\")]\n{function}\n");
    let manifest = format!(
        "[package]\nname = \"weigh-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nmonitor-runtime = {{ path = {runtime:?} }}\n",
    );
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/lib.rs"), source).unwrap();
    bytes_of_traced(&macro_stats(&folder))
}

fn macro_stats(folder: &Path) -> String {
    let output = Command::new("cargo")
        .args(["+nightly", "rustc", "--", "-Zmacro-stats"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.with_file_name("target"))
        .output()
        .unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{report}");
    report
}

/// The last column but one of `macro-stats #[traced]  1  11  11.0  354  354.0`.
fn bytes_of_traced(report: &str) -> usize {
    let line = report.lines().find(|line| line.contains("traced]")).expect("a line of the report");
    let columns: Vec<&str> = line.split_whitespace().collect();
    columns[columns.len() - 2].replace([',', '_'], "").parse().expect("a number of bytes")
}
