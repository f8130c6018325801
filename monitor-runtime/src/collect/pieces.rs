//! A queue that grows without moving what is in it, and whose memory is used again.

/// Parcels in a piece of memory, of some 30 KiB.
const PIECE: usize = 64;

/// Pieces that are kept in any case: some 500 KiB.
const KEPT: usize = 16;

/// What waits, in pieces of memory that are filled one after the other.
pub(super) struct Pieces<T> {
    pieces: Vec<Vec<T>>,
    /// Pieces that are full: the next one is being filled.
    full: usize,
}

impl<T> Pieces<T> {
    pub(super) const fn new() -> Self {
        Self { pieces: Vec::new(), full: 0 }
    }

    pub(super) fn push(&mut self, item: T) {
        self.push_with(|| item);
    }

    /// Has `make` put something together where it is to lie. Part of its callers: it is large.
    #[inline]
    pub(super) fn push_with(&mut self, make: impl FnOnce() -> T) {
        if self.full == self.pieces.len() {
            self.grow();
        }
        let piece = &mut self.pieces[self.full];
        piece.push(make());
        self.full += usize::from(piece.len() == PIECE);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.pieces.push(Vec::with_capacity(PIECE));
    }

    /// Takes everything out, in the order in which it came; the memory stays.
    pub(super) fn drain(&mut self, each: impl FnMut(T)) {
        self.full = 0;
        self.pieces.iter_mut().flat_map(|piece| piece.drain(..)).for_each(each);
    }

    /// Gives memory back that is far more than what `other` needed.
    pub(super) fn shrink_beside(&mut self, other: &Self) {
        let needed = (other.full + 1).max(KEPT);
        if self.pieces.len() / 8 > needed {
            self.pieces.truncate(needed);
        }
    }
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(pieces: &mut Pieces<usize>) -> Vec<usize> {
        let mut all = Vec::new();
        pieces.drain(|item| all.push(item));
        all
    }

    #[test]
    fn what_was_pushed_comes_out_in_order_again_and_again() {
        let mut pieces = Pieces::new();
        for many in [0, 1, PIECE, PIECE * 3 + 5, 2] {
            (0..many).for_each(|item| pieces.push(item));
            assert_eq!(drained(&mut pieces), Vec::from_iter(0..many));
        }
        assert!(drained(&mut pieces).is_empty());
    }

    #[test]
    fn memory_for_what_is_needed_stays_and_more_does_not() {
        let (mut many, mut few) = (Pieces::new(), Pieces::new());
        (0..PIECE * 8 * (KEPT + 1)).for_each(|item| many.push(item));
        (0..PIECE * 2).for_each(|item| few.push(item));
        drained(&mut many);
        many.shrink_beside(&few);
        assert_eq!(many.pieces.len(), KEPT);
        few.shrink_beside(&many);
        assert_eq!(drained(&mut few), Vec::from_iter(0..PIECE * 2));
    }
}
