//! Removes secrets from everything that is recorded.

mod assigned;
mod card;
#[cfg(test)]
mod groups_tests;
mod keys;
mod known;
mod recent;
mod record;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod value;

use std::fmt;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use self::keys::{Keys, Verdict};
use self::known::Known;
use self::recent::Recent;
use self::text::Looks;
use super::hooks::guarded;
use crate::context::cut;
use crate::record::Text;

/// What stands in for what was removed.
pub(super) const FILTERED: &str = "[Filtered]";
/// Bytes of a text that are kept: what one recorded value may have. A longer one is cut first.
const MAX_TEXT: usize = 16 * 1024;
/// Bytes behind the cut that are looked at.
const LOOK_AHEAD: usize = 512;
/// Matches of one pattern in one text.
const MAX_MATCHES: usize = 100;

type Pattern = Box<dyn Fn(&str) -> Option<Range<usize>> + Send + Sync>;

/// What is removed from records before any backend sees them.
///
/// Every text and every named value of every record passes it. What it finds becomes `[Filtered]`:
///
/// - values under a key like `password`, `clientSecret`, `X-Api-Key`, `access_token`, `session`,
///   `cookie`: the list of Sentry's Python SDK, in any style of writing, alone or as part of a
///   longer key; also in texts, as in `password=..` and `"token": ".."`
/// - numbers of payment cards, checked by their last digit
/// - JSON Web Tokens, what follows `Bearer` and `Basic`, and the keys of well-known services
/// - private keys, and user and password in a URL
/// - e-mail addresses and keys like `x_forwarded_for`, unless
///   [`Config::with_send_default_pii`](crate::Config::with_send_default_pii) is on
///
/// ```
/// use monitor_runtime::{Config, Level, MockBackend, Scrubber, capture_message};
///
/// let scrubber = Scrubber::new()
///     .with_denied_key("member_code")
///     .with_allowed_key("next_token")
///     .with_pattern(|text| text.find("HR-").map(|at| at..(at + 7).min(text.len())));
/// let mock = MockBackend::install_with(Config::new().with_scrubber(scrubber));
///
/// capture_message("HR-1234 pays by 4242 4242 4242 4242", Level::Info);
/// assert_eq!(mock.events()[0].title(), "[Filtered] pays by [Filtered]");
/// ```
#[must_use = "a scrubber does nothing until it is given to a `Config`"]
#[derive(Default)]
pub struct Scrubber {
    keys: Keys,
    patterns: Vec<Pattern>,
    /// Whether personal data may be recorded.
    personal: bool,
    /// Whether addresses are masked then.
    masks_addresses: bool,
    /// What is known of names and of texts that stand in the program.
    known_keys: Known,
    known_texts: Known,
    /// Short texts that were clean.
    recent: Recent,
    /// Whether no name of what each error says is one that tells a secret.
    leaves_groups: OnceLock<bool>,
}

impl Scrubber {
    /// Removes what is listed above.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also removes values under this key, and under longer keys with it as a part: `member_code`
    /// is in `guild.memberCode`. Style and case don't matter.
    pub fn with_denied_key(mut self, key: impl AsRef<str>) -> Self {
        self.keys.deny(key.as_ref());
        self
    }

    /// Keeps values under this key, whatever they look like. It must be the whole key; style and
    /// case don't matter.
    pub fn with_allowed_key(mut self, key: impl AsRef<str>) -> Self {
        self.keys.allow(key.as_ref());
        self
    }

    /// Also removes what this function finds: where it is, in bytes. It is called again for what
    /// comes behind. With the `regex` crate: `move |text| regex.find(text).map(|found| found.range())`.
    ///
    /// It runs on the collector's thread for each text. Where it panics the whole text is removed.
    pub fn with_pattern(
        mut self,
        find: impl Fn(&str) -> Option<Range<usize>> + Send + Sync + 'static,
    ) -> Self {
        self.patterns.push(Box::new(find));
        self
    }

    /// Says whether personal data may be recorded, and whether addresses are masked then.
    pub(super) fn for_personal_data(mut self, allowed: bool, masks_addresses: bool) -> Self {
        self.personal = allowed;
        self.masks_addresses = masks_addresses;
        self
    }

