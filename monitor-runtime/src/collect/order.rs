//! The order in which the spans of a trace began.

use super::trace::RawSpan;

/// Puts spans into the order in which they began; of two at the same moment the outer one ended later.
///
/// They lie in the order in which they ended. Then what began after a span, and lies in front of it, is
/// mostly what ran inside of it: whole calls, each in order already. So lists of such calls are put
/// together, the outer one in front, and no span is moved.
#[derive(Default)]
pub(super) struct Order {
    places: Vec<u32>,
    /// The place of the span that comes behind each.
    next: Vec<u32>,
    /// The lists that stand in no other one yet, in the order in which they begin.
    lists: Vec<List>,
}

/// A span, and what is inside of it.
struct List {
    began: Began,
    /// When the last of all began.
    latest: Began,
    first: u32,
    last: u32,
}

/// A greater one is behind: it began later, or at the same moment and ended sooner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Began(u128);

impl Began {
    const fn of(raw: &RawSpan) -> Self {
        Self((raw.start as u128) << 64 | !raw.end as u128)
    }
}

impl Order {
    /// The places of these spans in that order.
    pub(super) fn of(&mut self, spans: &[RawSpan]) -> &[u32] {
        self.places.clear();
        if !self.link(spans) {
            self.places.extend((0..).zip(spans).map(|(place, _)| place));
            self.places.sort_by_key(|place| spans.get(*place as usize).map(Began::of));
        }
        &self.places
    }

    /// Whether all calls lie inside of each other or one behind the other. Work of several threads doesn't.
    fn link(&mut self, spans: &[RawSpan]) -> bool {
        let Self { places, next, lists } = self;
        lists.clear();
        next.clear();
        next.resize(spans.len(), 0);
        for (place, raw) in (0..).zip(spans) {
            let began = Began::of(raw);
            let mut list = List { began, latest: began, first: place, last: place };
            // What is inside of it, from its last call to its first.
            if let Some(inside) = lists.pop_if(|list| list.began > began) {
                (list.latest, list.last) = (inside.latest, inside.last);
                let mut first = inside.first;
                while let Some(before) = lists.pop_if(|list| list.began > began) {
                    next[before.last as usize] = first;
                    first = before.first;
                }
                next[place as usize] = first;
            }
            // What runs at the same time, on another thread.
            if lists.last().is_some_and(|before| before.latest > began) {
                return false;
            }
            lists.push(list);
        }
        for pair in lists.windows(2) {
            next[pair[0].last as usize] = pair[1].first;
        }
        let mut place = lists.first().map_or(0, |list| list.first);
        places.extend(next.iter().map(|_| {
            let this = place;
            place = next[this as usize];
            this
        }));
        true
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::collect::trace::tests::raw;

    fn sorted(spans: &[RawSpan]) -> Vec<u32> {
        let mut places: Vec<u32> = (0..).zip(spans).map(|(place, _)| place).collect();
        places.sort_by_key(|place| {
            let raw = &spans[*place as usize];
            (raw.start, Reverse(raw.end))
        });
        places
    }

    /// Calls as a thread makes them, in the order in which they end.
    fn call(
        spans: &mut Vec<RawSpan>,
        dice: &mut impl FnMut(u64) -> u64,
        depth: u64,
        now: &mut u64,
    ) {
        let start = *now;
        for _ in 0..dice(4) {
            *now += dice(2);
            if depth > 0 {
                call(spans, dice, depth - 1, now);
            }
        }
        *now += dice(3);
        // A tick, so that no two are alike: which of those is first nobody can tell.
        *now += 1;
        spans.push(raw(spans.len() as u64 + 2, 1, start, *now));
    }

    #[test]
    fn calls_of_one_thread_and_of_several_are_put_in_order() {
        let mut state = 7_u64;
        let mut dice = |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % sides
        };
        let mut order = Order::default();
        let mut linked = 0;
        for _ in 0..200 {
            let (mut spans, mut now) = (Vec::new(), 10);
            call(&mut spans, &mut dice, 5, &mut now);
            linked += u32::from(order.link(&spans));
            assert_eq!(order.of(&spans), sorted(&spans));
            // Another thread's, which was read first or last.
            let mut others = Vec::new();
            call(&mut others, &mut dice, 5, &mut 12);
            for both in [[&spans[..], &others].concat(), [&others[..], &spans].concat()] {
                assert_eq!(order.of(&both), sorted(&both));
            }
        }
        assert_eq!(linked, 200, "what one thread does needs no sort");
    }

    #[test]
    fn spans_in_any_order_are_put_into_that_of_their_beginning() {
        let mut order = Order::default();
        for spans in [
            vec![],
            vec![raw(2, 1, 5, 9)],
            vec![raw(2, 1, 3, 4), raw(3, 1, 1, 6), raw(4, 1, 2, 5)],
            vec![raw(2, 1, 1, 6), raw(3, 2, 5, 6), raw(4, 1, 3, 7)],
            vec![raw(2, 1, 5, 5), raw(3, 1, 5, 5), raw(4, 1, 5, 6)],
            vec![raw(2, 1, 9, 4), raw(3, 1, 2, 1), raw(4, 1, 8, 8)],
        ] {
            assert_eq!(order.of(&spans), sorted(&spans));
        }
    }
}
