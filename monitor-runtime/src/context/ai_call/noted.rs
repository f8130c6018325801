use crate::callsite::{Ai, Callsite};

/// An AI call of which no more is known than that it began, and perhaps its model.
///
/// Of most calls nobody asks for more while they run: these are words on the thread, and never lie in
/// its scope. Whoever looks at the scope finds the call there.
#[derive(Clone, Copy)]
pub(crate) struct Noted {
    pub(crate) site: &'static Callsite,
    pub(crate) ai: &'static Ai,
    /// In ticks.
    pub(crate) start: u64,
    /// Whether the thread's scope holds anything else.
    pub(crate) has_scope: bool,
    /// Whether the thread's [`NotedModel`] is of this call.
    pub(crate) has_model: bool,
}

/// The longest name of a model that a note holds: few are half as long.
const MAX: usize = 63;

/// The model of the noted call, where the attribute names none.
#[derive(Clone, Copy)]
pub(crate) struct NotedModel {
    len: u8,
    bytes: [u8; MAX],
}

impl NotedModel {
    pub(crate) const NONE: Self = Self { len: 0, bytes: [0; MAX] };

    /// `None` for one that is empty or too long.
    pub(crate) fn new(model: &str) -> Option<Self> {
        let len = u8::try_from(model.len()).ok().filter(|len| *len > 0)?;
        let mut bytes = [0; MAX];
        bytes.get_mut(..model.len())?.copy_from_slice(model.as_bytes());
        Some(Self { len, bytes })
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit() {
        let long = "ü".repeat(31);
        for model in ["gpt-4o", long.as_str()] {
            assert_eq!(NotedModel::new(model).unwrap().as_str(), model);
        }
        assert!(NotedModel::new("").is_none());
        assert!(NotedModel::new(&"ü".repeat(32)).is_none());
        assert_eq!(NotedModel::NONE.as_str(), "");
    }
}
