//! The tables in Markdown.

use std::fmt::Write;

use super::contestants::{
    CLOCK, FASTRACE, OURS, RECORDING, SENTRY, SENTRY_TRACING, SILENT, WHOLE, Way, title,
};
use super::process::Processes;
use super::rows::{Column, Rows, Spread};

pub fn all(ways: &[&Way], rows: &Rows, processes: &Processes) -> String {
    let known = |names: &[&'static str]| -> Vec<&'static str> {
        let is_known = |name: &&&str| ways.iter().any(|way| way.name == **name);
        names.iter().filter(is_known).copied().collect()
    };
    let mut text = String::new();
    let caller = "On the calling thread, ns a call added: median (minimum to maximum)";
    times(
        &mut text,
        caller,
        &known(&RECORDING),
        rows,
        Column::Caller,
        &[(OURS, CLOCK), (OURS, FASTRACE), (OURS, SENTRY)],
    );
    let silent = "The same where nothing is recorded";
    times(&mut text, silent, &known(&SILENT), rows, Column::Caller, &[]);
    let whole = "The whole process, CPU ns a call added, until everything is delivered";
    times(
        &mut text,
        whole,
        &known(&WHOLE),
        rows,
        Column::Process,
        &[(OURS, FASTRACE), ("ours, Sentry", SENTRY_TRACING)],
    );
    let allocations = "Allocations of the calling thread a call";
    times(&mut text, allocations, &known(&RECORDING), rows, Column::Allocations, &[]);
    shares(&mut text, &known(&WHOLE), rows);
    of_processes(&mut text, ways, processes);
    text
}

/// A row a case, a column a contestant, and behind them ratios.
fn times(
    text: &mut String,
    heading: &str,
    names: &[&'static str],
    rows: &Rows,
    column: Column,
    ratios: &[(&'static str, &'static str)],
) {
    let has = |name: &str| names.contains(&name);
    let ratios: Vec<_> = ratios.iter().filter(|(name, to)| has(name) && has(to)).collect();
    let quotients = ratios.iter().map(|(name, to)| format!("{name} / {to}"));
    let columns: Vec<String> = ["bare".to_owned()]
        .into_iter()
        .chain(names.iter().map(|n| (*n).to_owned()))
        .chain(quotients)
        .collect();
    let _ = write!(text, "\n### {heading}\n\n| work | {} |\n|---|", columns.join(" | "));
    text.push_str(&"---|".repeat(columns.len()));
    text.push('\n');
    for case in rows.cases() {
        let mut cells: Vec<String> = vec![cell(rows.spread(case, "bare", column))];
        cells.extend(names.iter().map(|name| cell(rows.spread(case, name, column))));
        cells.extend(ratios.iter().map(|(name, to)| {
            let ratio = rows.ratio(case, name, to, column);
            ratio.map_or_else(|| "–".to_owned(), |ratio| format!("**{ratio:.2}**"))
        }));
        let _ = writeln!(text, "| {} | {} |", title(case), cells.join(" | "));
    }
}

fn cell(spread: Option<Spread>) -> String {
    let Some(Spread { median, min, max }) = spread else { return "–".to_owned() };
    let digits = if max.abs() < 10.0 {
        2
    } else if max.abs() < 1000.0 {
        1
    } else {
        0
    };
    format!("{median:.digits$} ({min:.digits$} to {max:.digits$})")
}

/// These count calls and deliver no spans.
const COUNT_ELSEWHERE: [&str; 2] = ["hotpath", "ours, console"];

/// What reached its destination: a library that drops looks quick.
fn shares(text: &mut String, names: &[&'static str], rows: &Rows) {
    let _ = write!(
        text,
        "\n### Share of the spans delivered, in %\n\n| work | {} |\n|---|",
        names.join(" | ")
    );
    text.push_str(&"---|".repeat(names.len()));
    text.push('\n');
    for case in rows.cases().iter().filter(|case| !matches!(case.as_str(), "orphan" | "roots")) {
        let cells: Vec<String> = names
            .iter()
            .map(|name| match rows.spread(case, name, Column::Delivered) {
                Some(spread) if !COUNT_ELSEWHERE.contains(name) => {
                    format!("{:.0}", spread.median * 100.0)
                }
                _ => "–".to_owned(),
            })
            .collect();
        let _ = writeln!(text, "| {} | {} |", title(case), cells.join(" | "));
    }
}

fn of_processes(text: &mut String, ways: &[&Way], processes: &Processes) {
    text.push_str(
        "\n### Processes: start and end with one root of 100 spans; a million spans, 10,000 a root, \
         without a pause\n\n| contestant | ms, wall | more than bare | million: delivered, % | MiB \
         more at the peak | bytes a span |\n|---|---|---|---|---|---|\n",
    );
    let bare = processes.start("bare").map_or(0.0, |spread| spread.median);
    for way in ways {
        let Some(start) = processes.start(way.name) else { continue };
        let (share, mib) = processes.million(way.name).unwrap_or((f64::NAN, f64::NAN));
        let _ = writeln!(
            text,
            "| {} | {:.2} ({:.2} to {:.2}) | {:.2} | {:.1} | {:.1} | {:.0} |",
            way.name,
            start.median,
            start.min,
            start.max,
            start.median - bare,
            share * 100.0,
            mib,
            mib * 1024.0 * 1024.0 / 1e6,
        );
    }
}
