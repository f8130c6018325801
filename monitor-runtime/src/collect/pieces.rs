//! A queue that grows without moving what is in it, and whose memory is used again.

/// Items in a piece of memory, of some 30 KiB.
const PIECE: usize = 128;

/// Bytes of texts that a piece has room for from the beginning.
const TEXTS: usize = 8 * 1024;

/// Pieces that are kept in any case: some 500 KiB.
const KEPT: usize = 12;

/// How often few of many pieces must have been enough in a row before any go: for a second or two.
const CALM: u32 = 10;

/// What waits, in pieces of memory that are filled one after the other.
pub(super) struct Pieces<T> {
    pieces: Vec<Piece<T>>,
    /// Pieces that are full: the next one is being filled.
    full: usize,
    /// How often few were enough, up to now.
    calm: u32,
}

struct Piece<T> {
    /// Each with the length of its text.
    items: Vec<(T, usize)>,
    /// Their texts, one behind the other.
    texts: String,
}

impl<T> Piece<T> {
    fn new() -> Self {
        Self { items: Vec::with_capacity(PIECE), texts: String::with_capacity(TEXTS) }
    }

    fn drain(&mut self, mut each: impl FnMut(T, &str)) {
        let mut rest = self.texts.as_str();
        for (item, len) in self.items.drain(..) {
            let (text, behind) = rest.split_at_checked(len).unwrap_or_default();
            rest = behind;
            each(item, text);
        }
        self.texts.clear();
    }
}

impl<T> Pieces<T> {
    pub(super) const fn new() -> Self {
        Self { pieces: Vec::new(), full: 0, calm: 0 }
    }

    /// Adds an item, and a text that belongs to it. Part of its callers: items are large, and so are
    /// copied once.
    #[inline]
    pub(super) fn push(&mut self, item: T, text: &str) {
        if self.full == self.pieces.len() {
            self.grow();
        }
        let piece = &mut self.pieces[self.full];
        piece.texts.push_str(text);
        piece.items.push((item, text.len()));
        self.full += usize::from(piece.items.len() == PIECE);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        self.pieces.push(Piece::new());
    }

    /// Takes everything out, in the order in which it came; the memory stays.
    pub(super) fn drain(&mut self, mut each: impl FnMut(T, &str)) {
        self.full = 0;
        self.pieces.iter_mut().for_each(|piece| piece.drain(&mut each));
    }

    /// How much memory that takes which is in it.
    pub(super) const fn needed(&self) -> usize {
        self.full + 1
    }

    /// Gives memory back that is far more than what was needed for some time, little by little: the next burst
    /// may come soon. It is empty.
    pub(super) fn shrink(&mut self, needed: usize) {
        let (pieces, needed) = (self.pieces.len(), needed.max(KEPT));
        self.calm = if pieces / 8 > needed { self.calm + 1 } else { 0 };
        if self.calm > CALM {
            self.pieces.truncate(pieces - pieces / 8);
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

    fn filled(pieces: &mut Pieces<usize>, many: usize) {
        (0..many).for_each(|item| pieces.push(item, &"ü".repeat(item % 3)));
    }

    fn drained(pieces: &mut Pieces<usize>) -> Vec<usize> {
        let mut all = Vec::new();
        pieces.drain(|item, text| {
            assert_eq!(text, "ü".repeat(item % 3));
            all.push(item);
        });
        all
    }

    #[test]
    fn what_was_pushed_comes_out_in_order_again_and_again() {
        let mut pieces = Pieces::new();
        for many in [0, 1, PIECE, PIECE * 3 + 5, 2] {
            filled(&mut pieces, many);
            assert_eq!(drained(&mut pieces), Vec::from_iter(0..many));
        }
        assert!(drained(&mut pieces).is_empty());
    }

    #[test]
    #[cfg_attr(miri, ignore = "thousands of items take long")]
    fn memory_that_is_not_needed_any_more_goes_little_by_little() {
        let mut pieces = Pieces::new();
        let most = 8 * (KEPT + 1);
        filled(&mut pieces, PIECE * most);
        drained(&mut pieces);
        assert_eq!(pieces.pieces.len(), most);
        for _ in 0..CALM {
            filled(&mut pieces, 1);
            drained(&mut pieces);
            pieces.shrink(1);
        }
        assert_eq!(pieces.pieces.len(), most);
        pieces.shrink(1);
        assert_eq!(pieces.pieces.len(), most - most / 8);
        (0..100).for_each(|_| pieces.shrink(1));
        assert!((KEPT..most).contains(&pieces.pieces.len()));
    }
}
