//! What remembered errors are compared by, in columns: one look at all of them is a few instructions
//! for each.

use std::hash::{Hash, Hasher};

use crate::policy::hash::TextHasher;
use crate::record::Event;

/// Errors that there is room for.
pub(super) const ROOM: usize = 128;

/// What two errors may share, and what that weighs.
pub(super) const SHARED: [(u32, &str); 5] =
    [(4, "correlation_id"), (3, "trace"), (2, "user"), (2, "fingerprint"), (1, "command")];

/// The sum of the weights of each combination.
const SCORES: [u32; 1 << SHARED.len()] = {
    let mut scores = [0; 1 << SHARED.len()];
    let mut shared = 1;
    while shared < scores.len() {
        // That of all but the highest bit, and that one's.
        let highest = shared.ilog2();
        scores[shared] = scores[shared ^ 1 << highest] + SHARED[highest as usize].0;
        shared += 1;
    }
    scores
};

/// A hash of each of these of one error; 0 where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(pub(super) [u64; SHARED.len()]);

impl Marks {
    /// Those of an event with this [identity](crate::policy::identity).
    pub(super) fn of(event: &Event, identity: u64) -> Self {
        let scope = &event.scope;
        let user = scope.user().and_then(|user| user.id.as_deref());
        let command = event.tag("command.name").or(event.transaction.as_deref());
        Self([
            scope.own_correlation_id().map_or(0, hash),
            hash(event.trace_id),
            user.map_or(0, hash),
            identity.max(1),
            command.map_or(0, hash),
        ])
    }

    /// What both share, a bit each.
    pub(super) fn shared_with(&self, other: &Self) -> usize {
        let pairs = self.0.iter().zip(&other.0).enumerate();
        pairs.map(|(at, (a, b))| usize::from(*a != 0 && a == b) << at).sum()
    }

    /// What that weighs.
    pub(super) fn score(shared: usize) -> u32 {
        SCORES.get(shared).copied().unwrap_or(0)
    }
}

/// The marks of the last errors, each cut to half of its bits.
pub(super) struct Columns([[u32; ROOM]; SHARED.len()]);

impl Columns {
    pub(super) const fn new() -> Self {
        Self([[0; ROOM]; SHARED.len()])
    }

    pub(super) fn set(&mut self, place: usize, marks: &Marks) {
        for (column, mark) in self.0.iter_mut().zip(marks.0) {
            column[place] = half(mark);
        }
    }

    /// What each of them shares with this one weighs. Two in four billions share half a hash by
    /// chance: what is told of one must be compared by the whole.
    pub(super) fn scores(&self, marks: &Marks) -> [u32; ROOM] {
        let mut scores = [0; ROOM];
        for ((column, mark), (weight, _)) in self.0.iter().zip(marks.0).zip(SHARED) {
            if mark == 0 {
                continue;
            }
            let mark = half(mark);
            for (score, other) in scores.iter_mut().zip(column) {
                *score += if *other == mark { weight } else { 0 };
            }
        }
        scores
    }
}

/// Never 0.
fn hash(value: impl Hash) -> u64 {
    let mut hasher = TextHasher::default();
    value.hash(&mut hasher);
    hasher.finish().max(1)
}

/// Half of the bits; 0 for 0 alone.
#[expect(clippy::cast_possible_truncation, reason = "half of the bits")]
const fn half(mark: u64) -> u32 {
    match mark as u32 {
        0 if mark != 0 => 1,
        half => half,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_weigh_what_the_marks_share() {
        let mut columns = Columns::new();
        // Each combination of having the same, another one, or none.
        let combinations = (0..3_usize.pow(5)).map(|n| {
            let mut n = n;
            Marks(std::array::from_fn(|_| {
                let mark = [0, 7, 1 << 40][n % 3];
                n /= 3;
                mark
            }))
        });
        let all: Vec<Marks> = combinations.collect();
        for some in all.chunks(ROOM) {
            for (place, marks) in some.iter().enumerate() {
                columns.set(place, marks);
            }
            for new in &all {
                let scores = columns.scores(new);
                for (other, score) in some.iter().zip(scores) {
                    assert_eq!(Marks::score(new.shared_with(other)), score, "{new:?} {other:?}");
                }
            }
        }
        assert_eq!(Marks::score(Marks([1; 5]).shared_with(&Marks([1; 5]))), 12);
    }
}
