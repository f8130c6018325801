//! Times as text.

#[cfg(feature = "sentry")]
use std::cell::Cell;
use std::time::SystemTime;

/// Bytes of such a time.
pub(crate) const RFC3339: usize = 20;

/// A time of UTC, to the second, as RFC 3339 writes it.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    of_seconds(seconds(time))
}

/// The same of a time in seconds since 1970, written once a second.
#[cfg(feature = "sentry")]
pub(crate) fn rfc3339_of_now(seconds: u64) -> [u8; RFC3339] {
    thread_local! {
        static LAST: Cell<(u64, [u8; RFC3339])> = const { Cell::new((0, [0; RFC3339])) };
    }
    if let Ok((known, text)) = LAST.try_with(Cell::get)
        && known == seconds
        && seconds != 0
    {
        return text;
    }
    let mut text = [0; RFC3339];
    text.copy_from_slice(of_seconds(seconds).as_bytes());
    let _ = LAST.try_with(|last| last.set((seconds, text)));
    text
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn of_seconds(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut text = String::with_capacity(RFC3339);
    for (number, behind) in [
        (year / 100 % 100, ""),
        (year % 100, "-"),
        (month, "-"),
        (day, "T"),
        (hour, ":"),
        (minute, ":"),
        (second, "Z"),
    ] {
        text.extend([number / 10, number % 10].map(digit));
        text.push_str(behind);
    }
    text
}

fn digit(number: u64) -> char {
    u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)).unwrap_or('0')
}

/// Days since 1970 as a date: eras of 400 years, and years that begin in March, so that the leap day
/// is the last (Hinnant, `civil_from_days`).
const fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(rfc3339(time), text);
            #[cfg(feature = "sentry")]
            assert_eq!([rfc3339_of_now(seconds); 2], [text.as_bytes(); 2]);
        }
    }
}
