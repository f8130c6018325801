use super::chain::Chain;
use super::spare::Place;
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

impl ChainOnItsWay {
    /// Also returns the innermost error, which its thread goes on to remember.
    pub(super) fn of(chain: Chain) -> (Self, Place) {
        match Self::short(&chain) {
            Some(short) => (short, chain.outermost),
            None => (Self::Any(chain.iter().cloned().collect()), chain.into_innermost()),
        }
    }

    fn short(chain: &Chain) -> Option<Self> {
        let Exception { type_name: Text::Borrowed(name), value, module, frames } =
            &*chain.outermost
        else {
            return None;
        };
        let module = match module {
            None => None,
            Some(Text::Borrowed(module)) => Some(*module),
            Some(Text::Owned(_)) => return None,
        };
        let len = u8::try_from(value.len()).ok()?;
        let mut text = [0; SHORT];
        text.get_mut(..value.len())?.copy_from_slice(value.as_bytes());
        let is_alone = frames.is_empty() && chain.sources.is_empty();
        is_alone.then_some(Self::Short { name, module, text, len })
    }

    /// The bytes of the texts, about, that lie elsewhere.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Short { .. } => 0,
            Self::Any(errors) => {
                errors.iter().map(|error| error.value.len() + 128 * error.frames.len()).sum()
            }
        }
    }

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
            let (sent, innermost) =
                ChainOnItsWay::of(Chain { outermost, sources: sources.to_vec() });
            assert_eq!(matches!(sent, ChainOnItsWay::Short { .. }), at < 2, "{chain:?}");
            assert_eq!(chain.last(), Some(&*innermost));
            assert_eq!(sent.into_exceptions(), chain);
        }
    }
}
