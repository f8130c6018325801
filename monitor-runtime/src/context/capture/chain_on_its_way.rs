use std::sync::Arc;

use crate::record::{Exception, Text};

/// Bytes of a text that goes along with its report.
const SHORT: usize = 112;

/// The errors of a chain on their way to the collector, in memory that is used again: what one thread
/// makes and another frees costs more than to copy it.
pub(super) enum ChainOnItsWay {
    /// Most errors: one of a known type, with a short text.
    Short { name: &'static str, module: Option<&'static str>, text: [u8; SHORT], len: u8 },
    /// Any others.
    Shared(Arc<[Exception]>),
}

impl ChainOnItsWay {
    /// The error's thread goes on to remember it.
    pub(super) fn of(exceptions: &Arc<[Exception]>) -> Self {
        Self::short(exceptions).unwrap_or_else(|| Self::Shared(Arc::clone(exceptions)))
    }

    fn short(exceptions: &[Exception]) -> Option<Self> {
        let [Exception { type_name: Text::Borrowed(name), value, module, frames }] = exceptions
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
        frames.is_empty().then_some(Self::Short { name, module, text, len })
    }

    /// The bytes of the texts, about, that lie elsewhere.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Short { .. } => 0,
            Self::Shared(errors) => {
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
            Self::Shared(errors) => errors.to_vec(),
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
            let sent = ChainOnItsWay::of(&chain.clone().into());
            assert_eq!(matches!(sent, ChainOnItsWay::Short { .. }), at < 2, "{chain:?}");
            assert_eq!(sent.into_exceptions(), chain);
        }
    }
}
