//! Builds the contestants one by one, runs them in turns, and prints what each adds to the bare
//! function.
//!
//! `cargo run --release --bin compare -- [rounds] [cases..]`

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Name, binary, mode.
const CONTESTANTS: [(&str, &str, &str); 7] = [
    ("bare", "bare", ""),
    ("ours", "ours", "counting"),
    ("ours, console", "ours", "console"),
    ("ours, unsampled", "ours", "unsampled"),
    ("ours, no backend", "ours", "off"),
    ("fastrace", "fastrace", ""),
    ("fastrace, unsampled", "fastrace", "unsampled"),
];

/// What a contestant prints of a case: caller, process, allocations, bytes, share delivered.
type Row = Vec<f64>;
/// By case and contestant, one row a round.
type Rows = BTreeMap<(String, &'static str), Vec<Row>>;

fn main() {
    let mut args = env::args().skip(1);
    let rounds = args.next().map_or(5, |rounds| rounds.parse().expect("the number of rounds"));
    let cases: Vec<String> = args.collect();
    let folder = build();
    let mut rows = Rows::new();
    for round in 0..rounds {
        // Turned round each time: nobody always runs behind the same neighbour.
        let mut order = CONTESTANTS;
        if round % 2 == 1 {
            order.reverse();
        }
        for (name, binary, mode) in order {
            measure(&folder.join(binary), name, mode, &cases, &mut rows);
        }
    }
    print("Caller, ns a call added", &rows, 0);
    print("Whole process, CPU ns a call added", &rows, 1);
    print("Allocations of the caller a call", &rows, 2);
    print("Share delivered", &rows, 4);
}

/// Each alone: features of one must not reach another.
fn build() -> PathBuf {
    for binary in ["bare", "ours", "fastrace"] {
        let status = Command::new(env!("CARGO"))
            .args(["build", "--release", "--bin", binary, "--features", binary])
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{binary} does not build");
    }
    let this = env::current_exe().expect("this program's path");
    this.parent().expect("its folder").to_owned()
}

fn measure(binary: &PathBuf, name: &'static str, mode: &str, cases: &[String], rows: &mut Rows) {
    let output = Command::new(binary).args(cases).env("MODE", mode).output().expect("starts");
    assert!(output.status.success(), "{name} failed");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut words = line.split(' ');
        let case = words.next().unwrap_or_default().to_owned();
        let row = words.map(|word| word.parse().expect("a number")).collect();
        rows.entry((case, name)).or_default().push(row);
    }
}

fn print(title: &str, rows: &Rows, column: usize) {
    println!("\n## {title}: median (minimum to maximum)\n");
    println!("| case | {} |", CONTESTANTS.map(|(name, ..)| name).join(" | "));
    println!("|---|{}", "---|".repeat(CONTESTANTS.len()));
    let cases: Vec<&String> =
        rows.keys().filter(|(_, name)| *name == "bare").map(|(case, _)| case).collect();
    for case in cases {
        let cells = CONTESTANTS.map(|(name, ..)| cell(rows, case, name, column));
        println!("| {case} | {} |", cells.join(" | "));
    }
}

/// The bare function's share is taken off in the round in which it was measured.
fn cell(rows: &Rows, case: &str, name: &'static str, column: usize) -> String {
    let column_of = |name| {
        let rounds = rows.get(&(case.to_owned(), name)).into_iter().flatten();
        rounds.map(|row| row[column]).collect::<Vec<f64>>()
    };
    let mut values = column_of(name);
    if name != "bare" && column < 2 {
        values.iter_mut().zip(column_of("bare")).for_each(|(value, bare)| *value -= bare);
    }
    values.sort_by(f64::total_cmp);
    let (Some(min), Some(max)) = (values.first(), values.last()) else { return "-".to_owned() };
    format!("{:.2} ({min:.2} to {max:.2})", values[values.len() / 2])
}
