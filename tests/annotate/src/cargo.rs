//! Runs cargo, and says what it wrote and what it cost.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::arguments::Arguments;

/// What a run of cargo left.
pub(crate) struct Run {
    pub(crate) succeeded: bool,
    pub(crate) output: String,
    /// Of cargo and all that it started.
    pub(crate) cpu_seconds: f64,
}

/// `cargo check` of the library.
pub(crate) fn check(folder: &Path, arguments: &Arguments) -> Result<Run, String> {
    run(folder, arguments, &["check", "--lib", "--message-format=short"], &[])
}

/// `cargo check` of everything.
pub(crate) fn check_all(folder: &Path, arguments: &Arguments) -> Result<Run, String> {
    run(folder, arguments, &["check"], &[])
}

pub(crate) fn build_release(folder: &Path, arguments: &Arguments) -> Result<Run, String> {
    run(folder, arguments, &["build", "--release"], &[])
}

/// Builds the tests, but doesn't run them.
pub(crate) fn build_tests(folder: &Path, arguments: &Arguments) -> Result<Run, String> {
    let words = ["test", "--lib", "--tests", "--no-run", "--message-format=short"];
    run(folder, arguments, &words, &[])
}

/// Runs unit tests and integration tests. Tests in the documentation never call with attributes
/// that the library's own tests don't call, and each is a program of its own: they are left out.
pub(crate) fn test(folder: &Path, arguments: &Arguments) -> Result<Run, String> {
    let words = ["test", "--lib", "--tests", "--no-fail-fast"];
    run(folder, arguments, &words, &arguments.tests)
}

fn run(
    folder: &Path,
    arguments: &Arguments,
    words: &[&str],
    tests: &[String],
) -> Result<Run, String> {
    let before = children_seconds();
    let mut command = Command::new("cargo");
    command.args(words).args(&arguments.cargo).current_dir(folder);
    if !tests.is_empty() {
        command.arg("--").args(tests);
    }
    let output = command
        .env("CARGO_TERM_COLOR", "never")
        // The time of one compilation from the start is what is compared.
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .map_err(|error| format!("can't run cargo: {error}"))?;
    let text = [output.stdout, output.stderr].concat();
    Ok(Run {
        succeeded: output.status.success(),
        output: String::from_utf8_lossy(&text).into_owned(),
        cpu_seconds: children_seconds() - before,
    })
}

/// The time that finished child processes computed, on Linux; 0 elsewhere.
fn children_seconds() -> f64 {
    // The kernel's unit for programs, whatever its own.
    const TICKS_PER_SECOND: f64 = 100.0;
    let status = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in brackets, and may hold spaces.
    let fields = status.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(13).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}
