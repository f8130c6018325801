//! The records of one trace as they were written, and what is known of all of them.

use std::sync::atomic::AtomicU64;

use super::counts::{Counts, Run};
use super::trace::RawSpan;
use super::wire;

/// Spans in the order in which their records were read: mostly that in which they ended.
#[derive(Default)]
pub(super) struct Records {
    pub(super) spans: Vec<RawSpan>,
    /// Noted as they are read, so that nobody has to go through them for it again.
    pub(super) survey: Survey,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Survey {
    /// One began before the one that lies in front of it.
    pub(super) is_mixed: bool,
    /// One may have to be left out.
    pub(super) has_short: bool,
    /// Spans that ended before they began.
    pub(super) clock_steps: u64,
}

impl Records {
    /// In memory that was used before.
    pub(super) const fn within(spans: Vec<RawSpan>) -> Self {
        let survey = Survey { is_mixed: false, has_short: false, clock_steps: 0 };
        Self { spans, survey }
    }

    /// Of spans of which nothing is known.
    pub(super) fn of(spans: impl IntoIterator<Item = RawSpan>) -> Self {
        let mut records = Self::default();
        spans.into_iter().for_each(|raw| records.push(raw, true));
        records
    }

    /// `may_be_short`: the span's callsite may have it left out.
    #[inline]
    pub(super) fn push(&mut self, raw: RawSpan, may_be_short: bool) {
        let survey = &mut self.survey;
        survey.is_mixed |= self.spans.last().is_some_and(|last| raw.start < last.start);
        survey.has_short |= may_be_short | (raw.id == 0);
        survey.clock_steps += u64::from(raw.end < raw.start);
        self.spans.push(raw);
    }

    /// Takes all spans of this trace that lie one behind the other, as far as there is room; what follows them,
    /// and how many were dropped.
    pub(super) fn take_in<'w>(
        &mut self,
        key: u64,
        words: &'w [AtomicU64],
        room: usize,
        counts: &mut Counts,
    ) -> (&'w [AtomicU64], u64) {
        // What is known of all is kept in registers meanwhile.
        let Survey { mut is_mixed, mut has_short, mut clock_steps } = self.survey;
        let mut latest = self.spans.last().map_or(0, |last| last.start);
        let (mut rest, mut left, mut dropped, mut run) = (words, room, 0, Run::default());
        while let Some((raw, behind)) = wire::read_span(rest, key) {
            rest = behind;
            run.add(raw.header.callsite(), counts);
            if left == 0 {
                dropped += 1;
                continue;
            }
            left -= 1;
            is_mixed |= raw.start < latest;
            has_short |= run.may_be_short | (raw.id == 0);
            clock_steps += u64::from(raw.end < raw.start);
            latest = raw.start;
            self.spans.push(raw);
        }
        run.end(counts);
        self.survey = Survey { is_mixed, has_short, clock_steps };
        (rest, dropped)
    }

    /// The root ends last, and began first: that mixes nothing, as it is taken out.
    pub(super) fn push_root(&mut self, raw: RawSpan, may_be_short: bool) {
        let is_mixed = self.survey.is_mixed;
        self.push(raw, may_be_short);
        self.survey.is_mixed = is_mixed;
    }

    pub(super) const fn len(&self) -> usize {
        self.spans.len()
    }
}
