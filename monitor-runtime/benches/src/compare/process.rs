//! What is measured of whole processes: their start, and a million spans.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::contestants::Way;
use super::rows::Spread;

/// Starts a round.
const STARTS: usize = 7;

#[derive(Default)]
pub struct Processes {
    start_millis: BTreeMap<&'static str, Vec<f64>>,
    /// The share delivered, and the KiB that the process grew by at its peak.
    million: BTreeMap<&'static str, (f64, f64)>,
}

impl Processes {
    pub fn measure(&mut self, folder: &Path, way: &Way) {
        let run = |flag| {
            let mut command = Command::new(folder.join(way.binary));
            command.arg(flag).env("MODE", way.mode).output().expect("starts").stdout
        };
        for _ in 0..STARTS {
            let start = Instant::now();
            run("--start");
            let millis = start.elapsed().as_secs_f64() * 1000.0;
            self.start_millis.entry(way.name).or_default().push(millis);
        }
        self.million.entry(way.name).or_insert_with(|| {
            let output = String::from_utf8(run("--million")).expect("UTF-8");
            let mut words = output.split_whitespace().skip(1).map(|word| word.parse());
            let mut next = || words.next().and_then(Result::ok).unwrap_or(f64::NAN);
            (next(), next())
        });
    }

    pub fn start(&self, name: &str) -> Option<Spread> {
        Spread::of(self.start_millis.get(name)?.clone())
    }

    /// The share of a million spans that was delivered, and MiB.
    pub fn million(&self, name: &str) -> Option<(f64, f64)> {
        self.million.get(name).map(|(share, kib)| (*share, kib / 1024.0))
    }
}
