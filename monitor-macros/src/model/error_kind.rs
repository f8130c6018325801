use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{Expr, LitStr};

use super::{Content, Context, Recorded};
use crate::diagnostics::{Diagnostics, alternatives};
use crate::parse::{Argument, Form, Given, list, unwrapped, without_repeats};

/// `kind = database(operation = "select", table = "users")`
pub(crate) struct ErrorKind {
    pub(crate) name: &'static str,
    pub(crate) details: Vec<Recorded>,
    place: Span,
}

/// The kinds, and what each may say about the error.
const KINDS: [(&str, &[&str]); 4] = [
    ("database", &["operation", "table", "query"]),
    ("api", &["service", "endpoint", "status", "body"]),
    ("module", &["name", "command"]),
    ("command", &["name", "kind", "group"]),
];

const EXAMPLE: &str = r#"kind = database(operation = "select", table = "users")"#;

impl ErrorKind {
    /// What metrics say of what does this, if the runtime counts and times it.
    pub(crate) fn for_metrics(mut self) -> Option<Self> {
        self.details.retain(|detail| detail.key.value() != "query");
        matches!(self.name, "database" | "api" | "command").then_some(self)
    }

    /// `kind = database(..)`, or `database(..)` alone.
    pub(crate) fn read(given: &mut Given<'_>) -> Option<Self> {
        let mut found: Vec<Self> = Vec::new();
        found.extend(assigned(given));
        for (name, _) in KINDS {
            found.extend(given.take(name).and_then(|argument| alone(name, argument, given)));
        }
        if let [first, .., last] = found.as_slice() {
            let message = format!("an error has one kind; this one is `{}` already", first.name);
            given.diagnostics().at(last.place, message);
            given.diagnostics().at(first.place, "the kind is first given here");
        }
        found.into_iter().next()
    }

    /// A kind that an attribute stands for, with what it was given.
    pub(crate) fn of_preset(name: &'static str, details: Vec<Recorded>) -> Self {
        Self { name, details, place: Span::call_site() }
    }

    /// The same for all that happens inside of the function.
    pub(crate) fn as_context(&self) -> Context {
        let name = LitStr::new(self.name, Span::mixed_site());
        Context { name, content: Content::Values(self.details.clone()) }
    }

    /// The details known when the function is compiled.
    pub(crate) fn literals(&self) -> impl Iterator<Item = (&LitStr, LitStr)> {
        self.details.iter().filter_map(|detail| Some((&detail.key, detail.literal()?)))
    }

    /// The details that each call makes.
    pub(crate) fn dynamic(&self) -> impl Iterator<Item = &Recorded> {
        self.details.iter().filter(|detail| detail.literal().is_none())
    }
}

fn assigned(given: &mut Given<'_>) -> Option<ErrorKind> {
    let value = given.expression("kind", EXAMPLE)?;
    let (name, details) = match unwrapped(&value) {
        Expr::Call(call) => (word(&call.func), call.args.to_token_stream()),
        other => (word(other), TokenStream::new()),
    };
    let Some(name) = name else {
        return given.wrong_value(&value, "a kind of error", EXAMPLE);
    };
    kind(&name, details, given.diagnostics())
}

fn word(expression: &Expr) -> Option<Ident> {
    match unwrapped(expression) {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
}

fn alone(name: &str, argument: Argument, given: &mut Given<'_>) -> Option<ErrorKind> {
    let word = argument.key.first.clone()?;
    match argument.form {
        Form::Broken => None,
        Form::Flag => kind(&word, TokenStream::new(), given.diagnostics()),
        Form::List(inner) => kind(&word, inner, given.diagnostics()),
        Form::Assigned { .. } => {
            let (_, keys) = KINDS.iter().find(|(known, _)| *known == name)?;
            let message =
                format!("`{name}` expects parentheses, as in `{name}({} = \"..\")`", keys[0]);
            given.diagnostics().over(argument.value_tokens(), message);
            None
        }
    }
}

fn kind(word: &Ident, details: TokenStream, diagnostics: &mut Diagnostics) -> Option<ErrorKind> {
    let text = word.to_string();
    let Some((name, keys)) = KINDS.iter().find(|(known, _)| *known == text) else {
        let names = KINDS.map(|(name, _)| name);
        let hint = alternatives(&text, &names);
        diagnostics.over(word, format!("unknown kind of error `{text}`{hint}"));
        return None;
    };
    let details = read_details(name, keys, details, diagnostics);
    Some(ErrorKind { name, details, place: word.span() })
}

fn read_details(
    name: &str,
    keys: &[&str],
    details: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Vec<Recorded> {
    let mut arguments = list(details, diagnostics);
    arguments.retain(|argument| {
        let key = argument.key.text.as_str();
        let known = keys.contains(&key);
        if !known {
            let hint = alternatives(key, keys);
            let message = format!("unknown argument `{key}` for `{name}(..)`{hint}");
            diagnostics.over(&argument.key.tokens, message);
        }
        known
    });
    without_repeats(arguments, diagnostics)
        .into_iter()
        .filter_map(|argument| Recorded::read(name, argument, diagnostics))
        .collect()
}
