//! Finds the callsite of a span's parent.

use super::trace::{IdMap, RawSpan};

/// Spans that are looked through one by one.
const SEARCHED: usize = 32;

/// Spans come in the order in which they began. So the parent of one is mostly that of the span before, or
/// that span itself, or one around it.
pub(super) struct Parents<'a> {
    root: &'a RawSpan,
    spans: &'a [RawSpan],
    parent: Known,
    last: Known,
    /// The parents around `parent`, the outermost first.
    around: &'a mut Vec<Known>,
    /// Callsites by the ids of all spans; made when it is first needed, for children that were
    /// handed on, or where much runs at once.
    all: Option<IdMap<u32>>,
}

/// A span's id, and its callsite's number.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    id: u64,
    site: u32,
}

impl Known {
    const fn of(raw: &RawSpan) -> Self {
        Self { id: raw.id, site: raw.header.callsite() }
    }
}

impl<'a> Parents<'a> {
    /// `around` is memory that was used before.
    pub(super) fn new(root: &'a RawSpan, spans: &'a [RawSpan], around: &'a mut Vec<Known>) -> Self {
        around.clear();
        let (parent, last) = (Known::of(root), Known::default());
        Self { root, spans, parent, last, around, all: None }
    }

    /// The number of the callsite; 0 for one that isn't in this transaction.
    #[inline]
    pub(super) fn site_of_parent(&mut self, raw: &RawSpan) -> u32 {
        if raw.parent != self.parent.id {
            if raw.parent == self.last.id {
                self.around.push(self.parent);
                self.parent = self.last;
            } else {
                self.go_to(raw.parent);
            }
        }
        self.last = Known::of(raw);
        self.parent.site
    }

    #[inline(never)]
    fn go_to(&mut self, id: u64) {
        let near = self.around.len().saturating_sub(SEARCHED);
        if let Some(above) = self.around[near..].iter().rposition(|known| known.id == id) {
            let at = near + above;
            self.parent = self.around[at];
            self.around.truncate(at);
            return;
        }
        // What is around it isn't known: it is looked for again.
        self.parent = Known { id, site: self.site_of(id).unwrap_or(0) };
    }

    fn site_of(&mut self, id: u64) -> Option<u32> {
        // What is above the root is in no transaction, or in another.
        if id == 0 || id == self.root.parent {
            return None;
        }
        let (root, spans) = (self.root, self.spans);
        let all = self.all.get_or_insert_with(|| {
            let all = spans.iter().chain([root]);
            all.map(|raw| (raw.id, raw.header.callsite())).collect()
        });
        all.get(&id).copied()
    }
}
