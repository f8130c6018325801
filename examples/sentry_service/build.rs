//! Tells `monitor_runtime::release!()` which commit this is built from.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Changes with each commit, and with each change of the branch.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo:rerun-if-changed={log}");
    }
    if let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) {
        println!("cargo:rustc-env=GIT_COMMIT={commit}");
    }
}

/// What git says; `None` without git or a repository, as in a package from a registry.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim().to_owned())
}
