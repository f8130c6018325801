//! What a response says of itself.

use std::borrow::Cow;

use super::note::Notes;
use super::parts::{MAX_TOKENS, make_parts_fit};
#[cfg(feature = "serde")]
use super::raw_usage::RawUsage;
use crate::context::cut;
use crate::record::{TokenUsage, Usage};

/// Bytes that are kept of a model's name, an id or a reason.
const MAX_WORD: usize = 256;
/// Finish reasons that are kept: one a choice.
const MAX_REASONS: usize = 8;

/// Where a response's facts come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// There is no response: the call failed, or gave `None`.
    #[default]
    Nothing,
    /// Its type is a [`TokenUsage`].
    Trait,
    /// It can be serialized, and was looked at on the way.
    #[cfg_attr(not(feature = "serde"), expect(dead_code, reason = "there is no probe"))]
    Probe,
    /// Its type offers no way.
    Unknown,
}

/// What was read from a response, or so far from the items of a stream.
#[derive(Clone, Debug, Default)]
pub struct AiResponse {
    /// As `usage = ..` or the response's type says.
    said: Option<Usage>,
    /// As the probe found it.
    #[cfg(feature = "serde")]
    pub(crate) raw: RawUsage,
    pub(crate) model: Option<Box<str>>,
    pub(crate) id: Option<Box<str>>,
    pub(crate) finish_reasons: Vec<Box<str>>,
    /// In USD, as the provider reports it.
    pub(crate) cost: Option<f64>,
    /// Whether there is anything of the answer in it: false for the frame of a stream.
    pub(crate) has_content: bool,
    pub(crate) source: Source,
    /// Of the response.
    pub(crate) type_name: &'static str,
}

impl AiResponse {
    /// A response of this type, read in this way.
    pub(crate) fn begin<T: ?Sized>(&mut self, source: Source) {
        self.source = source;
        self.type_name = std::any::type_name::<T>();
    }

    /// Reads what the type says of itself, into a place with nothing in it.
    pub(crate) fn read_trait<T: TokenUsage + ?Sized>(&mut self, response: &T) {
        self.begin::<T>(Source::Trait);
        self.said = response.token_usage();
        self.set_model(response.response_model().as_deref());
        self.set_id(response.response_id().as_deref());
        for reason in response.finish_reasons() {
            self.add_finish_reason(&reason);
        }
        self.cost = response.cost_usd().filter(|cost| is_cost(*cost));
        self.has_content = response.has_content();
    }

    /// Empties the place, without copying another one into it.
    pub(crate) fn clear(&mut self) {
        self.said = None;
        #[cfg(feature = "serde")]
        self.raw.clear();
        self.model = None;
        self.id = None;
        self.finish_reasons.clear();
        self.cost = None;
        self.has_content = false;
        self.source = Source::Nothing;
        self.type_name = "";
    }

    /// What `usage = ..` gave wins over everything that is found.
    pub fn set_usage(&mut self, usage: Option<Usage>) {
        self.said = usage.or(self.said);
    }

    /// Makes the tokens used what Sentry means by them, each count inclusive; returns what had to be
    /// corrected for that.
    pub(crate) fn settle_usage(&mut self) -> Notes {
        let Some(said) = &mut self.said else {
            #[cfg(feature = "serde")]
            {
                let (usage, notes) = self.raw.normalised();
                self.said = usage;
                return notes;
            }
            #[cfg(not(feature = "serde"))]
            return Notes::NONE;
        };
        let notes = correct(said);
        if said.total().is_none() {
            self.said = None;
        }
        notes
    }

    /// The tokens used, once they are settled.
    pub(crate) const fn settled_usage(&self) -> Option<&Usage> {
        self.said.as_ref()
    }

    /// The tokens used.
    pub fn usage(&self) -> Option<Usage> {
        let mut usage = match self.said {
            Some(said) => said,
            #[cfg(feature = "serde")]
            None => self.raw.normalised().0?,
            #[cfg(not(feature = "serde"))]
            None => return None,
        };
        correct(&mut usage);
        usage.total().map(|_| usage)
    }

    /// Takes what a later item of a stream says: the last value of each fact wins.
    pub fn merge(&mut self, later: Self) {
        self.said = match (self.said, later.said) {
            (Some(before), Some(later)) => Some(later.over(&before)),
            (before, later) => later.or(before),
        };
        #[cfg(feature = "serde")]
        self.raw.merge(&later.raw);
        self.model = later.model.or(self.model.take());
        self.id = later.id.or(self.id.take());
        for reason in later.finish_reasons {
            // Some providers repeat it with each item.
            if !self.finish_reasons.contains(&reason) && self.finish_reasons.len() < MAX_REASONS {
                self.finish_reasons.push(reason);
            }
        }
        self.cost = later.cost.or(self.cost);
        self.has_content |= later.has_content;
        if later.source != Source::Nothing {
            (self.source, self.type_name) = (later.source, later.type_name);
        }
    }

    pub(crate) fn set_model(&mut self, model: Option<&str>) {
        self.model = word(model).or(self.model.take());
    }

    pub(crate) fn set_id(&mut self, id: Option<&str>) {
        self.id = word(id).or(self.id.take());
    }

    /// One word, that is: an explanation may be of the answer.
    pub(crate) fn add_finish_reason(&mut self, reason: &str) {
        let is_word = !reason.contains(char::is_whitespace);
        if is_word && self.finish_reasons.len() < MAX_REASONS {
            self.finish_reasons.extend(word(Some(reason)));
        }
    }
}

/// What a program says of its tokens is corrected as what a provider says.
fn correct(usage: &mut Usage) -> Notes {
    let mut notes = Notes::NONE;
    let Usage { input, output, cache_read, cache_creation, reasoning } = usage;
    for count in [input, output, cache_read, cache_creation, reasoning].into_iter().flatten() {
        if *count > MAX_TOKENS {
            *count = MAX_TOKENS;
            notes.add(Notes::OVERFLOW);
        }
    }
    if make_parts_fit(usage) {
        notes.add(Notes::PART);
    }
    notes
}

/// Whether it is an amount of money that can be charged.
pub(crate) fn is_cost(usd: f64) -> bool {
    usd.is_finite() && usd >= 0.0
}

fn word(text: Option<&str>) -> Option<Box<str>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    Some(Cow::Borrowed(cut(text, MAX_WORD)).into())
}
