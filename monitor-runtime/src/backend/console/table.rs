use std::collections::HashMap;
use std::fmt::Write;

use super::paint::{Paint, duration, plain};
use crate::callsite::Callsite;
use crate::record::{Span, Transaction};
use crate::sketch::Sketch;

/// Rows of the table; calls of further functions are added up in one row.
const MAX_ROWS: usize = 500;
const OTHERS: Key = ("", "(others)");

type Key = (&'static str, &'static str);

/// What is counted of each function.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<(Key, Row)>,
    /// The places of the rows.
    known: HashMap<Key, usize>,
    /// The same by the numbers of callsites, so that a span is found by its callsite's number.
    sites: Vec<Option<usize>>,
}

#[derive(Default)]
struct Row {
    calls: u64,
    errors: u64,
    slow: u64,
    /// Nanoseconds.
    total: u64,
    latency: Sketch,
}

impl Table {
    pub(super) fn add(&mut self, transaction: &Transaction) {
        // Spans of one callsite come one behind the other, mostly.
        for spans in transaction.spans.chunk_by(|a, b| std::ptr::eq(a.callsite, b.callsite)) {
            if let Some(span) = spans.first() {
                let row = self.row(span.callsite);
                spans.iter().for_each(|span| row.add(span));
            }
        }
    }

    fn row(&mut self, callsite: &'static Callsite) -> &mut Row {
        let number = callsite.number() as usize;
        let place = match self.sites.get(number) {
            Some(Some(place)) => *place,
            _ => self.find(callsite),
        };
        &mut self.rows[place].1
    }

    #[cold]
    fn find(&mut self, callsite: &'static Callsite) -> usize {
        let key = (callsite.op(), callsite.name());
        let is_known = self.rows.len() < MAX_ROWS || self.known.contains_key(&key);
        let key = if is_known { key } else { OTHERS };
        let place = *self.known.entry(key).or_insert_with(|| {
            self.rows.push((key, Row::default()));
            self.rows.len() - 1
        });
        let number = callsite.number() as usize;
        if self.sites.len() <= number {
            self.sites.resize(number + 1, None);
        }
        self.sites[number] = Some(place);
        place
    }

    /// The table, those that took most time first; nothing when nothing was called.
    pub(super) fn draw(&self, paint: Paint) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(key, row)| (std::cmp::Reverse(row.total), *key));
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
        let nanos = span.times.duration;
        self.total = self.total.saturating_add(nanos);
        self.latency.add(nanos);
    }
}

/// A count that is worth a colour unless it is 0.
fn mark(count: u64, width: usize, paint: impl Fn(&str) -> String) -> String {
    let text = format!("{count:>width$}");
    if count == 0 { text } else { paint(&text) }
}
