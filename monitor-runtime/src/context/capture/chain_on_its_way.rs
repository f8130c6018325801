use super::chain::Chain;
use crate::record::{Exception, Text};

/// Bytes of a text that goes along with its report.
const SHORT: usize = 256;

/// The errors of a chain on their way to the collector, in memory that is used again: what one thread
/// makes and another frees costs more than to copy it.
pub(super) enum ChainOnItsWay {
    /// Most errors: one of a known type, with a short text, which goes along.
    Short { name: &'static str, module: Option<&'static str> },
    /// Any others.
    Any(Vec<Exception>),
}

impl ChainOnItsWay {
    /// Also returns the text that goes along.
    #[inline]
    pub(super) fn of(chain: &Chain) -> (Self, &str) {
        Self::short(chain).unwrap_or_else(|| Self::any(chain))
    }

    #[inline]
    fn short(chain: &Chain) -> Option<(Self, &str)> {
        let Exception { type_name, value, module, frames } = &*chain.outermost;
        let Text::Borrowed(name) = *type_name else { return None };
        let module = match module {
            None => None,
            Some(Text::Borrowed(module)) => Some(*module),
            Some(Text::Owned(_)) => return None,
        };
        let is_short = value.len() <= SHORT && frames.is_empty() && chain.sources.is_empty();
        is_short.then_some((Self::Short { name, module }, value))
    }

    #[cold]
    fn any(chain: &Chain) -> (Self, &str) {
        (Self::Any(chain.iter().cloned().collect()), "")
    }

    /// The bytes of the texts, about, that lie elsewhere.
    #[inline]
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Short { .. } => 0,
            Self::Any(errors) => {
                errors.iter().map(|error| error.value.len() + 128 * error.frames.len()).sum()
            }
        }
    }

    /// The errors, where this text came along.
    pub(super) fn into_exceptions(self, text: &str) -> Vec<Exception> {
        match self {
            Self::Short { name, module } => {
                let (type_name, module) = (name.into(), module.map(Into::into));
                vec![Exception { type_name, value: text.to_owned(), module, frames: Vec::new() }]
            }
            Self::Any(errors) => errors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::spare::Place;
    use super::*;

    #[test]
    fn what_arrives_is_what_was_sent() {
        let error = |value: &str, type_name: Text, module: Option<Text>| Exception {
            type_name,
            value: value.to_owned(),
            module,
            frames: Vec::new(),
        };
        let long = "ü".repeat(SHORT / 2);
        let chains = [
            vec![error("refused", "Refused".into(), Some("app::db".into()))],
            vec![error(&long, "Refused".into(), None)],
            vec![error(&format!("{long}!"), "Refused".into(), None)],
            vec![error(&"x".repeat(300), "Refused".into(), None)],
            vec![error("", String::from("Made").into(), None)],
            vec![error("", "Refused".into(), Some(String::from("made").into()))],
            vec![error("a", "A".into(), None), error("b", "B".into(), None)],
        ];
        for (at, chain) in chains.into_iter().enumerate() {
            let [outermost, sources @ ..] = chain.as_slice() else { unreachable!("none is empty") };
            let outermost = Place::of(outermost.clone());
            let read = Chain { outermost, sources: sources.to_vec() };
            let (sent, text) = ChainOnItsWay::of(&read);
            assert_eq!(matches!(sent, ChainOnItsWay::Short { .. }), at < 2, "{chain:?}");
            assert_eq!(sent.into_exceptions(text), chain);
            assert_eq!(chain.last(), Some(&*read.into_innermost()));
        }
    }
}
