//! Secrets of every kind that is known by its looks or by its name.

use std::collections::HashMap;

/// A secret, and a text that it is in.
pub(crate) struct Canary {
    pub(crate) secret: String,
    pub(crate) text: String,
    /// A secret that looks like nothing: only its name tells.
    pub(crate) plain: String,
}

/// Numbers that are the same in each run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn word(&mut self, len: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
        let letter = |n: u64| char::from(LETTERS[usize::try_from(n).unwrap() % LETTERS.len()]);
        // No text by chance: a word begins with what no other has.
        format!("Q{}7x", (3..len).map(|_| letter(self.next())).collect::<String>())
    }

    fn card(&mut self) -> String {
        let mut digits: Vec<u64> =
            std::iter::once(4).chain((0..14).map(|_| self.next() % 10)).collect();
        let sum: u64 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(at, digit)| match at % 2 {
                0 => digit * 2 / 10 + digit * 2 % 10,
                _ => *digit,
            })
            .sum();
        digits.push((10 - sum % 10) % 10);
        digits.iter().map(u64::to_string).collect()
    }

    pub(crate) fn canary(&mut self, kind: usize) -> Canary {
        let word = self.word(36);
        let (secret, text) = match kind % 14 {
            0 => (word.clone(), format!("login with password={word} failed")),
            1 => (word.clone(), format!("{{\"client_secret\": \"{word}\", \"n\": 1}}")),
            2 => (word.clone(), format!("Config {{ api_key: \"{word}\", port: 1 }}")),
            3 => (word.clone(), format!("sent Authorization: Basic {word}\nHost: a")),
            4 => (word.clone(), format!("curl -H 'x: Bearer {word}'")),
            5 => (word.clone(), format!("at postgres://ada:{word}@db.internal:5432/shop")),
            6 => (word.clone(), format!("GET /a?access_token={word}&b=1")),
            7 => (word.clone(), format!("Cookie: a=1; sid={word}")),
            8 => (
                word.clone(),
                format!("-----BEGIN PRIVATE KEY-----\n{word}\n-----END PRIVATE KEY-----"),
            ),
            9 => (word.clone(), format!("clone with ghp_{word} please")),
            10 => (word.clone(), format!("eyJhbGciOiJIUzI1NiJ9.{word}.c2lnbmF0dXJl is stale")),
            11 => (word.clone(), format!("mail to {word}@example.org bounced")),
            12 => (word.clone(), format!("110201543:{word} is no bot")),
            _ => {
                let card = self.card();
                (card.clone(), format!("paid by {card} today"))
            }
        };
        Canary { secret, text, plain: self.word(24) }
    }
}

/// Bytes by which secrets are told apart.
const KEY: usize = 8;

/// Looks for many secrets at once.
pub(crate) struct Wanted<'a>(HashMap<&'a [u8], (usize, &'a str)>);

impl<'a> Wanted<'a> {
    pub(crate) fn new(canaries: &'a [Canary]) -> Self {
        let all = canaries.iter().enumerate();
        let all = all.flat_map(|(at, canary)| [(at, &canary.secret), (at, &canary.plain)]);
        let wanted: HashMap<_, _> =
            all.map(|(at, text)| (&text.as_bytes()[..KEY], (at, text.as_str()))).collect();
        assert_eq!(wanted.len(), 2 * canaries.len(), "no two begin alike");
        Self(wanted)
    }

    /// The number of a canary in the text, and the text around.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<(usize, &'t str)> {
        let found = |(at, window): (usize, &[u8])| {
            let (number, secret) = self.0.get(window)?;
            text.get(at..)?.starts_with(secret).then_some((*number, at))
        };
        // Each begins so.
        let may_be = |(_, window): &(usize, &[u8])| matches!(window[0], b'Q' | b'4');
        let windows = text.as_bytes().windows(KEY).enumerate();
        let (number, at) = windows.filter(may_be).find_map(found)?;
        let around = text.get(at.saturating_sub(200)..(at + 60).min(text.len()));
        Some((number, around.unwrap_or(&text[at..])))
    }
}
