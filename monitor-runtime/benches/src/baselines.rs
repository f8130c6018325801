//! What baselines add to a span, whole process: the same program with them and without, in turns.
//!
//! `cargo run --release --bin baselines -- [rounds] [cases..]`

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const MODES: [&str; 2] = ["counting", "baselines"];

fn main() {
    let mut args = env::args().skip(1);
    let rounds = args.next().map_or(15, |rounds| rounds.parse().expect("the number of rounds"));
    let mut cases: Vec<String> = args.collect();
    if cases.is_empty() {
        cases = ["leaf100", "leaf1000", "roots"].map(str::to_owned).to_vec();
    }
    let binary = build();
    let mut times: BTreeMap<String, [Vec<f64>; 2]> = BTreeMap::new();
    for round in 0..rounds {
        for turn in 0..2 {
            let mode = (round + turn) % 2;
            for (case, nanos) in measure(&binary, MODES[mode], &cases) {
                times.entry(case).or_default()[mode].push(nanos);
            }
        }
    }
    println!("| case | without, CPU ns a call | with baselines | added, median of pairs | ratio |");
    println!("|---|---|---|---|---|");
    for (case, [without, with]) in &times {
        let added: Vec<f64> =
            with.iter().zip(without).map(|(with, without)| with - without).collect();
        let (before, after) = (median(without), median(with));
        let ratio = after / before;
        println!("| {case} | {before:.1} | {after:.1} | {:.1} | {ratio:.3} |", median(&added));
    }
}

fn build() -> PathBuf {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--bin", "ours", "--features", "ours"])
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .status();
    assert!(status.is_ok_and(|status| status.success()), "ours does not build");
    let this = env::current_exe().expect("this program's path");
    this.parent().expect("its folder").join("ours")
}

/// By case, the CPU time of the whole process a call.
fn measure(binary: &Path, mode: &str, cases: &[String]) -> Vec<(String, f64)> {
    let output = Command::new(binary).args(cases).env("MODE", mode).output().expect("starts");
    assert!(output.status.success(), "{mode} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| {
        let mut words = line.split(' ');
        let case = words.next()?.to_owned();
        Some((case, words.nth(1)?.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
