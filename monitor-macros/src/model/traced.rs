use proc_macro2::Span;
use syn::{Expr, LitStr};

use super::duration::nanoseconds;
use super::{Context, Recorded, Text};
use crate::parse::Given;

/// `#[traced(..)]`
#[derive(Default)]
pub(crate) struct Traced {
    pub(crate) op: Option<String>,
    pub(crate) name: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) fields: Vec<Recorded>,
    pub(crate) tags: Vec<Recorded>,
    pub(crate) user: Option<Expr>,
    pub(crate) contexts: Vec<Context>,
    pub(crate) root: Option<Span>,
    pub(crate) child_only: Option<Span>,
    pub(crate) min_duration: Option<u64>,
    /// What the names of a block's functions begin with.
    pub(crate) prefix: Option<LitStr>,
}

impl Traced {
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        Self {
            op: given.string("op", r#"op = "db.query""#).map(|op| op.value()),
            name: given.text("name", r#"name = "load user""#).map(Text::from),
            description: given.text("description", r#"description = "Loads it""#).map(Text::from),
            fields: Recorded::take_all(given, "fields", "fields(id, email = user.email)"),
            tags: Recorded::take_all(given, "tags", "tags(plan = user.plan)"),
            user: given.expression("user", "user = user.id"),
            contexts: Context::take_all(given),
            root: given.flag("root"),
            child_only: given.flag("child_only"),
            min_duration: min_duration(given),
            prefix: given.string("prefix", r#"prefix = "Account::""#),
        }
    }

    /// Whether its tags, user or contexts need a scope.
    pub(crate) fn is_scoped(&self) -> bool {
        !self.tags.is_empty() || self.user.is_some() || !self.contexts.is_empty()
    }
}

fn min_duration(given: &mut Given<'_>) -> Option<u64> {
    let example = r#"min_duration = "5ms""#;
    let literal = given.string("min_duration", example)?;
    nanoseconds(&literal, example).map_err(|mistake| given.diagnostics().add(mistake)).ok()
}
