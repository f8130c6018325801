//! What a call may use, and how long it may take.

use syn::{Expr, LitStr};

use super::duration::nanoseconds;
use crate::parse::{Argument, Form, Given, as_integer, as_string, list};

/// Who counts the tokens of a call.
pub(crate) struct AiBudget {
    pub(crate) name: LitStr,
    /// Whether a call over the limit isn't made, but fails.
    pub(crate) denies: bool,
}

/// `budget = "chat"`, or `budget = deny("chat")`
pub(super) fn budget(given: &mut Given<'_>) -> Option<AiBudget> {
    let example = r#"budget = "chat"`, or `budget = deny("chat")"#;
    let value = given.expression("budget", example)?;
    let (name, denies) = match &value {
        Expr::Call(call) if call.args.len() == 1 && is_word(&call.func, "deny") => {
            (call.args.first().and_then(as_string), true)
        }
        value => (as_string(value), false),
    };
    match name.filter(|name| !name.value().trim().is_empty()) {
        Some(name) => Some(AiBudget { name, denies }),
        None => given.wrong_value(&value, "the name of a budget", example),
    }
}

fn is_word(value: &Expr, word: &str) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(word))
}

/// `slow(ms = 5000)`
pub(super) fn slow(given: &mut Given<'_>) -> Option<u64> {
    milliseconds(given, "slow", "slow(ms = 5000)")
}

/// `slow_ttft(ms = 2000)`
pub(super) fn slow_ttft(given: &mut Given<'_>) -> Option<u64> {
    milliseconds(given, "slow_ttft", "slow_ttft(ms = 2000)")
}

fn milliseconds(given: &mut Given<'_>, key: &str, example: &str) -> Option<u64> {
    let tokens = given.group(key, example)?;
    let arguments = list(tokens.clone(), given.diagnostics());
    let milliseconds = match arguments.as_slice() {
        [Argument { key, form: Form::Assigned { sigil: None, value }, .. }] if key.text == "ms" => {
            as_integer(value).and_then(|number| number.base10_parse::<u64>().ok())
        }
        _ => None,
    };
    let milliseconds = milliseconds.filter(|milliseconds| *milliseconds > 0);
    if milliseconds.is_none() {
        let message = format!("expected milliseconds above zero, as in `{example}`");
        given.diagnostics().over(&tokens, message);
    }
    milliseconds
}

/// `max_open = "10m"`, in nanoseconds
pub(super) fn max_open(given: &mut Given<'_>) -> Option<u64> {
    let example = r#"max_open = "10m""#;
    let literal = given.string("max_open", example)?;
    nanoseconds(&literal, example).map_err(|mistake| given.diagnostics().add(mistake)).ok()
}
