//! What the features of monitor-runtime switch on, and what a build without them is made of.
//!
//! Packages that need features of their own can't be members of this workspace: feature
//! unification would give them those of the other members. They are built here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member lies in its workspace")
}

fn cargo(arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--offline").current_dir(workspace());
    cargo.output().expect("cargo can be run")
}

fn assert_success(output: &Output) {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
}

/// Runs the tests of a package beside this one, in a target folder of its own.
fn test_package(name: &str) {
    let package = workspace().join("tests").join(name);
    // The versions of the workspace: those are downloaded.
    let locked = std::fs::copy(workspace().join("Cargo.lock"), package.join("Cargo.lock"));
    locked.expect("the lock file can be copied");
    let manifest = package.join("Cargo.toml");
    let target = target().join(name);
    let [manifest, target] = [&manifest, &target].map(|path| path.to_str().expect("UTF-8"));
    assert_success(&cargo(&["test", "--manifest-path", manifest, "--target-dir", target]));
}

fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).to_path_buf()
}

/// The crates that a build of monitor-runtime with these arguments is made of, itself included.
fn crates(arguments: &[&str]) -> BTreeSet<String> {
    let common = ["tree", "-p", "monitor-runtime", "-e", "normal,build", "--prefix", "none"];
    let output = cargo(&[&common, arguments].concat());
    assert_success(&output);
    let text = String::from_utf8_lossy(&output.stdout);
    // Name and version: a crate may be there in two versions.
    text.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

fn names(crates: &BTreeSet<String>) -> BTreeSet<&str> {
    crates.iter().filter_map(|name_and_version| name_and_version.split(' ').next()).collect()
}

#[test]
fn without_a_backend_the_function_is_itself() {
    test_package("no-backend");
}

#[test]
fn renamed_dependencies_and_reexports() {
    test_package("renamed");
}

#[test]
fn the_default_build_is_small() {
    let crates = crates(&[]);
    assert!(crates.len() <= 10, "{crates:?}");
    for heavy in ["tokio", "regex", "serde", "serde_json", "rustls", "native-tls", "openssl"] {
        assert!(!names(&crates).contains(heavy), "{crates:?}");
    }
}

#[test]
fn without_features_there_are_only_the_macros() {
    let macros = ["monitor-macros", "proc-macro2", "quote", "syn", "unicode-ident"];
    let expected = macros.into_iter().chain(["monitor-runtime"]).collect();
    assert_eq!(names(&crates(&["--no-default-features"])), expected);
}

/// The numbers of the README's table are those of this platform.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_readme_counts_the_crates() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("is there");
    let (_, table) = readme.split_once("| feature | what it adds | crates |").expect("is there");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let feature = cells[1].split('`').nth(1);
        let features = feature.map(|name| ["-F", name]).into_iter().flatten();
        let arguments: Vec<&str> = ["--no-default-features"].into_iter().chain(features).collect();
        assert_eq!(crates(&arguments).len().to_string(), cells[3], "{row}");
    }
    let default = format!("The default build has {} crates", crates(&[]).len());
    assert!(readme.contains(&default), "{default}");
}
