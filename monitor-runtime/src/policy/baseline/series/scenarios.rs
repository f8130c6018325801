use std::f64::consts::TAU;

use super::DAY;
use super::generate::{Random, Series};

pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) series: fn(&mut Random) -> Series,
}

/// Days on which nothing is to be reported.
pub(super) const QUIET: [Scenario; 13] = [
    Scenario { name: "steady, 60 calls a minute", series: |_| steady() },
    Scenario { name: "steady, 12 calls a minute", series: |_| Series { rate: 12.0, ..steady() } },
    Scenario { name: "steady, 3 calls a minute", series: |_| Series { rate: 3.0, ..steady() } },
    Scenario { name: "steady, 200 calls a minute", series: |_| Series { rate: 200.0, ..steady() } },
    Scenario { name: "all calls alike", series: |_| Series { spread: 0.01, ..steady() } },
    Scenario { name: "wide (p99 is 33 times the median)", series: |_| wide() },
    Scenario { name: "bimodal: 12 % take 40 times as long", series: |_| bimodal() },
    Scenario { name: "noisy: minutes differ by 20 %", series: noisy },
    Scenario { name: "drift: four times as slow by the evening", series: |_| drift() },
    Scenario { name: "day and night: three times as slow at noon", series: |_| day_and_night() },
    Scenario { name: "slow day: within an hour twice as slow, for 8 h", series: |_| slow_day() },
    Scenario { name: "cold start: ten times as slow, for 5 min", series: |_| cold_start() },
    Scenario { name: "spikes: one minute in three hours five times as slow", series: |_| spikes() },
];

/// Days on which something is different for a while, from a random minute on.
pub(super) const CHANGES: [Scenario; 9] = [
    Scenario { name: "twice as slow, 60 calls a minute", series: |r| change(steady(), 2.0, r) },
    Scenario {
        name: "three times as slow, 20 calls a minute",
        series: |r| change(Series { rate: 20.0, ..steady() }, 3.0, r),
    },
    Scenario { name: "wide, six times as slow", series: |r| change(wide(), 6.0, r) },
    Scenario { name: "noisy, three times as slow", series: |r| change(noisy(r), 3.0, r) },
    Scenario {
        name: "bimodal, half of the calls take the slow way",
        series: |r| Series { changed: (1.0, 0.5), ..change(bimodal(), 1.0, r) },
    },
    Scenario {
        name: "a quarter of the calls ten times as slow",
        series: |r| Series {
            other_way: (0.0, 10.0),
            changed: (1.0, 0.25),
            ..change(steady(), 1.0, r)
        },
    },
    Scenario { name: "drift, three times as slow", series: |r| change(drift(), 3.0, r) },
    Scenario {
        name: "day and night, three times as slow",
        series: |r| change(day_and_night(), 3.0, r),
    },
    Scenario { name: "slow day, three times as slow", series: |r| change(slow_day(), 3.0, r) },
];

/// Log-normal, as latencies are at best: the p95 is 2.3 times the median.
fn steady() -> Series {
    Series {
        rate: 60.0,
        level: vec![1.0; DAY as usize],
        spread: 0.5,
        other_way: (0.0, 1.0),
        change: None,
        changed: (1.0, 0.0),
    }
}

fn by_minute(level: impl Fn(f64) -> f64) -> Series {
    Series { level: (0..DAY).map(|minute| level(f64::from(minute))).collect(), ..steady() }
}

fn wide() -> Series {
    Series { spread: 1.5, ..steady() }
}

fn bimodal() -> Series {
    Series { spread: 0.3, other_way: (0.12, 40.0), ..steady() }
}

/// Each minute is a little like the one before.
fn noisy(random: &mut Random) -> Series {
    let mut state = 0.0;
    let level = (0..DAY).map(|_| {
        state = 0.8 * state + 0.12 * random.normal();
        f64::exp(state)
    });
    Series { level: level.collect(), ..steady() }
}

fn drift() -> Series {
    by_minute(|minute| 4_f64.powf(minute / f64::from(DAY)))
}

fn day_and_night() -> Series {
    by_minute(|minute| 3_f64.powf(0.5 - 0.5 * (TAU * minute / f64::from(DAY)).cos()))
}

fn slow_day() -> Series {
    by_minute(|minute| 2_f64.powf(((minute - 480.0).min(1020.0 - minute) / 60.0).clamp(0.0, 1.0)))
}

fn cold_start() -> Series {
    by_minute(|minute| if minute < 5.0 { 10.0 } else { 1.0 })
}

fn spikes() -> Series {
    by_minute(|minute| if minute % 180.0 == 100.0 { 5.0 } else { 1.0 })
}

/// For half an hour, some time between the second hour of the day and the last but one.
fn change(series: Series, factor: f64, random: &mut Random) -> Series {
    let begins = 120 + (random.uniform() * f64::from(DAY - 240)) as u32;
    let changed = (factor, series.other_way.0);
    Series { change: Some((begins, begins + 30)), changed, ..series }
}
