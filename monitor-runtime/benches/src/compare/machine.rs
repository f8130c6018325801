//! Where, when and with what it was measured.

use std::process::Command;

/// The lines above the tables.
pub fn heading(rounds: usize) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let [cpu, load] = [cpu(), read("/proc/loadavg")];
    let clock = read("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    format!(
        "Measured on {} on {cpu}, {cores} cores, Linux {}, clock source {clock}, load {load}; \
         {} at commit {}; {rounds} rounds, contestants in turn. The peers: {}.\n",
        output("date", &["-u", "+%Y-%m-%d"]),
        output("uname", &["-r"]),
        output("rustc", &["-V"]),
        output("git", &["rev-parse", "--short", "HEAD"]),
        peers(),
    )
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(|_| "?".into(), |o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).map_or_else(|_| "?".into(), |text| text.trim().to_owned())
}

fn cpu() -> String {
    let info = read("/proc/cpuinfo");
    let line = info.lines().find_map(|line| line.strip_prefix("model name"));
    line.map_or("?", |line| line.trim_start_matches([' ', '\t', ':'])).to_owned()
}

/// The versions in this package's manifest.
fn peers() -> String {
    let manifest = include_str!("../../Cargo.toml");
    let version = |line: &str| {
        let (name, rest) = line.split_once(" = { version = \"=")?;
        Some(format!("{name} {}", rest.split('"').next()?))
    };
    manifest.lines().filter_map(version).collect::<Vec<_>>().join(", ")
}
