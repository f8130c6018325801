//! Counts the instructions of a call on its thread, under callgrind: the same from run to run.
//!
//! `cargo run --release --bin instructions -- [--peers] [--update] [--write]`
//!
//! Fails where ours takes more than 3 % over `budget.txt`. `--update` writes that file anew,
//! `--write` puts the table into `docs/performance.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const MORE_ALLOWED: f64 = 1.03;

const CASES: [&str; 9] =
    ["leaf100", "nested", "fields", "ok", "stacked", "err", "async0", "async10", "orphan"];

/// Name, binary, mode.
type Way = (&'static str, &'static str, &'static str);

const OURS: [Way; 3] =
    [("ours", "ours", ""), ("unsampled", "ours", "unsampled"), ("no backend", "ours", "off")];
const BARE: Way = ("bare", "bare", "");
const PEERS: [Way; 6] = [
    ("fastrace", "fastrace", ""),
    ("hotpath", "hotpath", ""),
    ("tracing", "tracing_layer", ""),
    ("OpenTelemetry", "opentelemetry", ""),
    ("sentry", "sentry", ""),
    ("sentry-tracing", "sentry_tracing", ""),
];

/// Instructions a call, by way and case.
type Counts = BTreeMap<(&'static str, &'static str), f64>;

fn main() -> ExitCode {
    let asks = |flag: &str| std::env::args().any(|arg| arg == flag);
    let peers: &[Way] = if asks("--peers") { &PEERS } else { &[] };
    let ways: Vec<Way> = [BARE].iter().chain(&OURS).chain(peers).copied().collect();
    let folder = build(&ways);
    let mut counts = Counts::new();
    for (name, binary, mode) in &ways {
        for case in CASES {
            counts.insert((*name, case), count(&folder.join(binary), mode, case));
        }
    }
    let table = table(&ways, &counts);
    println!("{table}");
    if asks("--write") {
        write(&table);
    }
    if asks("--update") {
        let lines = OURS.iter().flat_map(|(name, ..)| CASES.map(|case| (*name, case)));
        let lines: String =
            lines.map(|key| format!("{}: {}: {:.1}\n", key.0, key.1, counts[&key])).collect();
        std::fs::write(here("budget.txt"), lines).expect("budget.txt can be written");
        return ExitCode::SUCCESS;
    }
    check(&counts)
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn build(ways: &[Way]) -> PathBuf {
    for (_, binary, _) in ways {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--release", "--quiet", "--bin", binary, "--features", binary]);
        let status = cargo.arg("--manifest-path").arg(here("Cargo.toml")).status();
        assert!(status.is_ok_and(|status| status.success()), "{binary} does not build");
    }
    let this = std::env::current_exe().expect("this program's path");
    this.parent().expect("its folder").to_owned()
}

fn count(binary: &Path, mode: &str, case: &str) -> f64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--toggle-collect=measured"]);
    valgrind.arg("--callgrind-out-file=/dev/null").arg(binary).args(["--instructions", case]);
    // With backtraces each error is shown by its `Debug`, too.
    let valgrind = valgrind.env_remove("RUST_BACKTRACE").env_remove("RUST_LIB_BACKTRACE");
    let output = valgrind.env("MODE", mode).output().expect("valgrind is installed");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let number = |text: &str, before: &str| -> Option<f64> {
        let rest = text.split(before).nth(1)?;
        rest.split_whitespace().find_map(|word| word.parse().ok())
    };
    let calls = number(&out, case).unwrap_or_else(|| panic!("{case} ran: {out}{err}"));
    let collected = number(&err, "Collected :").expect("callgrind counts");
    collected / calls
}

fn table(ways: &[Way], counts: &Counts) -> String {
    let names: Vec<&str> = ways.iter().map(|(name, ..)| *name).collect();
    let mut text =
        format!("| work | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for case in CASES {
        let cells: Vec<String> =
            names.iter().map(|name| format!("{:.0}", counts[&(*name, case)])).collect();
        text += &format!("| {case} | {} |\n", cells.join(" | "));
    }
    text
}

fn check(counts: &Counts) -> ExitCode {
    let budget = std::fs::read_to_string(here("budget.txt")).expect("budget.txt is there");
    let mut exit = ExitCode::SUCCESS;
    for line in budget.lines() {
        let mut parts = line.split(": ");
        let mut next = || parts.next().expect("`way: case: instructions` on each line");
        let (name, case, allowed) = (next(), next(), next());
        let allowed: f64 = allowed.parse().expect("a number");
        let is_it = |((way, of), _): &(&(&str, &str), &f64)| *way == name && *of == case;
        let Some((_, now)) = counts.iter().find(is_it) else { continue };
        if *now > allowed * MORE_ALLOWED {
            println!("{name}, {case}: {now:.1} instructions a call, {allowed:.1} allowed");
            exit = ExitCode::FAILURE;
        }
    }
    exit
}

/// Between the two marks; what stands around them stays.
fn write(table: &str) {
    const MARKS: [&str; 2] = ["<!-- instructions -->\n", "<!-- end of instructions -->"];
    let path = here("../../docs/performance.md");
    let document = std::fs::read_to_string(&path).expect("docs/performance.md is there");
    let (before, rest) = document.split_once(MARKS[0]).expect("the mark where the table begins");
    let (_, after) = rest.split_once(MARKS[1]).expect("the mark where the table ends");
    let document = format!("{before}{}\n{table}\n{}{after}", MARKS[0], MARKS[1]);
    std::fs::write(&path, document).expect("docs/performance.md can be written");
}