    /// The text as it may be recorded, of at most `max` bytes; `None` if it may as it is.
    pub(in crate::policy) fn text_of(&self, text: &str, max: usize) -> Option<String> {
        let max = max.min(MAX_TEXT);
        // What the program's own patterns find may be another thing each time.
        let may_remember = self.patterns.is_empty() && text.len() <= max;
        if may_remember && self.recent.has(text) {
            return None;
        }
        let scrubbed = self.scrubbed(text, max);
        if may_remember && scrubbed.is_none() {
            self.recent.note(text);
        }
        scrubbed
    }

    fn scrubbed(&self, text: &str, max: usize) -> Option<String> {
        // A secret that the cut would go through must be known for one.
        let seen = cut(text, max + LOOK_AHEAD);
        let looks = Looks { keys: &self.keys, personal: self.personal };
        let mut scrubbed = text::scrub(seen, looks);
        for pattern in &self.patterns {
            let found = without(pattern, scrubbed.as_deref().unwrap_or(seen));
            scrubbed = found.or(scrubbed);
        }
        let left = scrubbed.as_deref().unwrap_or(text);
        let kept = cut(left, max);
        match scrubbed {
            None if kept.len() == text.len() => None,
            Some(whole) if kept.len() == whole.len() => Some(whole),
            _ => Some(kept.to_owned()),
        }
    }

    /// The same of a text that may stand in the program, which is then looked at once.
    fn text_in(&self, text: &Text, max: usize) -> Option<String> {
        match text {
            Text::Borrowed(text) if self.patterns.is_empty() && text.len() <= max => {
                let found = || u8::from(self.text_of(text, max).is_some());
                if self.known_texts.or_find(text, found) == 0 {
                    return None;
                }
            }
            _ => {}
        }
        self.text_of(text, max)
    }

    /// What may be recorded of an address on the net.
    #[cfg(any(feature = "sentry", feature = "tower"))]
    pub(super) fn address_of(&self, address: &str) -> Option<String> {
        let masked = self.masks_addresses.then(|| super::address::masked(address)).flatten();
        self.personal.then(|| masked.unwrap_or_else(|| address.to_owned()))
    }

    #[cfg(feature = "sentry")]
    pub(super) const fn allows_personal_data(&self) -> bool {
        self.personal
    }

    fn verdict(&self, key: &str) -> Verdict {
        self.keys.verdict(key)
    }

    /// The same of a name that may stand in the program.
    fn verdict_of(&self, key: &Text) -> Verdict {
        match key {
            Text::Borrowed(key) => {
                let find = || self.verdict(key).to_fact();
                Verdict::from_fact(self.known_keys.or_find(key, find))
            }
            Text::Owned(key) => self.verdict(key),
        }
    }
}

/// The text without what every scrubber finds, but for e-mail addresses.
pub(super) fn without_secrets(text: &str) -> Option<String> {
    static KEYS: LazyLock<Keys> = LazyLock::new(Keys::default);
    text::scrub(text, Looks { keys: &KEYS, personal: true })
}

/// A text of the current hub's program without what its scrubber finds; `None` if it finds nothing.
pub(crate) fn scrubbed(text: &str) -> Option<String> {
    static DEFAULT: LazyLock<Scrubber> = LazyLock::new(Scrubber::new);
    let hub = crate::context::scope::hub();
    let scrubber = hub.map_or(&*DEFAULT, |hub| hub.policy().scrubber());
    scrubber.text_of(text, MAX_TEXT)
}

/// The text without what the program's pattern finds; `None` if it finds nothing.
fn without(pattern: &Pattern, text: &str) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    for _ in 0..MAX_MATCHES {
        let rest = &text[at..];
        let Some(found) = guarded(|| pattern(rest)) else { return Some(FILTERED.into()) };
        let Some(range) = found.filter(|range| !range.is_empty()) else {
            out.push_str(rest);
            return (at > 0).then_some(out);
        };
        let (Some(before), Some(_)) = (rest.get(..range.start), rest.get(range.clone())) else {
            return Some(FILTERED.into());
        };
        out.push_str(before);
        out.push_str(FILTERED);
        at += range.end;
    }
    // What was not looked at can't stay.
    out.push_str(FILTERED);
    Some(out)
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").field("patterns", &self.patterns.len()).finish_non_exhaustive()
    }
}
