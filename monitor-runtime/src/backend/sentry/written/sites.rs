use super::fields::Fields;
use super::json::Json;
use super::root::{self, Root};
use crate::Callsite;
use crate::backend::sentry::transaction::{ORIGIN, origin, parent_tag};
use crate::backend::sentry::{convert, fit};
use crate::record::{Span, Status};

/// What spans of the same callsite mostly have in common, as JSON.
#[derive(Default)]
pub(super) struct Sites {
    /// By the callsite's number.
    known: Vec<Site>,
    /// Of a span that isn't like others.
    other: Shape,
    other_root: Root,
}

#[derive(Clone, Default)]
struct Site {
    /// Where it is in the program: fields of a span's data. Empty where nothing was asked yet.
    place: Box<[u8]>,
    /// As its last span was.
    last: Option<(Looks, Shape)>,
    last_root: Option<Box<(root::Looks, Root)>>,
    fields: Fields,
}

/// What the common part of a span is made of, beside its callsite.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Looks {
    parent_site: u32,
    status: Status,
}

/// The JSON of that part.
#[derive(Clone, Default)]
pub(super) struct Shape {
    /// Fields of the tags.
    pub(super) tags: Vec<u8>,
    /// Fields of the span, up to the first of its data.
    pub(super) fields: Vec<u8>,
    /// The same to the span's end, for one of which nothing more is known.
    pub(super) plain: Vec<u8>,
}

impl Sites {
    /// The place of a span in the program: the first fields of an object.
    fn place(&mut self, site: &'static Callsite) -> &[u8] {
        &self.site(site).place
    }

    /// What a span has in common with others, and the names of its fields if they are known.
    pub(super) fn shape(&mut self, span: &Span) -> (&Shape, Option<&Fields>) {
        let Some(looks) = Looks::of(span) else {
            let mut shape = std::mem::take(&mut self.other);
            shape.write(span, self.place(span.callsite));
            self.other = shape;
            return (&self.other, None);
        };
        let Site { place, last, fields, .. } = self.site(span.callsite);
        let (known, shape) = last.get_or_insert_with(|| (looks, Shape::default()));
        if *known != looks || shape.fields.is_empty() {
            *known = looks;
            shape.write(span, place);
        }
        (shape, Some(&*fields).filter(|fields| fields.are_of(span)))
    }

    /// Whether the span is like the last one of its callsite that was usual. If it is not, `is_usual`
    /// says whether it is usual all the same.
    pub(super) fn know(&mut self, span: &Span, is_usual: impl FnOnce(&Span) -> bool) -> bool {
        if span.has_own_words() {
            return is_usual(span);
        }
        let fields = &mut self.site(span.callsite).fields;
        if fields.are_of(span) {
            return true;
        }
        let is_usual = is_usual(span);
        if is_usual {
            fields.learn(span);
        }
        is_usual
    }

    /// What a root has in common with others; `common` is what all transactions have.
    pub(super) fn root(&mut self, root: &Span, common: &[u8]) -> &Root {
        let Some(looks) = root::Looks::of(root) else {
            let mut other = std::mem::take(&mut self.other_root);
            other.write(root, self.place(root.callsite), common);
            self.other_root = other;
            return &self.other_root;
        };
        let Site { place, last_root, .. } = self.site(root.callsite);
        let last = last_root.get_or_insert_with(|| Box::new((looks, Root::default())));
        if last.0 != looks || last.1.name.is_empty() {
            last.0 = looks;
            last.1.write(root, place, common);
        }
        &last.1
    }

    fn site(&mut self, site: &'static Callsite) -> &mut Site {
        // A callsite keeps its number as long as the process lives.
        let number = site.number() as usize;
        if number >= self.known.len() {
            self.known.resize(number + 1, Site::default());
        }
        let known = &mut self.known[number];
        // Past all numbers that there are, callsites share the number 0.
        if known.place.is_empty() || number == 0 {
            *known = Site { place: place(site), ..Site::default() };
        }
        known
    }
}

impl Looks {
    /// `None` where something else was said: there may be many texts, and long ones.
    fn of(span: &Span) -> Option<Self> {
        let (parent_site, status) = (span.parent_site, span.status);
        (!span.has_own_words()).then_some(Self { parent_site, status })
    }
}

impl Shape {
    fn write(&mut self, span: &Span, place: &[u8]) {
        let mut json = Json(std::mem::take(&mut self.tags));
        json.0.clear();
        if let Some((key, value)) = parent_tag(span) {
            json.text(&key);
            json.raw(":");
            json.text(&value);
        }
        self.tags = std::mem::replace(&mut json.0, std::mem::take(&mut self.fields));
        json.0.clear();
        json.raw(r#","op":"#);
        words(&mut json, span, span.description().or(Some(span.name())), place);
        self.plain.clear();
        self.plain.extend_from_slice(&json.0);
        self.fields = std::mem::replace(&mut json.0, std::mem::take(&mut self.plain));
        json.name(ORIGIN);
        json.plain(origin(span));
        json.raw("}}");
        self.plain = json.0;
    }
}

fn place(site: &Callsite) -> Box<[u8]> {
    if site.module().is_empty() {
        return Box::default();
    }
    let mut json = Json::default();
    json.open();
    for (name, text) in [
        ("code.namespace", site.module()),
        ("code.function.name", site.function()),
        ("code.file.path", site.location().file()),
    ] {
        json.name(name);
        json.text(text);
    }
    json.name("code.line.number");
    json.typed(&site.location().line());
    json.0[1..].into()
}

/// Writes what callsites say, from the op on: its name stands before it, and the object of the data stays open.
pub(super) fn words(json: &mut Json, span: &Span, description: Option<&str>, place: &[u8]) {
    json.fitting(span.op(), fit::WORD);
    if let Some(description) = description {
        json.name("description");
        json.text(description);
    }
    json.name("status");
    json.plain(convert::status_word(span.status));
    json.name("origin");
    json.plain(origin(span));
    json.name("data");
    json.open();
    json.raw(place);
}
