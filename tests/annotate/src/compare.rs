//! The bare crate beside the annotated one.

use std::collections::{BTreeMap, BTreeSet};

use crate::arguments::Arguments;
use crate::cargo;
use crate::crate_copy::CrateCopy;
use crate::locate::locate;
use crate::messages::{self, Message};
use crate::refused::Refused;
use crate::test_output::TestOutput;

/// More than enough: each round takes away every function that the compiler named.
const MOST_ROUNDS: usize = 12;

pub(crate) struct Outcome {
    pub(crate) functions: usize,
    pub(crate) refused: BTreeMap<Refused, usize>,
    pub(crate) unreadable: usize,
    /// Functions that only compile without the attribute, each as `file:line name`.
    pub(crate) left_bare: Vec<String>,
    /// What the compiler said of them.
    pub(crate) errors: BTreeSet<Message>,
    /// Whether it compiles in the end.
    pub(crate) compiles: bool,
    pub(crate) new_warnings: Vec<Message>,
    pub(crate) lost_warnings: Vec<Message>,
    pub(crate) before: TestOutput,
    pub(crate) after: TestOutput,
    /// CPU seconds of `cargo check`, medians.
    pub(crate) check_before: f64,
    pub(crate) check_after: f64,
}

pub(crate) fn compare(arguments: &Arguments) -> Result<Outcome, String> {
    let plain = CrateCopy::new(arguments, "bare")?;
    let copy = CrateCopy::new(arguments, arguments.contestant.name())?;
    copy.depend(arguments)?;

    let built = cargo::build_tests(&plain.folder, arguments)?;
    if !built.succeeded {
        return Err(format!("the bare crate doesn't build:\n{}", built.output));
    }
    let before = TestOutput::read(&cargo::test(&plain.folder, arguments)?.output);
    let mut outcome = Outcome { before, ..count(&copy) };
    annotate(arguments, &copy, &mut outcome)?;
    if outcome.compiles {
        outcome.after = TestOutput::read(&cargo::test(&copy.folder, arguments)?.output);
        time(arguments, &plain, &copy, &mut outcome)?;
    }
    Ok(outcome)
}

fn count(copy: &CrateCopy) -> Outcome {
    let mut refused = BTreeMap::new();
    for reason in copy.files.iter().flat_map(|file| &file.found.refused) {
        *refused.entry(*reason).or_default() += 1;
    }
    Outcome {
        functions: copy.files.iter().map(|file| file.found.functions.len()).sum(),
        refused,
        unreadable: copy.unreadable.len(),
        left_bare: Vec::new(),
        errors: BTreeSet::new(),
        compiles: false,
        new_warnings: Vec::new(),
        lost_warnings: Vec::new(),
        before: TestOutput::default(),
        after: TestOutput::default(),
        check_before: 0.0,
        check_after: 0.0,
    }
}

/// Takes the attribute from functions that don't compile with it, until the crate compiles.
fn annotate(arguments: &Arguments, copy: &CrateCopy, outcome: &mut Outcome) -> Result<(), String> {
    let mut bare = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        copy.annotate(arguments, &bare)?;
        let run = cargo::build_tests(&copy.folder, arguments)?;
        if run.succeeded {
            outcome.compiles = true;
            break;
        }
        let errors = messages::errors(&run.output);
        let blamed = locate(copy, &errors, &bare);
        outcome.errors.extend(errors);
        if blamed.is_empty() {
            eprintln!("{}", run.output);
            break;
        }
        bare.extend(blamed);
    }
    outcome.left_bare = bare.iter().map(|place| described(copy, *place)).collect();
    Ok(())
}

fn described(copy: &CrateCopy, (file, function): (usize, usize)) -> String {
    let file = &copy.files[file];
    let function = &file.found.functions[function];
    format!("{}:{} {}", file.path.display(), function.lines.start(), function.name)
}

/// Times `cargo check` of both in turn, and compares the warnings.
fn time(
    arguments: &Arguments,
    plain: &CrateCopy,
    copy: &CrateCopy,
    outcome: &mut Outcome,
) -> Result<(), String> {
    // The first run builds the dependencies.
    let warned = messages::warnings(&cargo::check(&plain.folder, arguments)?.output);
    let warns = messages::warnings(&cargo::check(&copy.folder, arguments)?.output);
    outcome.new_warnings = warns.difference(&warned).cloned().collect();
    outcome.lost_warnings = warned.difference(&warns).cloned().collect();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for _ in 0..arguments.rounds {
        for (copy, times) in [(plain, &mut before), (copy, &mut after)] {
            copy.touch()?;
            times.push(cargo::check(&copy.folder, arguments)?.cpu_seconds);
        }
    }
    outcome.check_before = median(&before);
    outcome.check_after = median(&after);
    Ok(())
}

pub(crate) fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}
