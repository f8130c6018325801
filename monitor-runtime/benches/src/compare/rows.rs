//! What the contestants printed, round by round.

use std::collections::BTreeMap;

/// What a contestant prints of a case.
#[derive(Clone, Copy)]
pub enum Column {
    Caller = 0,
    Process = 1,
    Allocations = 2,
    Delivered = 4,
}

/// By case and contestant, one row a round. The cases stand in the order in which they were run.
#[derive(Default)]
pub struct Rows {
    rows: BTreeMap<(String, &'static str), Vec<Vec<f64>>>,
    cases: Vec<String>,
}

/// The middle one of several rounds, and the extremes.
#[derive(Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (min, max) = (*values.first()?, *values.last()?);
        Some(Self { median: values[values.len() / 2], min, max })
    }
}

impl Rows {
    pub fn add(&mut self, name: &'static str, output: &str) {
        for line in output.lines() {
            let mut words = line.split(' ');
            let case = words.next().unwrap_or_default().to_owned();
            let row: Option<Vec<f64>> = words.map(|word| word.parse().ok()).collect();
            let Some(row) = row.filter(|row| row.len() == 5) else { continue };
            if !self.cases.contains(&case) {
                self.cases.push(case.clone());
            }
            self.rows.entry((case, name)).or_default().push(row);
        }
    }

    pub fn cases(&self) -> &[String] {
        &self.cases
    }

    fn column(&self, case: &str, name: &'static str, column: Column) -> Vec<f64> {
        let rounds = self.rows.get(&(case.to_owned(), name)).into_iter().flatten();
        rounds.map(|row| row[column as usize]).collect()
    }

    /// Times without the bare function's share of the same round.
    pub fn added(&self, case: &str, name: &'static str, column: Column) -> Vec<f64> {
        let mut values = self.column(case, name, column);
        if name != "bare" && matches!(column, Column::Caller | Column::Process) {
            let bare = self.column(case, "bare", column);
            values.iter_mut().zip(bare).for_each(|(value, bare)| *value -= bare);
        }
        values
    }

    pub fn spread(&self, case: &str, name: &'static str, column: Column) -> Option<Spread> {
        Spread::of(self.added(case, name, column))
    }

    /// The middle one of the ratios of all rounds.
    pub fn ratio(
        &self,
        case: &str,
        name: &'static str,
        to: &'static str,
        column: Column,
    ) -> Option<f64> {
        let [ours, theirs] = [name, to].map(|name| self.added(case, name, column));
        let ratios = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        Spread::of(ratios).map(|spread| spread.median)
    }
}
