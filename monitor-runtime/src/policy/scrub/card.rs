//! Numbers of payment cards.

use std::ops::RangeInclusive;

/// Digits of a card's number. Longer ones exist, but 17 to 19 digits are what ids of Discord and
/// the like have, and every tenth of those would pass for a card.
const DIGITS: RangeInclusive<usize> = 13..=16;

/// The least number with so many digits.
pub(super) const LEAST: u64 = 10_u64.pow(12);

/// Where the card number ends that begins here, if one does: digits, with single spaces or dashes
/// between groups.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let mut digits = [0; *DIGITS.end()];
    let (mut count, mut end) = (0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = byte - b'0';
                count += 1;
                end = at + 1;
            }
            b' ' | b'-' if end == at && count >= 4 => {}
            _ => break,
        }
    }
    // A letter right behind belongs to it: an id.
    let is_whole = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (is_whole && is_card(&digits[..count])).then_some(end)
}

/// Whether a number is one of a card.
pub(super) fn is_number(number: u64) -> bool {
    number.checked_ilog10().is_some_and(|log| DIGITS.contains(&(log as usize + 1)))
        && end(number.to_string().as_bytes()).is_some()
}

fn is_card(digits: &[u8]) -> bool {
    let first = |n: usize| digits.iter().take(n).fold(0_u32, |sum, d| sum * 10 + u32::from(*d));
    let has_issuer = match digits.len() {
        13 => first(1) == 4,
        14 => matches!(first(3), 300..=305) || matches!(first(2), 36 | 38 | 39),
        15 => matches!(first(2), 34 | 37),
        16 => {
            first(1) == 4
                || matches!(first(2), 51..=55 | 62 | 64 | 65)
                || matches!(first(4), 2221..=2720 | 3528..=3589 | 6011)
        }
        _ => false,
    };
    has_issuer && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(*digit) * 2) {
            (0, double) => double / 2,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_issuers_publish_for_tests_are_cards() {
        for number in [
            "4242424242424242",
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "3782 822463 10005",
            "6011111111111117",
            "36227206271667",
            "3566002020360505",
            "6200000000000005",
            "4222222222222",
        ] {
            assert_eq!(end(number.as_bytes()), Some(number.len()), "{number}");
        }
        assert_eq!(end(b"4242424242424242, thanks"), Some(16));
        assert!(is_number(4_242_424_242_424_242));
    }

    #[test]
    fn other_numbers_are_not() {
        for number in [
            "4242424242424241",
            "1763860000000",
            "1763860000000000",
            "123456789012345678",
            "4242424242424242a",
            "42424242424242424",
            "4242  4242 4242 4242",
            "",
            "0",
        ] {
            assert_eq!(end(number.as_bytes()), None, "{number}");
        }
        assert!(!is_number(0) && !is_number(1_763_860_000_000) && !is_number(u64::MAX));
    }
}
