//! Builds the contestants one by one, runs them in turns, and prints what each adds to the bare
//! function.
//!
//! `cargo run --release --bin compare -- [--rounds N] [--only NAME/..] [--write] [cases..]`
//!
//! `--write` puts the tables into `docs/performance.md`, with the machine, the date and the command.

mod contestants;
mod machine;
mod process;
mod rows;
mod tables;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use contestants::{CONTESTANTS, Way};
use process::Processes;
use rows::Rows;

struct Arguments {
    rounds: usize,
    only: Vec<String>,
    write: bool,
    cases: Vec<String>,
}

fn main() {
    let arguments = arguments();
    let is_wanted = |way: &&Way| {
        let only = &arguments.only;
        only.is_empty() || way.name == "bare" || only.iter().any(|name| name == way.name)
    };
    let ways: Vec<&Way> = CONTESTANTS.iter().filter(is_wanted).collect();
    let folder = build(&ways);
    let mut rows = Rows::default();
    let mut processes = Processes::default();
    for round in 0..arguments.rounds {
        eprintln!("round {} of {}", round + 1, arguments.rounds);
        // Turned round each time: nobody always runs behind the same neighbour.
        let mut order = ways.clone();
        if round % 2 == 1 {
            order.reverse();
        }
        for way in order {
            rows.add(way.name, &output(&folder, way, &arguments.cases));
            processes.measure(&folder, way);
        }
    }
    let text = tables::all(&ways, &rows, &processes);
    println!("{text}");
    if arguments.write {
        write(&format!("{}\n{text}", machine::heading(arguments.rounds)));
    }
}

fn arguments() -> Arguments {
    let mut found = Arguments { rounds: 5, only: Vec::new(), write: false, cases: Vec::new() };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rounds" => {
                found.rounds = words.next().and_then(|n| n.parse().ok()).expect("--rounds N");
            }
            "--only" => {
                let names = words.next().expect("--only NAME/..");
                found.only = names.split('/').map(str::to_owned).collect();
            }
            "--write" => found.write = true,
            case => found.cases.push(case.to_owned()),
        }
    }
    found
}

/// Each alone: features of one must not reach another.
fn build(ways: &[&Way]) -> PathBuf {
    let mut binaries: Vec<&str> = ways.iter().map(|way| way.binary).collect();
    binaries.dedup();
    for binary in binaries {
        let status = Command::new(env!("CARGO"))
            .args(["build", "--release", "--bin", binary, "--features", binary])
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{binary} does not build");
    }
    let this = env::current_exe().expect("this program's path");
    this.parent().expect("its folder").to_owned()
}

fn output(folder: &Path, way: &Way, cases: &[String]) -> String {
    let mut command = Command::new(folder.join(way.binary));
    // With backtraces each error is shown by its `Debug`, too.
    command.env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
    let output = command.args(cases).env("MODE", way.mode).output().expect("starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {errors}", way.name);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Between the two marks; what stands around them stays.
fn write(text: &str) {
    const MARKS: [&str; 2] = ["<!-- tables -->\n", "<!-- end of tables -->"];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance.md");
    let document = std::fs::read_to_string(&path).expect("docs/performance.md is there");
    let (before, rest) = document.split_once(MARKS[0]).expect("the mark where tables begin");
    let (_, after) = rest.split_once(MARKS[1]).expect("the mark where tables end");
    let document = format!("{before}{}{text}\n{}{after}", MARKS[0], MARKS[1]);
    std::fs::write(&path, document).expect("docs/performance.md can be written");
}
