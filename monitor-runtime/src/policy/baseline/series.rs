//! How often the rule errs, on generated series of latencies. The table in `docs/baselines.md` is
//! printed by
//!
//! ```text
//! cargo test --release -p monitor-runtime --features mock --lib -- --ignored --nocapture baseline::series
//! ```

mod contestants;
mod generate;
mod scenarios;

use self::contestants::{Contestant, CrossOver, MovingDeviation, Ours};
use self::generate::{Random, Series};
use self::scenarios::{CHANGES, QUIET, Scenario};

/// Minutes of a series.
const DAY: u32 = 24 * 60;
/// Within which a change must be reported, in minutes.
const IN_TIME: u32 = 5;

/// What a contestant says of several series of one kind.
#[derive(Debug, Default)]
struct Outcome {
    days: u32,
    /// Reports where nothing had changed.
    false_alarms: u32,
    changes: u32,
    in_time: u32,
    /// Reports of a change beyond its first.
    repeated: u32,
    /// Minutes from the change to its report.
    delays: Vec<u32>,
}

impl Outcome {
    fn note(&mut self, series: &Series, reports: &[u32]) {
        self.days += 1;
        let Some((begins, ends)) = series.change else {
            self.false_alarms += u32::try_from(reports.len()).unwrap();
            return;
        };
        self.changes += 1;
        // A change that is over is still in the window that is closed next.
        let is_of_change = |at: &&u32| **at >= begins && **at <= ends + 1;
        let of_change: Vec<u32> = reports.iter().filter(is_of_change).copied().collect();
        self.false_alarms += u32::try_from(reports.len() - of_change.len()).unwrap();
        if let Some((first, others)) = of_change.split_first() {
            let delay = first + 1 - begins;
            self.delays.push(delay);
            self.in_time += u32::from(delay <= IN_TIME);
            self.repeated += u32::try_from(others.len()).unwrap();
        }
    }

    fn detected(&self) -> f64 {
        f64::from(self.in_time) / f64::from(self.changes)
    }

    fn false_alarms_a_day(&self) -> f64 {
        f64::from(self.false_alarms) / f64::from(self.days)
    }
}

/// What the contestants say of so many days: the product's rule is the first of them.
fn run(scenario: &Scenario, days: u64, count: usize) -> Vec<Outcome> {
    let mut outcomes: Vec<_> = (0..count).map(|_| Outcome::default()).collect();
    for seed in 0..days {
        let series = (scenario.series)(&mut Random::new(seed + 1));
        let mut contestants: [Box<dyn Contestant>; 3] = [
            Box::new(Ours::default()),
            Box::new(MovingDeviation::default()),
            Box::new(CrossOver::default()),
        ];
        let mut reports: Vec<Vec<u32>> = vec![Vec::new(); count];
        for minute in 0..DAY {
            let calls = series.calls(minute, &mut Random::new(seed << 32 | u64::from(minute)));
            for (reports, contestant) in reports.iter_mut().zip(&mut contestants) {
                if contestant.reports(&calls) {
                    reports.push(minute);
                }
            }
        }
        for (outcome, reports) in outcomes.iter_mut().zip(&reports) {
            outcome.note(&series, reports);
        }
    }
    outcomes
}

#[test]
fn nothing_is_reported_where_nothing_changed() {
    for scenario in &QUIET {
        let ours = &run(scenario, 4, 1)[0];
        assert_eq!(ours.false_alarms, 0, "{}: {ours:?}", scenario.name);
    }
}

#[test]
fn a_change_is_reported_once_and_in_time() {
    let (mut in_time, mut changes) = (0, 0);
    for scenario in &CHANGES {
        let ours = &run(scenario, 4, 1)[0];
        assert_eq!(ours.false_alarms + ours.repeated, 0, "{}: {ours:?}", scenario.name);
        assert!(ours.detected() >= 0.75, "{}: {ours:?}", scenario.name);
        in_time += ours.in_time;
        changes += ours.changes;
    }
    assert!(in_time * 100 >= changes * 95, "{in_time} of {changes} were reported in time");
}

#[test]
#[ignore = "prints a table"]
fn table() {
    const DAYS: u64 = 200;
    println!(
        "\n| nothing changes | this rule | moving deviation | cross-over |\n|---|---|---|---|"
    );
    for scenario in &QUIET {
        let outcomes = run(scenario, DAYS, 3);
        let rate = |outcome: &Outcome| format!("{:.3}", outcome.false_alarms_a_day());
        let rates: Vec<_> = outcomes.iter().map(rate).collect();
        println!("| {} | {} |", scenario.name, rates.join(" | "));
    }
    println!("\n| a change at a random minute | this rule | moving deviation | cross-over |");
    println!("|---|---|---|---|");
    for scenario in &CHANGES {
        let cells = run(scenario, DAYS, 3).into_iter().map(|mut outcome| {
            outcome.delays.sort_unstable();
            let delay = outcome.delays.get(outcome.delays.len() / 2);
            let delay = delay.map_or("never".to_owned(), |minutes| format!("{minutes} min"));
            let (detected, false_alarms) = (outcome.detected(), outcome.false_alarms_a_day());
            format!("{:.1} %, {delay}, {false_alarms:.3}", detected * 100.0)
        });
        println!("| {} | {} |", scenario.name, cells.collect::<Vec<_>>().join(" | "));
    }
}
