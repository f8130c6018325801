use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::error_groups::{ERROR_GROUPS, ErrorGroups};
use super::related_errors::{RELATED_EVENTS, RelatedErrors};
use super::value::{Attributes, Text};

/// The contexts of an event with their names, in the order in which they were added; a later one of
/// the same name wins.
///
/// Used as a list. What each error says, and what it says of errors before it, is made contexts of only
/// when somebody looks at the list.
#[derive(Clone, Default)]
pub struct Contexts {
    made: Vec<Context>,
    /// Behind those.
    groups: Option<Box<ErrorGroups>>,
    /// Behind both.
    related: Option<RelatedErrors>,
    /// All of them, once somebody has asked for the whole list.
    all: OnceLock<Vec<Context>>,
}

type Context = (Text, Attributes);

impl Contexts {
    /// Adds a context behind the others.
    pub fn push(&mut self, context: (Text, Attributes)) {
        self.make().push(context);
    }

    /// Keeps the contexts that `keep` says so of.
    pub fn retain(&mut self, keep: impl FnMut(&(Text, Attributes)) -> bool) {
        self.make().retain(keep);
    }

    /// The last context of this name.
    pub fn named(&self, name: &str) -> Option<&Attributes> {
        let waits = (self.related.is_some() && name == RELATED_EVENTS)
            || (self.groups.is_some() && ERROR_GROUPS.contains(&name));
        let list: &[Context] = if waits { self } else { &self.made };
        list.iter().rev().find(|(known, _)| known == name).map(|(_, values)| values)
    }

    /// Adds the contexts that each error has behind the others.
    pub(crate) fn say_later(&mut self, groups: ErrorGroups) {
        self.make();
        self.groups = Some(Box::new(groups));
    }

    /// Adds the context of these errors behind the others.
    pub(crate) fn relate(&mut self, errors: RelatedErrors) {
        if self.related.is_some() {
            self.make();
        }
        self.all = OnceLock::new();
        self.related = Some(errors);
    }

    /// The list but for what wasn't looked at, what each error says, and what is said of related ones.
    #[cfg(feature = "sentry")]
    pub(crate) fn parts(
        &self,
    ) -> (&[(Text, Attributes)], Option<&ErrorGroups>, Option<&RelatedErrors>) {
        (&self.made, self.groups.as_deref(), self.related.as_ref())
    }

    /// What is to be looked at for secrets: all but what is said of related errors, which were looked at.
    pub(crate) fn parts_mut(&mut self) -> (&mut [(Text, Attributes)], Option<&mut ErrorGroups>) {
        self.all = OnceLock::new();
        (&mut self.made, self.groups.as_deref_mut())
    }

    /// Makes a context of all that waits.
    pub(crate) fn make(&mut self) -> &mut Vec<Context> {
        if self.groups.is_some() || self.related.is_some() {
            let (groups, related) = (self.groups.take(), self.related.take());
            match self.all.take() {
                Some(all) => self.made = all,
                None => self.made.extend(made(groups.map(|groups| *groups), related.as_ref())),
            }
        }
        &mut self.made
    }
}

/// What waits, as contexts.
fn made(
    groups: Option<ErrorGroups>,
    related: Option<&RelatedErrors>,
) -> impl Iterator<Item = Context> {
    let groups = groups.map(ErrorGroups::contexts).into_iter().flatten();
    groups.chain(related.map(|errors| (RELATED_EVENTS.into(), errors.values())))
}

impl Deref for Contexts {
    type Target = [(Text, Attributes)];

    fn deref(&self) -> &Self::Target {
        if self.groups.is_none() && self.related.is_none() {
            return &self.made;
        }
        self.all.get_or_init(|| {
            let mut all = self.made.clone();
            all.extend(made(self.groups.as_deref().cloned(), self.related.as_ref()));
            all
        })
    }
}

impl DerefMut for Contexts {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.make()
    }
}

impl From<Vec<(Text, Attributes)>> for Contexts {
    fn from(made: Vec<(Text, Attributes)>) -> Self {
        Self { made, ..Self::default() }
    }
}

impl FromIterator<(Text, Attributes)> for Contexts {
    fn from_iter<I: IntoIterator<Item = (Text, Attributes)>>(contexts: I) -> Self {
        Vec::from_iter(contexts).into()
    }
}

impl Extend<(Text, Attributes)> for Contexts {
    fn extend<I: IntoIterator<Item = (Text, Attributes)>>(&mut self, contexts: I) {
        self.make().extend(contexts);
    }
}

impl IntoIterator for Contexts {
    type Item = (Text, Attributes);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(self.make()).into_iter()
    }
}

impl<'a> IntoIterator for &'a Contexts {
    type Item = &'a (Text, Attributes);
    type IntoIter = std::slice::Iter<'a, (Text, Attributes)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Contexts {
    type Item = &'a mut (Text, Attributes);
    type IntoIter = std::slice::IterMut<'a, (Text, Attributes)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl PartialEq for Contexts {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{EventId, RelatedError, ToldError, Value};

    fn contexts() -> Contexts {
        let mut contexts = Contexts::from(vec![("error".into(), vec![("a".into(), 1.into())])]);
        let told = ToldError { id: EventId::new(7), title: "Refused: no".into() };
        let error = RelatedError { told: told.into(), score: 3, shares: "trace", seconds_ago: 4 };
        contexts.relate(RelatedErrors { count: 9, errors: vec![error] });
        contexts
    }

    #[test]
    fn the_last_is_made_when_somebody_looks() {
        let contexts = contexts();
        assert!(contexts.named("error").is_some() && contexts.all.get().is_none());
        let related = contexts.named(RELATED_EVENTS).unwrap();
        assert_eq!(related[..2], [("count".into(), 9_u64.into()), ("score".into(), 3_u64.into())]);
        let Value::List(events) = &related[2].1 else { panic!("{related:?}") };
        let shown = events[0].to_string();
        assert!(shown.contains(r#""title": "Refused: no""#), "{shown}");
        assert_eq!(
            contexts.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
            ["error", RELATED_EVENTS]
        );
    }

    #[test]
    fn what_is_changed_stays_changed() {
        for looks_first in [false, true] {
            let mut contexts = contexts();
            if looks_first {
                assert_eq!(contexts.len(), 2);
            }
            contexts[1].1.clear();
            contexts.push(("last".into(), Vec::new()));
            assert_eq!(contexts.clone(), contexts);
            assert!(contexts.named(RELATED_EVENTS).unwrap().is_empty());
            contexts.retain(|(name, _)| name != RELATED_EVENTS);
            assert_eq!(
                contexts.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
                ["error", "last"]
            );
        }
    }
}
