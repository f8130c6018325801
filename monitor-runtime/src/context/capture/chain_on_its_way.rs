use super::chain::Chain;
use crate::record::{Exception, Text};

/// Bytes of a text that goes along with its report.
const SHORT: usize = 112;

/// The errors of a chain on their way to the collector, in memory that is used again: what one thread
/// makes and another frees costs more than to copy it.
pub(super) enum ChainOnItsWay {
    /// Most errors: one of a known type, with a short text.
    Short { name: &'static str, module: Option<&'static str>, text: [u8; SHORT], len: u8 },
    /// Any others.
    Any(Vec<Exception>),
}

/// The same before they leave.
pub(super) enum Leaving<'a> {
    Short { name: &'static str, module: Option<&'static str>, text: &'a [u8], len: u8 },
    Any(Vec<Exception>),
}

impl<'a> Leaving<'a> {
    #[inline]
    pub(super) fn new(chain: &'a Chain) -> Self {
        Self::short(chain).unwrap_or_else(|| Self::any(chain))
    }

    #[cold]
    fn any(chain: &Chain) -> Self {
        Self::Any(chain.iter().cloned().collect())
    }

    #[inline]
    fn short(chain: &'a Chain) -> Option<Self> {
        let Exception { type_name, value, module, frames } = &*chain.outermost;
        let Text::Borrowed(name) = *type_name else { return None };
        let module = match module {
            None => None,
            Some(Text::Borrowed(module)) => Some(*module),
            Some(Text::Owned(_)) => return None,
        };
        let (text, len) = (value.as_bytes(), u8::try_from(value.len()).ok()?);
        let is_short = text.len() <= SHORT && frames.is_empty() && chain.sources.is_empty();
        is_short.then_some(Self::Short { name, module, text, len })
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

    #[inline]
    pub(super) fn on_its_way(self) -> ChainOnItsWay {
        match self {
            Self::Short { name, module, text: short, len } => {
                let mut text = [0; SHORT];
                if let Some(place) = text.get_mut(..short.len()) {
                    place.copy_from_slice(short);
                }
                ChainOnItsWay::Short { name, module, text, len }
            }
            Self::Any(errors) => ChainOnItsWay::Any(errors),
        }
    }
}

impl ChainOnItsWay {
    pub(super) fn into_exceptions(self) -> Vec<Exception> {
        match self {
            Self::Short { name, module, text, len } => {
                let text = str::from_utf8(&text[..usize::from(len)]).unwrap_or_default();
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
            let sent = Leaving::new(&read).on_its_way();
            assert_eq!(matches!(sent, ChainOnItsWay::Short { .. }), at < 2, "{chain:?}");
            assert_eq!(chain.last(), Some(&*read.into_innermost()));
            assert_eq!(sent.into_exceptions(), chain);
        }
    }
}
