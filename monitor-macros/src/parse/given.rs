use proc_macro2::{Span, TokenStream};
use syn::{Expr, LitStr, Path};

use super::repeats::without_repeats;
use super::values::{as_integer, as_string, as_word, unwrapped};
use super::{Argument, AttributeKind, Form, Owner, Stacked, list, secrets};
use crate::diagnostics::{Diagnostics, alternatives, did_you_mean};

/// The arguments given to one attribute, each taken out by the key it has.
///
/// `example` is always the argument as one would write it, for the message.
pub(crate) struct Given<'a> {
    owner: Owner,
    place: Span,
    arguments: Vec<Argument>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Given<'a> {
    /// Reads the arguments; unknown and repeated ones are reported and left out.
    pub(crate) fn read(stacked: Stacked, diagnostics: &'a mut Diagnostics) -> Self {
        let Stacked { kind, place, arguments, .. } = stacked;
        Self::of(kind.into(), place, arguments, diagnostics)
    }

    /// The same for whatever else takes arguments.
    pub(crate) fn of(
        owner: Owner,
        place: Span,
        arguments: TokenStream,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let mut arguments = list(arguments, diagnostics);
        arguments.retain(|argument| is_known(owner, argument, diagnostics));
        secrets::check(&arguments, diagnostics);
        let arguments = without_repeats(arguments, diagnostics);
        Self { owner, place, arguments, diagnostics }
    }

    /// Takes what the attribute itself doesn't say from that of the block around it; which keys.
    pub(crate) fn inherit(&mut self, arguments: TokenStream) -> Vec<String> {
        // Mistakes in them were reported at the block.
        let mut inherited = list(arguments, &mut Diagnostics::default());
        inherited.retain(|argument| {
            let key = argument.key.text.as_str();
            let opposite = EXCLUSIVE.iter().find(|pair| pair.contains(&key));
            !self.has(key) && !opposite.is_some_and(|pair| pair.iter().any(|key| self.has(key)))
        });
        let keys = inherited.iter().map(|argument| argument.key.text.clone()).collect();
        self.arguments.extend(inherited);
        keys
    }

    /// For mistakes that the caller finds.
    pub(crate) fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    /// The mistakes, for whoever goes on.
    pub(crate) fn into_diagnostics(self) -> &'a mut Diagnostics {
        self.diagnostics
    }

    /// Whether nothing but `crate = ..` was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.arguments.iter().all(|argument| argument.key.text == "crate")
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.arguments.iter().any(|argument| argument.key.text == key)
    }

    /// Reports that an argument isn't there.
    pub(crate) fn missing(&mut self, key: &str, example: &str) {
        let message = format!("{} needs `{key}`, as in `{example}`", self.owner);
        self.diagnostics.at(self.place, message);
    }

    /// The argument as it was written.
    pub(crate) fn take(&mut self, key: &str) -> Option<Argument> {
        let index = self.arguments.iter().position(|argument| argument.key.text == key)?;
        let argument = self.arguments.remove(index);
        if let Some(sigil) = argument.sigil {
            let message =
                format!("`?` and `%` choose how a field is recorded; `{key}` is no field");
            self.diagnostics.at(sigil.span(), message);
        }
        Some(argument)
    }

    /// Whether the argument was given without a value.
    pub(crate) fn is_flag(&self, key: &str) -> bool {
        let is_flag = |form: &Form| matches!(form, Form::Flag);
        self.arguments.iter().any(|argument| argument.key.text == key && is_flag(&argument.form))
    }

    /// One of a few words, with or without quotes.
    pub(crate) fn one_of(&mut self, key: &str, words: &[&'static str]) -> Option<&'static str> {
        let (word, value) = self.word(key, &format!("{key} = {}", words.first()?))?;
        let known = words.iter().find(|known| **known == word).copied();
        if known.is_none() {
            let message = format!("unknown `{key}`, `{word}`{}", alternatives(&word, words));
            self.diagnostics.over(&value, message);
        }
        known
    }

    /// A switch: where it was given.
    pub(crate) fn flag(&mut self, key: &str) -> Option<Span> {
        let argument = self.take(key)?;
        if !matches!(argument.form, Form::Flag | Form::Broken) {
            let message = format!("`{key}` takes no value: write `{key}`, or leave it out");
            self.diagnostics.over(argument.value_tokens(), message);
        }
        Some(argument.key.span())
    }

    /// A switch that may be given a text: `Some(None)` without one.
    pub(crate) fn flag_or_string(&mut self, key: &str, example: &str) -> Option<Option<LitStr>> {
        let is_flag = |argument: &&Argument| argument.key.text == key;
        match self.arguments.iter().find(is_flag)?.form {
            Form::Flag => self.take(key).map(|_| None),
            _ => self.string(key, example).map(Some),
        }
    }

    /// Any expression after `=`.
    pub(crate) fn expression(&mut self, key: &str, example: &str) -> Option<Expr> {
        let argument = self.take(key)?;
        match argument.form {
            Form::Assigned { sigil: None, value } => Some(value),
            Form::Assigned { sigil: Some(sigil), .. } => {
                let message = "`?` and `%` choose how a field is recorded; nothing is chosen here";
                self.diagnostics.at(sigil.span(), message);
                None
            }
            _ => self.wrong_form(&argument, "a value", example),
        }
    }

    /// A text between quotes that isn't empty.
    pub(crate) fn string(&mut self, key: &str, example: &str) -> Option<LitStr> {
        let value = self.expression(key, example)?;
        match as_string(&value) {
            Some(literal) => self.not_empty(key, literal, example),
            None => self.wrong_value(&value, "a string literal", example),
        }
    }

    /// A text between quotes, or any expression that isn't another literal.
    pub(crate) fn text(&mut self, key: &str, example: &str) -> Option<Expr> {
        let value = self.expression(key, example)?;
        match (as_string(&value), unwrapped(&value)) {
            (Some(literal), _) => self.not_empty(key, literal, example).map(|_| value),
            (None, Expr::Lit(_)) => self.wrong_value(&value, "a string", example),
            (None, _) => Some(value),
        }
    }

    /// A whole number above zero.
    pub(crate) fn positive_integer(&mut self, key: &str, example: &str) -> Option<u64> {
        let value = self.expression(key, example)?;
        let number = as_integer(&value).and_then(|literal| literal.base10_parse::<u64>().ok());
        match number {
            Some(0) => {
                let message = format!("`{key}` must be above zero; write for example `{example}`");
                self.diagnostics.over(&value, message);
                None
            }
            Some(number) => Some(number),
            None => self.wrong_value(&value, "a whole number", example),
        }
    }

    /// The same, up to `max`; `of` says what it is a number of.
    pub(crate) fn integer_up_to(
        &mut self,
        max: u64,
        of: &str,
        key: &str,
        example: &str,
    ) -> Option<u64> {
        let written = self.arguments.iter().find(|argument| argument.key.text == key);
        let written = written.map(Argument::value_tokens)?;
        let number = self.positive_integer(key, example)?;
        if number > max {
            let message = format!("`{key}` is at most {max} {of}; write for example `{example}`");
            self.diagnostics.over(written, message);
            return None;
        }
        Some(number)
    }

    /// A closure or the path of a function.
    pub(crate) fn callable(&mut self, key: &str, example: &str) -> Option<Expr> {
        let value = self.expression(key, example)?;
        match unwrapped(&value) {
            Expr::Closure(_) | Expr::Path(_) => Some(value),
            _ => self.wrong_value(&value, "a closure or the path of a function", example),
        }
    }

    /// A path, such as the one of a crate.
    pub(crate) fn path(&mut self, key: &str, example: &str) -> Option<Path> {
        let value = self.expression(key, example)?;
        match unwrapped(&value) {
            Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
            _ => self.wrong_value(&value, "a path", example),
        }
    }

    /// A word, with or without quotes.
    pub(crate) fn word(&mut self, key: &str, example: &str) -> Option<(String, Expr)> {
        let value = self.expression(key, example)?;
        match as_word(&value) {
            Some(word) => Some((word, value)),
            None => self.wrong_value(&value, "a name", example),
        }
    }

    /// What stands between the parentheses of `key(..)`.
    pub(crate) fn group(&mut self, key: &str, example: &str) -> Option<TokenStream> {
        let argument = self.take(key)?;
        match argument.form {
            Form::List(inner) => Some(inner),
            _ => self.wrong_form(&argument, "parentheses", example),
        }
    }

    /// Reports a value of the wrong sort.
    pub(crate) fn wrong_value<T>(
        &mut self,
        value: &Expr,
        wanted: &str,
        example: &str,
    ) -> Option<T> {
        self.diagnostics.over(value, format!("expected {wanted}, as in `{example}`"));
        None
    }

    fn not_empty(&mut self, key: &str, literal: LitStr, example: &str) -> Option<LitStr> {
        if !literal.value().trim().is_empty() {
            return Some(literal);
        }
        let message = format!("`{key}` can't be empty; write for example `{example}`");
        self.diagnostics.over(&literal, message);
        None
    }

    fn wrong_form<T>(&mut self, argument: &Argument, wanted: &str, example: &str) -> Option<T> {
        let message = match &argument.form {
            Form::Broken => return None,
            Form::Flag | Form::List(_) | Form::Assigned { .. } => {
                format!("`{}` expects {wanted}, as in `{example}`", argument.key.text)
            }
        };
        self.diagnostics.over(argument.value_tokens(), message);
        None
    }
}

/// Of these an attribute has one at most.
const EXCLUSIVE: [[&str; 2]; 1] = [["root", "child_only"]];

fn is_known(owner: Owner, argument: &Argument, diagnostics: &mut Diagnostics) -> bool {
    let key = argument.key.text.as_str();
    let quoted = argument.key.first.is_none();
    if !quoted && owner.keys.contains(&key) {
        return true;
    }
    let message = match argument.form {
        Form::Flag if quoted => {
            format!("{owner} takes named arguments, as in `{}`", owner.example)
        }
        _ if owner.keys.contains(&key) => format!("write `{key}` without quotes"),
        Form::Flag if key == "skip" => {
            format!("`skip` stands alone, as in `#[{}(skip)]`", owner.name)
        }
        _ => format!("unknown argument `{key}` for {owner}{}", advice(owner, key)),
    };
    diagnostics.over(&argument.key.tokens, message);
    if let Some(word) = &argument.key.first {
        diagnostics.unknown(owner.name, word.clone());
    }
    false
}

/// The nearest key, the attribute that the key belongs to, or all keys.
fn advice(owner: Owner, key: &str) -> String {
    let near = did_you_mean(key, owner.keys.iter().copied());
    let other = AttributeKind::owning(key).map(|kind| format!("; it belongs to {kind}"));
    near.or(other).unwrap_or_else(|| alternatives(key, owner.keys))
}
