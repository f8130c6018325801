//! The machine code of an annotated function is that of its twin, instruction by instruction.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Each is in `src/lib.rs`, once in `annotated` and once in `plain`.
const FUNCTIONS: [&str; 3] = ["double", "consume", "poll_load"];

#[test]
fn the_machine_code_is_the_same() {
    let [annotated, plain] = ["annotated", "plain"].map(assembly);
    for name in FUNCTIONS {
        let [annotated, plain] =
            [(&annotated, "annotated"), (&plain, "plain")].map(|(text, of)| body(text, of, name));
        assert!(annotated.len() > 1, "{name} has code");
        assert_eq!(annotated, plain, "{name}");
    }
}

/// The crate's, with only one of the two modules: the compiler merges functions that are the same.
fn assembly(only: &str) -> String {
    // What the crate needs is built there already.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("lies in the folder");
    let output = Command::new(env!("CARGO"))
        .args(["rustc", "--lib", "--offline", "--quiet", "--target-dir"])
        .arg(target)
        .args(["--", "--emit=asm", "-Copt-level=3", "-Coverflow-checks=no", "-Cdebuginfo=0"])
        .args(["-Ccodegen-units=1", "--cfg", &format!("only={only:?}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = std::fs::read_dir(target.join("debug/deps")).expect("was built").flatten();
    let is_ours = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "s")
            && path.to_string_lossy().contains("no_backend")
    };
    let written = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    let mut files: Vec<_> = files.map(|file| file.path()).filter(is_ours).collect();
    files.sort_by_key(written);
    // Each of the two has a file of its own, and one that is up to date isn't written again.
    let texts = files.iter().rev().filter_map(|file| std::fs::read_to_string(file).ok());
    let mut its = texts.filter(|text| !body(text, only, FUNCTIONS[0]).is_empty());
    its.next().expect("assembly was emitted")
}

/// The instructions of a function, without the names of places, which have the module in them.
fn body(assembly: &str, module: &str, name: &str) -> Vec<String> {
    // However names are mangled, the parts of a path stand there with their lengths.
    let path = format!("{}{module}{}{name}", module.len(), name.len());
    let begins = |line: &&str| line.ends_with(':') && line.contains(&path);
    let lines = assembly.lines().skip_while(|line| !begins(line)).skip(1);
    let lines = lines.take_while(|line| !line.contains(".cfi_endproc"));
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['.', '#']) && !line.ends_with(':'))
        .map(without_names)
        .collect()
}

fn without_names(line: &str) -> String {
    let words = line.split_whitespace();
    let is_name = |word: &&str| !word.contains("_ZN") && !word.contains("_R") && !word.contains(".L");
    words.filter(is_name).collect::<Vec<_>>().join(" ")
}
