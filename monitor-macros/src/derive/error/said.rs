use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::super::fields::Fields;
use super::super::input::Field;
use super::severity::Severity;
use crate::diagnostics::Diagnostics;
use crate::model::{Level, Recorded, View, fingerprint};
use crate::parse::Given;

/// What `#[monitor(..)]` says of an error, a variant, or both together.
#[derive(Default)]
pub(super) struct Said {
    pub(super) expected: Option<bool>,
    pub(super) level: Option<Level>,
    pub(super) severity: Option<Severity>,
    pub(super) category: Option<LitStr>,
    pub(super) fingerprint: Vec<LitStr>,
    pub(super) tags: Vec<Recorded>,
    pub(super) context: Vec<Recorded>,
    /// Whether the error's text must not be recorded.
    pub(super) sensitive: bool,
    pub(super) transparent: Option<Span>,
    /// The variables of fields whose text is taken out of messages.
    pub(super) secrets: Vec<Ident>,
    pub(super) backtrace: Option<Ident>,
    /// Whether anything but `transparent` was said here.
    pub(super) says_more: bool,
}

impl Said {
    pub(super) fn read(given: &mut Given<'_>) -> Self {
        let transparent = given.flag("transparent");
        let says_more = !given.is_empty();
        Self {
            expected: expected(given),
            level: level(given),
            severity: severity(given),
            category: given.string("category", r#"category = "payment""#),
            fingerprint: fingerprint(given, r#"fingerprint = ["payment-failed", "{user_id}"]"#),
            tags: Recorded::take_all(given, "tags", r#"tags(plan, feature = "billing")"#),
            context: Recorded::take_all(given, "context", "context(amount, currency)"),
            sensitive: given.flag("sensitive").is_some(),
            transparent,
            secrets: Vec::new(),
            backtrace: None,
            says_more,
        }
    }

    /// Takes what isn't said here from the enum around; lists are put together.
    pub(super) fn inherit(&mut self, around: &Self) {
        self.expected = self.expected.or(around.expected);
        self.level = self.level.or(around.level);
        self.severity = self.severity.or(around.severity);
        self.category = self.category.take().or_else(|| around.category.clone());
        self.sensitive |= around.sensitive;
        if self.fingerprint.is_empty() {
            self.fingerprint.clone_from(&around.fingerprint);
        }
        put_before(&mut self.tags, &around.tags);
        put_before(&mut self.context, &around.context);
    }

    /// What a field says of itself.
    pub(super) fn read_field(
        &mut self,
        field: &Field,
        given: &mut Given<'_>,
        fields: &mut Fields<'_>,
    ) {
        let sensitive = given.flag("sensitive");
        if let Some(tag) = recorded("tag", field, given) {
            self.tags.push(tag);
        }
        if let Some(value) = recorded("context", field, given) {
            self.context.push(value);
        }
        if sensitive.is_some() {
            fields.hide(field);
            fields.take(field);
            self.secrets.push(field.variable.clone());
        }
        if let Some(place) = given.flag("backtrace") {
            fields.take(field);
            if self.backtrace.replace(field.variable.clone()).is_some() {
                given.diagnostics().at(place, "an error has one backtrace");
            }
        }
    }

    /// Notes the fields that are read, and reports those that aren't there or mustn't be.
    pub(super) fn check(&self, fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) {
        for recorded in self.tags.iter().chain(&self.context) {
            fields.read(recorded, diagnostics);
        }
    }
}

/// Those of the enum, but for mistakes: a field of its own it hasn't.
fn put_before(own: &mut Vec<Recorded>, around: &[Recorded]) {
    let readable =
        |recorded: &&Recorded| recorded.shorthand.as_ref().is_none_or(|word| word == "self");
    own.splice(..0, around.iter().filter(readable).cloned());
}

fn expected(given: &mut Given<'_>) -> Option<bool> {
    let expected = given.flag("expected");
    let unexpected = given.flag("unexpected");
    if let (Some(_), Some(place)) = (expected, unexpected) {
        given.diagnostics().at(place, "an error is `expected` or `unexpected`; keep one of them");
    }
    expected.map(|_| true).or(unexpected.map(|_| false))
}

fn level(given: &mut Given<'_>) -> Option<Level> {
    let (name, value) = given.word("level", r#"level = "warning""#)?;
    Level::named(&name).map_err(|message| given.diagnostics().over(&value, message)).ok()
}

fn severity(given: &mut Given<'_>) -> Option<Severity> {
    let (name, value) = given.word("severity", r#"severity = "high""#)?;
    Severity::named(&name).map_err(|message| given.diagnostics().over(&value, message)).ok()
}

/// `tag`, or `tag = "user.id"`, on a field.
fn recorded(key: &str, field: &Field, given: &mut Given<'_>) -> Option<Recorded> {
    let variable = &field.variable;
    let name = given.flag_or_string(key, &format!(r#"{key} = "user.id""#))?;
    let key = name.unwrap_or_else(|| {
        let name = variable.to_string();
        LitStr::new(name.trim_start_matches("r#"), variable.span())
    });
    Some(Recorded {
        key,
        view: View::Best,
        value: syn::parse_quote!(#variable),
        shorthand: Some(variable.clone()),
    })
}
