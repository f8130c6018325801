//! What goes wrong, where the error doesn't say it.

use crate::callsite::Callsite;
use crate::errors::ErrorClass;
use crate::record::{Event, Exception, Text};

/// Types of common errors, by their names.
const TYPES: [(&str, &[&str]); 3] = [
    (
        "validation",
        &[
            "ParseIntError",
            "ParseFloatError",
            "ParseBoolError",
            "ParseCharError",
            "TryFromIntError",
            "AddrParseError",
            "Utf8Error",
            "FromUtf8Error",
            "ValidationError",
        ],
    ),
    ("timeout", &["Elapsed", "RecvTimeoutError", "TimeoutError"]),
    ("environment", &["VarError"]),
];

/// What ops begin with.
const OPS: [(&str, &str); 5] = [
    ("db", "database"),
    ("http", "api"),
    ("gen_ai", "ai"),
    ("command", "command"),
    ("task", "task"),
];

/// What the error says, else the kind of the call, else what the types in the chain tell, else
/// what the op tells, else `application`.
pub(super) fn of(event: &Event, site: Option<&Callsite>, class: &ErrorClass) -> Text {
    if let Some(category) = &class.category {
        return category.clone();
    }
    let kind = site.and_then(|site| site.details.capture.kind).or_else(|| kind_of(event));
    let by_op = || {
        let start = event.op.as_deref()?.split('.').next()?;
        OPS.iter().find(|(op, _)| *op == start).map(|(_, category)| *category)
    };
    kind.or_else(|| event.exceptions.iter().find_map(by_type))
        .or_else(by_op)
        .unwrap_or("application")
        .into()
}

/// The kind that was given by hand.
fn kind_of(event: &Event) -> Option<&'static str> {
    let kinds = ["database", "api", "module", "command"];
    kinds.into_iter().find(|kind| event.contexts.iter().any(|(name, _)| name == kind))
}

fn by_type(error: &Exception) -> Option<&'static str> {
    let module = error.module.as_deref().unwrap_or_default();
    if error.type_name == "Error" && matches!(module, "std::io" | "std::io::error") {
        return Some("io");
    }
    let names = |names: &[&str]| names.contains(&error.type_name.as_ref());
    TYPES.iter().find(|(_, types)| names(types)).map(|(category, _)| *category)
}
