//! A provider's counts, and the arithmetic that makes one [`Usage`] of them.

use super::note::Notes;
use super::parts::{MAX_TOKENS, make_parts_fit};
use crate::record::Usage;

/// What a count counts, by the provider's meaning of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Sent, cached ones included: OpenAI's chat, Gemini, Ollama, Mistral.
    Prompt,
    /// Sent, cached ones included or not: that depends on what stands beside it.
    Input,
    /// Received, reasoning included (unless the total says otherwise).
    Output,
    Total,
    /// Read from a cache, part of what was sent.
    Cached,
    /// Written to a cache, part of what was sent.
    CacheWritten,
    /// Read from a cache: beside `Input` on top of it, beside `Prompt` a part of it.
    CacheReadBeside,
    /// Written to a cache, likewise.
    CacheWrittenBeside,
    /// Part of what was received.
    Reasoning,
    /// Received on top of `Output`: Gemini.
    Thoughts,
    /// Sent on top of `Prompt`: Gemini.
    ToolPrompt,
    /// What is charged for, where nothing else is said: Cohere.
    BilledInput,
    BilledOutput,
}

const SLOTS: usize = Slot::BilledOutput as usize + 1;

/// Counts as a provider reports them, in a whole response or piece by piece in a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RawUsage {
    /// A bit for each slot that was reported; the others say nothing.
    seen: u16,
    counts: [u64; SLOTS],
    pub(crate) notes: Notes,
}

impl RawUsage {
    /// The last value of a slot wins.
    pub(crate) fn set(&mut self, slot: Slot, count: u64) {
        let count = if count > MAX_TOKENS {
            self.notes.add(Notes::OVERFLOW);
            MAX_TOKENS
        } else {
            count
        };
        self.seen |= 1 << slot as u16;
        self.counts[slot as usize] = count;
    }

    fn get(&self, slot: Slot) -> Option<u64> {
        (self.seen & (1 << slot as u16) != 0).then(|| self.counts[slot as usize])
    }

    fn or_zero(&self, slot: Slot) -> u64 {
        self.get(slot).unwrap_or(0)
    }

    pub(crate) const fn clear(&mut self) {
        self.seen = 0;
        self.notes = Notes::NONE;
    }

    /// Takes what a later piece reports. Counts in streams are totals so far, never differences.
    pub(crate) fn merge(&mut self, later: &Self) {
        for (slot, count) in later.counts.iter().enumerate() {
            if later.seen & (1 << slot) != 0 {
                self.counts[slot] = *count;
            }
        }
        self.seen |= later.seen;
        self.notes.add(later.notes);
    }

    /// The counts as Sentry and OpenTelemetry mean them; `None` when nothing was reported.
    pub(crate) fn normalised(&self) -> (Option<Usage>, Notes) {
        let mut usage = Usage {
            input: self.input(),
            output: self.output(),
            cache_read: self.get(Slot::Cached).or(self.get(Slot::CacheReadBeside)),
            cache_creation: self.get(Slot::CacheWritten).or(self.get(Slot::CacheWrittenBeside)),
            reasoning: self.get(Slot::Reasoning).or(self.get(Slot::Thoughts)),
        };
        let mut notes = self.notes;
        if make_parts_fit(&mut usage) {
            notes.add(Notes::PART);
        }
        (usage.total().map(|_| usage), notes)
    }

    fn input(&self) -> Option<u64> {
        let given = match (self.get(Slot::Prompt), self.get(Slot::Input)) {
            // Gateways give the same number by both names, or 0 by one of them.
            (Some(prompt), Some(input)) => prompt.max(input),
            (Some(prompt), None) => prompt,
            (None, Some(input)) => input.saturating_add(self.cached_on_top()),
            (None, None) => self.get(Slot::BilledInput)?,
        };
        Some(given.saturating_add(self.or_zero(Slot::ToolPrompt)).min(MAX_TOKENS))
    }

    /// Anthropic's and Bedrock's input excludes what the cache read or wrote. rig's includes it: it
    /// has a cached part by another name as well, or a total, which Anthropic has not.
    fn cached_on_top(&self) -> u64 {
        let sum = self.or_zero(Slot::Input).saturating_add(self.or_zero(Slot::Output));
        if self.get(Slot::Cached).is_some() || self.get(Slot::Total) == Some(sum) {
            return 0;
        }
        let [read, written] = [Slot::CacheReadBeside, Slot::CacheWrittenBeside];
        self.or_zero(read).saturating_add(self.or_zero(written))
    }

    fn output(&self) -> Option<u64> {
        let thoughts = self.or_zero(Slot::Thoughts);
        let given = match self.get(Slot::Output) {
            Some(output) => output,
            // A model may think and then say nothing.
            None if self.get(Slot::Thoughts).is_some() => 0,
            None => self.get(Slot::BilledOutput)?,
        };
        let on_top = if self.reasons_beside(given) { self.or_zero(Slot::Reasoning) } else { 0 };
        Some(given.saturating_add(thoughts).saturating_add(on_top).min(MAX_TOKENS))
    }

    /// Whether reasoning isn't part of the output, as the total shows: xAI.
    fn reasons_beside(&self, output: u64) -> bool {
        let reasoning = self.or_zero(Slot::Reasoning);
        let sum = self.input().unwrap_or(0).saturating_add(output).saturating_add(reasoning);
        reasoning > 0 && self.get(Slot::Total) == Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Slot; SLOTS] = [
        Slot::Prompt,
        Slot::Input,
        Slot::Output,
        Slot::Total,
        Slot::Cached,
        Slot::CacheWritten,
        Slot::CacheReadBeside,
        Slot::CacheWrittenBeside,
        Slot::Reasoning,
        Slot::Thoughts,
        Slot::ToolPrompt,
        Slot::BilledInput,
        Slot::BilledOutput,
    ];

    /// Numbers that look random, the same ones each time.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        /// Small ones, huge ones and 0.
        fn count(&mut self) -> u64 {
            self.next() >> (self.next() % 65).min(63)
        }
    }

    #[test]
    fn whatever_is_reported_no_part_is_larger_than_its_whole() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..100_000 {
            let mut raw = RawUsage::default();
            for slot in ALL {
                if numbers.next().is_multiple_of(3) {
                    raw.set(slot, numbers.count());
                }
            }
            let (Some(usage), _) = raw.normalised() else { continue };
            let whole = |count: Option<u64>| count.unwrap_or(0);
            let cached = whole(usage.cache_read) + whole(usage.cache_creation);
            assert!(cached <= whole(usage.input), "{raw:?} becomes {usage:?}");
            assert!(whole(usage.reasoning) <= whole(usage.output), "{raw:?} becomes {usage:?}");
            assert!(whole(usage.input) <= MAX_TOKENS && whole(usage.output) <= MAX_TOKENS);
        }
    }

    #[test]
    fn the_last_value_of_each_count_stays() {
        let mut first = RawUsage::default();
        first.set(Slot::Input, 7);
        first.set(Slot::Output, 1);
        let mut later = RawUsage::default();
        later.set(Slot::Output, 60);
        first.merge(&later);
        assert_eq!(first.normalised().0, Some(Usage::new(7, 60)));
    }
}
