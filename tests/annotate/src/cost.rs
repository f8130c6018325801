//! What an attribute costs the compiler: a program of many functions, bare and annotated.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::cargo::{self, Run};
use crate::compare::median;
use crate::contestant::Contestant;
use crate::generated::{FEW, program};

const CONTESTANTS: [Option<Contestant>; 5] = [
    None,
    Some(Contestant::Ours),
    Some(Contestant::Off),
    Some(Contestant::Fastrace),
    Some(Contestant::Tracing),
];

/// A program, and what was measured of it.
struct Measured {
    name: &'static str,
    folder: PathBuf,
    check: Vec<f64>,
    release: Vec<f64>,
    /// Bytes of the stripped program for each function.
    bytes: f64,
}

/// Measures all of them in turn; a table in Markdown.
pub(crate) fn cost(arguments: &Arguments) -> Result<String, String> {
    let mut all = Vec::new();
    for contestant in CONTESTANTS {
        all.push(Measured::new(arguments, contestant)?);
    }
    for _ in 0..arguments.rounds {
        for one in &mut all {
            one.touch()?;
            one.check.push(must(cargo::check_all(&one.folder, arguments)?)?);
        }
    }
    for _ in 0..arguments.rounds {
        for one in &mut all {
            one.touch()?;
            one.release.push(must(cargo::build_release(&one.folder, arguments)?)?);
        }
    }
    Ok(table(arguments, &all))
}

impl Measured {
    /// Writes the program and builds its dependencies.
    fn new(arguments: &Arguments, contestant: Option<Contestant>) -> Result<Self, String> {
        let name = contestant.map_or("bare", Contestant::name);
        let folder = arguments.work.join(format!("cost-{name}"));
        let write = |path: &str, text: String| {
            let path = folder.join(path);
            fs::write(&path, text)
                .map_err(|error| format!("can't write {}: {error}", path.display()))
        };
        fs::create_dir_all(folder.join("src")).map_err(|error| error.to_string())?;
        write("Cargo.toml", manifest(arguments, name, contestant)?)?;
        let mut sizes = Vec::new();
        for functions in [FEW, arguments.functions] {
            let attribute = contestant.map_or("", Contestant::attribute);
            write("src/main.rs", program(functions, arguments.kind, attribute))?;
            must(cargo::build_release(&folder, arguments)?)?;
            sizes.push(size(&folder, name)?);
        }
        must(cargo::check_all(&folder, arguments)?)?;
        // What a library costs once isn't what a function costs.
        let bytes = (sizes[1] - sizes[0]) / (arguments.functions - FEW) as f64;
        Ok(Self { name, folder, check: Vec::new(), release: Vec::new(), bytes })
    }

    fn touch(&self) -> Result<(), String> {
        crate::crate_copy::touch(&self.folder.join("src/main.rs"))
    }
}

fn manifest(
    arguments: &Arguments,
    name: &str,
    contestant: Option<Contestant>,
) -> Result<String, String> {
    let runtime = fs::canonicalize(&arguments.runtime).map_err(|error| error.to_string())?;
    let dependency = contestant.map_or_else(String::new, |one| one.dependency(&runtime));
    Ok(format!(
        "[package]\nname = \"cost-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.release]\nstrip = true\n\n{dependency}"
    ))
}

fn must(run: Run) -> Result<f64, String> {
    if run.succeeded { Ok(run.cpu_seconds) } else { Err(run.output) }
}

fn size(folder: &Path, name: &str) -> Result<f64, String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("target"), Into::into);
    let path = target.join(format!("release/cost-{name}"));
    let size = fs::metadata(&path).map_err(|error| format!("no {}: {error}", path.display()))?;
    Ok(size.len() as f64)
}

fn table(arguments: &Arguments, all: &[Measured]) -> String {
    let mut text = format!(
        "{} functions of kind {}\n\n\
         | attribute | `cargo check` | x bare | release build | x bare | bytes a function |\n\
         |---|---|---|---|---|---|\n",
        arguments.functions, arguments.kind,
    );
    let bare = (median(&all[0].check), median(&all[0].release), all[0].bytes);
    for one in all {
        let (check, release, bytes) =
            (median(&one.check), median(&one.release), one.bytes - bare.2);
        let (times, release_times) = (check / bare.0, release / bare.1);
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "| {} | {check:.2} s | {times:.2} | {release:.2} s | {release_times:.2} | {bytes:.0} |",
            one.name,
        );
    }
    text
}
