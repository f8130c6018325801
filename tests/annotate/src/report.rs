use std::fmt::Write;

use crate::arguments::Arguments;
use crate::compare::Outcome;
use crate::messages::Message;
use crate::test_output::TestOutput;

/// A row of the table, and below it whatever isn't the same.
pub(crate) fn report(arguments: &Arguments, outcome: &Outcome) -> String {
    let mut text = row(arguments, outcome);
    list(&mut text, "left bare", &outcome.left_bare);
    list(&mut text, "error", &shown(&outcome.errors));
    list(&mut text, "new warning", &shown(&outcome.new_warnings));
    list(&mut text, "lost warning", &shown(&outcome.lost_warnings));
    let (before, after) = (&outcome.before.failed, &outcome.after.failed);
    list(&mut text, "fails now", &after.difference(before).collect::<Vec<_>>());
    list(&mut text, "failed before", &before.iter().collect::<Vec<_>>());
    text
}

fn row(arguments: &Arguments, outcome: &Outcome) -> String {
    let refused: usize = outcome.refused.values().sum();
    let reasons: Vec<String> =
        outcome.refused.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let state = if outcome.compiles { "" } else { " (doesn't compile)" };
    let times = (outcome.check_before > 0.0).then(|| outcome.check_after / outcome.check_before);
    let ratio = times.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
    format!(
        "| {} | {} | {} | {}{state} | {} | {} | {} | {:.2} s | {:.2} s | {ratio} |\n",
        arguments.name(),
        arguments.contestant.name(),
        outcome.functions + refused,
        outcome.functions - outcome.left_bare.len(),
        outcome.left_bare.len(),
        reasons.join(", "),
        tests(&outcome.before, &outcome.after),
        outcome.check_before,
        outcome.check_after,
    ) + &unreadable(outcome)
}

fn unreadable(outcome: &Outcome) -> String {
    match outcome.unreadable {
        0 => String::new(),
        files => format!("  files that aren't Rust: {files}\n"),
    }
}

fn tests(before: &TestOutput, after: &TestOutput) -> String {
    let count = |tests: &TestOutput| match tests.failed.len() {
        0 => tests.passed.to_string(),
        failed => format!("{} ({failed} fail)", tests.passed),
    };
    format!("{} / {}", count(before), count(after))
}

fn shown<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<String> {
    let shown = messages.into_iter();
    shown.map(|Message { file, line, text }| format!("{file}:{line}: {text}")).collect()
}

fn list(text: &mut String, title: &str, entries: &[impl AsRef<str>]) {
    for entry in entries {
        // Writing to a string can't fail.
        let _ = writeln!(text, "  {title}: {}", entry.as_ref());
    }
}
