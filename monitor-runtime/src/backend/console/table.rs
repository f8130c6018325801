use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use super::paint::{Paint, duration, plain};
use crate::record::{Span, Transaction};
use crate::sketch::Sketch;

/// Rows of the table; calls of further functions are added up in one row.
const MAX_ROWS: usize = 500;
const OTHERS: Key = ("", "(others)");

type Key = (&'static str, &'static str);

/// What is counted of each function.
#[derive(Default)]
pub(super) struct Table {
    rows: HashMap<Key, Row>,
}

#[derive(Default)]
struct Row {
    calls: u64,
    errors: u64,
    slow: u64,
    total: Duration,
    latency: Sketch,
}

impl Table {
    pub(super) fn add(&mut self, transaction: &Transaction) {
        for span in &transaction.spans {
            self.row(span).add(span);
        }
    }

    fn row(&mut self, span: &Span) -> &mut Row {
        let key = (span.callsite.op(), span.callsite.name());
        let known = self.rows.len() < MAX_ROWS || self.rows.contains_key(&key);
        self.rows.entry(if known { key } else { OTHERS }).or_default()
    }

    /// The table, those that took most time first; nothing when nothing was called.
    pub(super) fn draw(&self, paint: Paint) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(key, row)| (std::cmp::Reverse(row.total), **key));
        let width = |text: fn(&Key) -> &str, title: &str| {
            rows.iter().map(|(key, _)| text(key).chars().count()).chain([title.len()]).max()
        };
        let op = width(|key| key.0, "op").unwrap_or(0);
        let name = width(|key| key.1, "name").unwrap_or(0);
        let head = format!(
            "{:op$}  {:name$}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>6}",
            "op", "name", "calls", "errors", "p50", "p95", "p99", "slow"
        );
        let mut out = format!("\n{}\n", paint.bold(&head));
        for ((op_text, name_text), row) in rows {
            let quantile = |share| duration(row.latency.quantile(share));
            let errors = mark(row.errors, 8, |text| paint.red(text));
            let slow = mark(row.slow, 6, |text| paint.yellow(text));
            let _ = writeln!(
                out,
                "{:op$}  {:name$}  {:>8}  {errors}  {:>8}  {:>8}  {:>8}  {slow}",
                plain(op_text),
                plain(name_text),
                row.calls,
                quantile(0.5),
                quantile(0.95),
                quantile(0.99),
            );
        }
        out
    }
}

impl Row {
    fn add(&mut self, span: &Span) {
        self.calls += 1;
        self.errors += u64::from(!span.status.is_ok());
        self.slow += u64::from(span.slow);
        self.total += span.duration();
        self.latency.add(u64::try_from(span.duration().as_nanos()).unwrap_or(u64::MAX));
    }
}

/// A count that is worth a colour unless it is 0.
fn mark(count: u64, width: usize, paint: impl Fn(&str) -> String) -> String {
    let text = format!("{count:>width$}");
    if count == 0 { text } else { paint(&text) }
}
