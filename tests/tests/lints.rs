//! An annotated function gives the warnings that it would give bare: clippy reads the forms beside
//! their twins, with every group of lints switched on.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const LINTS: [&str; 11] = [
    "warnings",
    "clippy::all",
    "clippy::pedantic",
    "clippy::nursery",
    "unused",
    "nonstandard_style",
    "rust_2018_idioms",
    "elided_lifetimes_in_paths",
    "single_use_lifetimes",
    "missing_docs",
    "unreachable_pub",
];

/// What clippy doesn't say of an annotated function. These lints look at the body or the signature
/// as a whole, and fall silent where a macro wrote a part of it.
const SILENT: [&str; 11] = [
    // An annotated function can't be one.
    "clippy::missing_const_for_fn",
    // The rest needs the body in its place, or the whole function from the user's hand.
    "clippy::elidable_lifetime_names",
    "clippy::inline_always",
    "clippy::manual_async_fn",
    "clippy::needless_pass_by_value",
    "clippy::toplevel_ref_arg",
    "clippy::unnecessary_wraps",
    "clippy::unused_async",
    "clippy::unused_self",
    // Only in twins: where the attribute was is an empty line.
    "clippy::empty_line_after_doc_comments",
    "clippy::empty_line_after_outer_attr",
];

/// What clippy says of an annotated function alone. It says so at the whole `impl`, out of reach of an
/// attribute on a function: where the body isn't the call of `cmp` and nothing else.
const LOUD: [&str; 1] = ["clippy::non_canonical_partial_ord_impl"];

/// File, line, lint, text.
type Warning = (String, u64, String, String);
type Counts = BTreeMap<Warning, usize>;

#[test]
fn annotated_functions_have_the_warnings_of_bare_ones() {
    if !has_clippy() {
        println!("skipped: `rustup component add clippy` (.ci/run does)");
        return;
    }
    let [annotated, bare] = warnings();
    assert!(bare.len() > 50, "the forms have warnings of their own: {bare:#?}");
    let is_known = |warning: &&Warning| LOUD.contains(&warning.2.as_str());
    let more: Vec<_> = missing(&annotated, &bare).filter(|more| !is_known(more)).collect();
    assert!(more.is_empty(), "only with the attribute: {more:#?}");
    let is_heard = |warning: &&Warning| !SILENT.contains(&warning.2.as_str());
    let fewer: Vec<_> = missing(&bare, &annotated).filter(is_heard).collect();
    assert!(fewer.is_empty(), "only without the attribute: {fewer:#?}");
}

/// What is there more often in `all` than in `some`.
fn missing<'a>(all: &'a Counts, some: &'a Counts) -> impl Iterator<Item = &'a Warning> {
    let is_missing =
        |(warning, count): &(&Warning, &usize)| some.get(warning).unwrap_or(&0) < count;
    all.iter().filter(is_missing).map(|(warning, _)| warning)
}

/// The warnings of the annotated functions, and of their twins.
fn warnings() -> [Counts; 2] {
    let mut counts = [Counts::new(), Counts::new()];
    let output = clippy();
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for message in messages.filter(|message| message["reason"] == "compiler-message") {
        let message = &message["message"];
        let lint = message["code"]["code"].as_str().unwrap_or_default();
        let text = message["message"].as_str().unwrap_or_default();
        for span in message["spans"].as_array().into_iter().flatten() {
            let path = Path::new(span["file_name"].as_str().unwrap_or_default());
            let Some(which) = which(path) else { continue };
            if span["is_primary"] == true && !is_attribute(span) {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let line = span["line_start"].as_u64().unwrap_or_default();
                let warning = (name, line, lint.to_owned(), text.to_owned());
                *counts[which].entry(warning).or_default() += 1;
            }
        }
    }
    counts
}

/// Whether it is an annotated form, or a twin; `None` for any other file.
fn which(path: &Path) -> Option<usize> {
    match path.parent()?.file_name()?.to_str()? {
        "cases" => Some(0),
        // The file of all twins is generated like them, and no form.
        "out" if path.file_stem()? != "forms" => Some(1),
        _ => None,
    }
}

/// Whether a warning is about an argument of our attribute, which the twin doesn't have.
fn is_attribute(span: &Value) -> bool {
    let line = span["text"][0]["text"].as_str().unwrap_or_default();
    line.trim_start().starts_with("#[")
}

fn has_clippy() -> bool {
    let version = Command::new(env!("CARGO")).args(["clippy", "--version"]).output();
    version.is_ok_and(|version| version.status.success())
}

fn clippy() -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["clippy", "--quiet", "--offline", "--message-format=json"]);
    cargo.args(["-p", env!("CARGO_PKG_NAME"), "--test", "forms", "--"]);
    // Warnings even where this workspace forbids: all of them are to be read.
    cargo.args(["--cfg", "compare_lints", "--cap-lints", "warn"]);
    cargo.args(LINTS.iter().flat_map(|lint| ["-W", lint]));
    // Every form is visible to the whole program, for no reason.
    cargo.args(["-A", "clippy::redundant_pub_crate"]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo can be run");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "clippy can't read the forms: {problem}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
