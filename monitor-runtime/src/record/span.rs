use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Attributes, SpanId, Status, Value, value::Text};
use crate::Callsite;

/// One finished span.
///
/// Most spans are what their callsites say of them, so what was said beside that is kept apart, and a
/// plain one fits into 64 bytes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Span {
    /// The span's id.
    pub id: SpanId,
    /// The span that was current when this one began; for the root of a transaction the caller's
    /// span in another service or task, if there is one.
    pub parent: Option<SpanId>,
    /// Where the attribute stands.
    pub callsite: &'static Callsite,
    /// How it ended.
    pub status: Status,
    /// Whether it took at least as long as its `#[slow_threshold]`.
    pub slow: bool,
    /// What it is in its transaction.
    pub role: SpanRole,
    /// The number of the callsite of the enclosing span; 0 if there is none.
    pub(crate) parent_site: u32,
    pub(crate) times: Times,
    said: Option<Box<Said>>,
}

/// What was said of a span beside what its callsite says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) op: Option<Text>,
    pub(crate) name: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) attributes: Attributes,
}

impl Said {
    const fn is_nothing(&self) -> bool {
        let Self { op, name, description, attributes } = self;
        op.is_none() && name.is_none() && description.is_none() && attributes.is_empty()
    }
}

/// When a span was, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Since 1970.
    pub(crate) start: u64,
    pub(crate) duration: u64,
    pub(crate) busy: u64,
}

#[cfg(feature = "sentry")]
impl Times {
    pub(crate) const fn end(self) -> u64 {
        self.start.saturating_add(self.duration)
    }
}

/// What a span is in its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SpanRole {
    /// The transaction itself.
    Root,
    /// A span inside it.
    Child,
}

impl Span {
    /// A span of which nothing was said while it was open.
    #[inline]
    pub(crate) const fn plain(id: SpanId, callsite: &'static Callsite, times: Times) -> Self {
        Self {
            id,
            parent: None,
            callsite,
            status: Status::Ok,
            slow: false,
            role: SpanRole::Child,
            parent_site: 0,
            times,
            said: None,
        }
    }

    /// What the span is, in a few fixed words: `db.query`, `http.client`, `function`.
    pub fn op(&self) -> &str {
        self.said(|said| said.op.as_ref()).unwrap_or(self.callsite.op())
    }

    /// What the span is called: the function's name unless the attribute or the program says more.
    pub fn name(&self) -> &str {
        self.said(|said| said.name.as_ref()).unwrap_or(self.callsite.name())
    }

    /// A text for people, if one was given.
    pub fn description(&self) -> Option<&str> {
        let said = self.said(|said| said.description.as_ref());
        said.or(self.callsite.details.description).filter(|text| !text.is_empty())
    }

    /// When it began.
    pub fn start(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_nanos(self.times.start)
    }

    /// How long it took, from the first poll to the end for an async function. Never negative,
    /// whatever the wall clock does.
    pub const fn duration(&self) -> Duration {
        Duration::from_nanos(self.times.duration)
    }

    /// The part of the [`duration`](Self::duration) in which the function ran; for a sync function all
    /// of it, and without [`Config::with_busy_time`](crate::Config::with_busy_time), too.
    pub const fn busy(&self) -> Duration {
        Duration::from_nanos(self.times.busy)
    }

    /// The part of the [`duration`](Self::duration) in which the function waited.
    pub const fn idle(&self) -> Duration {
        Duration::from_nanos(self.times.duration.saturating_sub(self.times.busy))
    }

    /// The op of the enclosing span in the same transaction.
    pub fn parent_operation(&self) -> Option<&'static str> {
        Callsite::by_number(self.parent_site).map(Callsite::op)
    }

    /// Values recorded by `fields(..)` and by hand, in the order in which they were set first.
    pub fn attributes(&self) -> &[(Text, Value)] {
        self.said.as_ref().map_or(&[], |said| &said.attributes)
    }

    /// The value recorded last under this name.
    pub fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes().iter().rev().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// Sets what the span is.
    pub fn set_op(&mut self, op: impl Into<Text>) {
        self.say().op = Some(op.into());
    }

    /// Sets what the span is called.
    pub fn set_name(&mut self, name: impl Into<Text>) {
        self.say().name = Some(name.into());
    }

    /// Sets the text for people. With an empty one there is none.
    pub fn set_description(&mut self, description: impl Into<Text>) {
        self.say().description = Some(description.into());
    }

    /// The recorded values, to be changed.
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        &mut self.say().attributes
    }

    /// Sets all that was said of the span.
    pub(crate) fn set_said(&mut self, said: Box<Said>) {
        self.said = (!said.is_nothing()).then_some(said);
    }

    /// Whether the span is what its callsite says, with no word beside it.
    #[inline]
    pub(crate) const fn is_plain(&self) -> bool {
        self.said.is_none()
    }

    /// Whether its op, name and description stand in the program's text.
    #[cfg(feature = "sentry")]
    pub(crate) fn has_own_words(&self) -> bool {
        self.said.as_ref().is_some_and(|said| {
            said.op.is_some() || said.name.is_some() || said.description.is_some()
        })
    }

    /// Its op, name and description, as far as they were said.
    pub(crate) fn own_words(&mut self) -> [Option<&mut Text>; 3] {
        match self.said.as_deref_mut() {
            Some(Said { op, name, description, .. }) => {
                [op.as_mut(), name.as_mut(), description.as_mut()]
            }
            None => [None, None, None],
        }
    }

    #[inline]
    fn said(&self, part: impl FnOnce(&Said) -> Option<&Text>) -> Option<&str> {
        self.said.as_deref().and_then(part).map(|text| &**text)
    }

    fn say(&mut self) -> &mut Said {
        self.said.get_or_insert_default()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let mut out = serializer.serialize_struct("Span", 13)?;
        out.serialize_field("id", &self.id)?;
        out.serialize_field("parent", &self.parent)?;
        out.serialize_field("op", self.op())?;
        out.serialize_field("name", self.name())?;
        out.serialize_field("description", &self.description())?;
        out.serialize_field("start", &Duration::from_nanos(self.times.start).as_secs_f64())?;
        out.serialize_field("duration_ns", &self.times.duration)?;
        out.serialize_field("busy_ns", &self.times.busy)?;
        out.serialize_field("status", &self.status)?;
        out.serialize_field("slow", &self.slow)?;
        out.serialize_field("attributes", &super::json::Named(self.attributes()))?;
        out.serialize_field("parent_operation", &self.parent_operation())?;
        out.serialize_field("role", &self.role)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_fits_into_a_line_of_the_cache() {
        assert_eq!(size_of::<Span>(), 64);
    }
}
