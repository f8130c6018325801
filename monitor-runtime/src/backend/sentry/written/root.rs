//! What roots of one callsite say alike, as JSON.

use super::json::Json;
use super::sites;
use crate::backend::sentry::fit;
use crate::backend::sentry::transaction::{ORIGIN, SOURCE, name_source, origin};
use crate::record::{Span, Status};

/// Parts of a transaction, in the order in which they stand there.
#[derive(Clone, Default)]
pub(super) struct Root {
    /// The name, in quotes.
    pub(super) name: Vec<u8>,
    /// From behind the event's id to the tags, or the user.
    pub(super) named: Vec<u8>,
    /// Of the context `trace`, from behind the ids to the data, which are open.
    pub(super) fields: Vec<u8>,
    /// The last of its data: none of them differs from one root to the next.
    pub(super) end: Vec<u8>,
}

/// What the parts are made of, beside the callsite.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Looks(Status);

impl Looks {
    /// `None` where anything was said of the root: its name, and where that is from, may be another.
    pub(super) fn of(root: &Span) -> Option<Self> {
        root.is_plain().then_some(Self(root.status))
    }
}

impl Root {
    /// Writes the parts; `place` is where the root is in the program, `common` what all transactions say.
    pub(super) fn write(&mut self, root: &Span, place: &[u8], common: &[u8]) {
        let source = name_source(root);
        in_place(&mut self.name, |json| json.fitting(root.name(), fit::NAME));
        let name = &self.name;
        in_place(&mut self.named, |json| {
            json.raw(r#"","transaction":"#);
            json.raw(name);
            json.raw(r#","transaction_info":{"source":"#);
            json.text(&source);
            json.close();
            json.raw(common);
        });
        in_place(&mut self.fields, |json| {
            json.raw(r#"","op":"#);
            sites::words(json, root, root.description(), place);
        });
        in_place(&mut self.end, |json| {
            // What stands between this and what is before it isn't known here.
            json.plain(ORIGIN);
            json.raw(":");
            json.plain(origin(root));
            json.name(SOURCE);
            json.text(&source);
        });
    }
}

/// Writes anew what is in `bytes`.
fn in_place(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Json)) {
    let mut json = Json(std::mem::take(bytes));
    json.0.clear();
    write(&mut json);
    *bytes = json.0;
}
