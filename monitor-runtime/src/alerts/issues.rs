use std::collections::{HashSet, VecDeque};

/// Kinds of errors that are remembered: 240 KB.
const MAX_KNOWN: usize = 10_000;

/// Which kinds of errors the process has seen.
#[derive(Default)]
pub(super) struct Issues {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Issues {
    /// Whether this kind is new. The oldest is forgotten for it, if need be.
    pub(super) fn is_new(&mut self, identity: u64) -> bool {
        if !self.known.insert(identity) {
            return false;
        }
        self.order.push_back(identity);
        if self.order.len() > MAX_KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_kinds_are_remembered() {
        let mut issues = Issues::default();
        assert!((0..=MAX_KNOWN as u64).all(|identity| issues.is_new(identity)));
        assert!(!issues.is_new(1));
        assert!(issues.is_new(0), "forgotten for the last");
        assert_eq!((issues.known.len(), issues.order.len()), (MAX_KNOWN, MAX_KNOWN));
    }
}
