use syn::{Expr, ExprCall, LitStr};

use super::crontab;
use crate::diagnostics::did_you_mean;
use crate::parse::{Given, as_integer, as_string, as_word, unwrapped};

/// Minutes: 28 days, the most that Sentry takes.
const MAX_MINUTES: u64 = 40_320;
/// Runs in a row: the most that Sentry takes.
const MAX_THRESHOLD: u64 = 720;
/// Characters of a slug: the most that Sentry takes.
const MAX_SLUG: usize = 50;

/// `#[cron_monitor(..)]`
pub(crate) struct CronMonitor {
    pub(crate) slug: String,
    pub(crate) schedule: Option<Schedule>,
    /// Minutes.
    pub(crate) margin: Option<u64>,
    /// Minutes.
    pub(crate) max_runtime: Option<u64>,
    pub(crate) timezone: Option<String>,
    pub(crate) failure_threshold: Option<u64>,
    pub(crate) recovery_threshold: Option<u64>,
}

/// When a job runs.
pub(crate) enum Schedule {
    Crontab(String),
    /// A number and the name of a unit.
    Every(u64, &'static str),
}

const SLUG: &str = r#"slug = "nightly-report""#;
const SCHEDULE: &str = r#"schedule = "0 3 * * *""#;
const EVERY: &str = "schedule = every(10, minutes)";
const TIMEZONE: &str = r#"timezone = "Europe/Berlin""#;

/// What only a schedule gives a meaning to.
const OF_A_SCHEDULE: [&str; 5] =
    ["margin", "max_runtime", "timezone", "failure_threshold", "recovery_threshold"];

impl CronMonitor {
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        if !given.has("slug") {
            given.missing("slug", SLUG);
        }
        if let (false, Some(key)) =
            (given.has("schedule"), OF_A_SCHEDULE.into_iter().find(|key| given.has(key)))
        {
            given.missing("schedule", &format!("{SCHEDULE}, {key} = .."));
        }
        Self {
            slug: slug(given).unwrap_or_default(),
            schedule: given
                .expression("schedule", SCHEDULE)
                .and_then(|value| schedule(&value, given)),
            margin: minutes(given, "margin", "margin = 5"),
            max_runtime: minutes(given, "max_runtime", "max_runtime = 30"),
            timezone: timezone(given),
            failure_threshold: threshold(given, "failure_threshold"),
            recovery_threshold: threshold(given, "recovery_threshold"),
        }
    }
}

fn slug(given: &mut Given<'_>) -> Option<String> {
    let literal = given.string("slug", SLUG)?;
    let text = literal.value();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let problem = if let Some(letter) = text.chars().find(|c| !fits(*c)) {
        format!(
            "`{letter}` can't be part of a slug: it has lower-case letters, digits, `-` and `_`"
        )
    } else if text.len() > MAX_SLUG {
        format!("a slug has at most {MAX_SLUG} characters, and this has {}", text.len())
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        "a slug needs a letter, `-` or `_`: digits alone are an id".to_owned()
    } else {
        return Some(text);
    };
    report(given, &literal, &problem, SLUG);
    None
}

fn schedule(value: &Expr, given: &mut Given<'_>) -> Option<Schedule> {
    if let Some(literal) = as_string(value) {
        let text = literal.value();
        return match crontab::check(&text) {
            Ok(()) => Some(Schedule::Crontab(text)),
            Err(problem) => {
                report(given, &literal, &problem, SCHEDULE);
                None
            }
        };
    }
    match unwrapped(value) {
        Expr::Call(call) if as_word(&call.func).as_deref() == Some("every") => every(call, given),
        _ => given.wrong_value(
            value,
            "a crontab or an interval",
            &format!("{SCHEDULE}` or `{EVERY}"),
        ),
    }
}

fn every(call: &ExprCall, given: &mut Given<'_>) -> Option<Schedule> {
    let arguments: Vec<&Expr> = call.args.iter().collect();
    let [number, unit] = arguments.as_slice() else {
        let value = Expr::Call(call.clone());
        return given.wrong_value(&value, "a number and a unit", EVERY);
    };
    let count = as_integer(number).and_then(|number| number.base10_parse::<u64>().ok());
    let Some(count) = count.filter(|count| *count > 0) else {
        return given.wrong_value(number, "a whole number above zero", EVERY);
    };
    let word = as_word(unit).unwrap_or_default();
    match UNITS.iter().find(|(names, _)| names.contains(&word.as_str())) {
        Some((_, variant)) => Some(Schedule::Every(count, variant)),
        None => {
            let names = UNITS.iter().map(|(names, _)| names[1]);
            let near = did_you_mean(&word, names.clone()).unwrap_or_default();
            let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            let wanted = format!("a unit: {}{near}", all.join(", "));
            given.wrong_value(unit, &wanted, EVERY)
        }
    }
}

const UNITS: [([&str; 2], &str); 6] = [
    (["minute", "minutes"], "Minute"),
    (["hour", "hours"], "Hour"),
    (["day", "days"], "Day"),
    (["week", "weeks"], "Week"),
    (["month", "months"], "Month"),
    (["year", "years"], "Year"),
];

/// Whether such a zone exists is for Sentry to know; here only what can't be one is found.
fn timezone(given: &mut Given<'_>) -> Option<String> {
    let literal = given.string("timezone", TIMEZONE)?;
    let text = literal.value();
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+-/".contains(c);
    let is_abbreviation = text.len() == 4 && text.ends_with("ST");
    if text.chars().all(fits)
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && !is_abbreviation
    {
        return Some(text);
    }
    let problem = "this is no name of the tz database";
    report(given, &literal, problem, TIMEZONE);
    None
}

fn minutes(given: &mut Given<'_>, key: &str, example: &str) -> Option<u64> {
    given.integer_up_to(MAX_MINUTES, "minutes, 28 days", key, example)
}

fn threshold(given: &mut Given<'_>, key: &str) -> Option<u64> {
    given.integer_up_to(MAX_THRESHOLD, "runs", key, &format!("{key} = 2"))
}

fn report(given: &mut Given<'_>, place: &LitStr, problem: &str, example: &str) {
    let message = format!("{problem}; write for example `{example}`");
    given.diagnostics().over(place, message);
}
