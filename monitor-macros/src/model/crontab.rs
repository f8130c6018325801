//! Whether a text is a crontab that Sentry takes: five fields, or `@daily` and the like.

use std::ops::RangeInclusive;

const NICKNAMES: [&str; 6] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"];

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

struct Field {
    name: &'static str,
    numbers: RangeInclusive<u32>,
    /// Names for the numbers, from the first one.
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", numbers: 0..=59, names: &[] },
    Field { name: "hour", numbers: 0..=23, names: &[] },
    Field { name: "day of the month", numbers: 1..=31, names: &[] },
    Field { name: "month", numbers: 1..=12, names: MONTHS },
    // 7 is Sunday, too.
    Field { name: "day of the week", numbers: 0..=7, names: DAYS },
];

/// What is wrong with it, if anything.
pub(super) fn check(crontab: &str) -> Result<(), String> {
    let words: Vec<&str> = crontab.split_whitespace().collect();
    if let [nickname] = words.as_slice()
        && nickname.starts_with('@')
    {
        let is_known = NICKNAMES.contains(nickname);
        return if is_known { Ok(()) } else { Err(format!("Sentry knows no `{nickname}`")) };
    }
    if words.len() != FIELDS.len() {
        return Err(format!(
            "a crontab has five fields (minute, hour, day of the month, month, day of the week), \
             and this has {}",
            words.len()
        ));
    }
    FIELDS.iter().zip(words).try_for_each(|(field, word)| field.check(word))
}

impl Field {
    fn check(&self, list: &str) -> Result<(), String> {
        list.split(',').try_for_each(|item| self.check_item(item))
    }

    /// `*`, `5`, `1-5`, each but the single number also with `/2`.
    fn check_item(&self, item: &str) -> Result<(), String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if let Some(step) = step
            && !step.parse::<u32>().is_ok_and(|step| step > 0)
        {
            return Err(format!("`{step}` is no step for the {}: a number above zero", self.name));
        }
        if range == "*" {
            return Ok(());
        }
        match range.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (self.number(first)?, self.number(last)?);
                let backwards =
                    || format!("the range `{range}` of the {} runs backwards", self.name);
                if first <= last { Ok(()) } else { Err(backwards()) }
            }
            None if step.is_some() => {
                let (name, last) = (self.name, self.numbers.end());
                Err(format!(
                    "a step of the {name} needs a range: `{range}-{last}/{}`",
                    &item[range.len() + 1..]
                ))
            }
            None => self.number(range).map(|_| ()),
        }
    }

    fn number(&self, text: &str) -> Result<u32, String> {
        let names = self.names.iter().zip(*self.numbers.start()..);
        let named = names.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        let number = named.map(|(_, number)| number).or_else(|| text.parse().ok());
        number.filter(|number| self.numbers.contains(number)).ok_or_else(|| {
            let (first, last) = (self.numbers.start(), self.numbers.end());
            let names = match self.names {
                [first, .., last] => format!(" or `{first}` to `{last}`"),
                _ => String::new(),
            };
            format!("`{text}` is no {}: {first} to {last}{names}", self.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_sentry_takes() {
        for crontab in [
            "* * * * *",
            "0 3 * * *",
            "*/15 0-6,22-23 1,15 * mon-fri",
            "0-20/3 * * JAN 7",
            "0 0 1 jan sun",
            "@daily",
        ] {
            assert_eq!(check(crontab), Ok(()), "{crontab}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (crontab, problem) in [
            ("", "five fields"),
            ("0 3 * *", "and this has 4"),
            ("0 0 3 * * *", "and this has 6"),
            ("60 * * * *", "`60` is no minute: 0 to 59"),
            ("0 24 * * *", "`24` is no hour"),
            ("0 0 0 * *", "`0` is no day of the month"),
            ("0 0 * 13 *", "`13` is no month: 1 to 12 or `jan` to `dec`"),
            ("0 0 * * mo", "`mo` is no day of the week"),
            ("20-0 * * * *", "runs backwards"),
            ("*/0 * * * *", "`0` is no step for the minute"),
            ("20/3 * * * *", "`20-59/3`"),
            ("1- * * * *", "`` is no minute"),
            ("@reboot", "no `@reboot`"),
        ] {
            let found = check(crontab).unwrap_err();
            assert!(found.contains(problem), "{crontab}: {found}");
        }
    }
}
