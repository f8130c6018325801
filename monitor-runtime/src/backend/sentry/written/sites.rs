use super::json::Json;
use crate::Callsite;

/// What the spans of each callsite say of their place in the program, as JSON: the same each time.
#[derive(Default)]
pub(super) struct Sites {
    /// By the callsite's number; empty where nothing was asked yet.
    known: Vec<Box<[u8]>>,
}

impl Sites {
    /// The first fields of an object.
    pub(super) fn of(&mut self, site: &'static Callsite) -> &[u8] {
        // A callsite keeps its number as long as the process lives.
        let number = site.number() as usize;
        if number >= self.known.len() {
            self.known.resize(number + 1, Box::default());
        }
        let known = &mut self.known[number];
        // Past all numbers that there are, callsites have 0.
        if known.is_empty() || number == 0 {
            *known = written(site);
        }
        known
    }
}

fn written(site: &Callsite) -> Box<[u8]> {
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
