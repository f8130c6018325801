//! Writes the twins of the forms: the same files without the attributes.
//!
//! What is left out becomes blanks, so that every other token stays at its line and column.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

const ATTRIBUTES: [&str; 4] = ["traced", "capture_errors", "slow_threshold", "ai_call"];

fn main() {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let edition = env::var("CARGO_PKG_NAME").unwrap().replace("monitor-tests", "");
    let edition: u32 = edition.trim_start_matches('-').parse().unwrap_or(2024);
    // `tests/`, or two folders below it.
    let tests = package.ancestors().find(|folder| folder.join("build.rs").is_file()).unwrap();
    let cases = tests.join("tests/forms/cases");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    println!("cargo::rerun-if-changed={}", cases.display());
    println!("cargo::rustc-check-cfg=cfg(compare_lints)");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let [mut annotated, mut bare, mut themes] = [const { String::new() }; 3];
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let source = fs::read_to_string(&file).unwrap();
        if needed_edition(&source) > edition {
            continue;
        }
        let twin = out.join(file.file_name().unwrap());
        fs::write(&twin, without_attributes(&source)).unwrap();
        writeln!(annotated, "#[path = {file:?}] pub(crate) mod {name};").unwrap();
        writeln!(bare, "#[path = {twin:?}] pub(crate) mod {name};").unwrap();
        writeln!(themes, "({name:?}, annotated::{name}::forms, bare::{name}::forms),").unwrap();
    }
    let modules = format!(
        "mod annotated {{ {annotated} }}\nmod bare {{ {bare} }}\n\
         const THEMES: &[(&str, fn() -> Vec<Form>, fn() -> Vec<Form>)] = &[{themes}];"
    );
    fs::write(out.join("forms.rs"), modules).unwrap();
}

/// From a line `// Needs edition 2024.`
fn needed_edition(source: &str) -> u32 {
    let (_, behind) = source.split_once("// Needs edition ").unwrap_or(("", "2018"));
    behind[..4].parse().unwrap()
}

fn without_attributes(source: &str) -> String {
    let mut twin = String::new();
    let mut rest = source;
    while let Some(start) = rest.find("#[") {
        let end = start + end_of_attribute(&rest[start..]);
        let attribute = &rest[start..end];
        twin.push_str(&rest[..start]);
        if ATTRIBUTES.iter().any(|name| attribute.contains(name)) {
            twin.extend(attribute.chars().map(blank));
        } else {
            twin.push_str(attribute);
        }
        rest = &rest[end..];
    }
    twin.push_str(rest);
    let is_import = |line: &&str| line.trim_start().starts_with("use monitor_runtime::");
    twin.split_inclusive('\n').map(|line| if is_import(&line) { "\n" } else { line }).collect()
}

fn blank(letter: char) -> char {
    if letter == '\n' { letter } else { ' ' }
}

fn end_of_attribute(text: &str) -> usize {
    let mut depth = 0;
    let mut quoted = false;
    for (index, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}
