//! Tokens that are known by their looks.

/// Beginnings of tokens, and the least length of the whole. Each is what its maker documents; the
/// lengths are short of theirs, and longer than words.
const BEGINNINGS: &[(&str, usize)] = &[
    // Amazon
    ("AKIA", 20),
    ("ASIA", 20),
    // Google
    ("AIza", 30),
    ("ya29.", 20),
    // GitHub, GitLab
    ("gho_", 20),
    ("ghp_", 20),
    ("ghr_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 20),
    ("glpat-", 20),
    // Slack
    ("xapp-", 15),
    ("xoxa-", 15),
    ("xoxb-", 15),
    ("xoxp-", 15),
    ("xoxr-", 15),
    ("xoxs-", 15),
    // OpenAI and Anthropic; Stripe
    ("sk-", 20),
    ("rk_live_", 15),
    ("rk_test_", 15),
    ("sk_live_", 15),
    ("sk_test_", 15),
    ("whsec_", 15),
    // SendGrid, Shopify, DigitalOcean, Hugging Face, npm, PyPI, Sentry
    ("SG.", 30),
    ("shpat_", 20),
    ("dop_v1_", 20),
    ("hf_", 20),
    ("npm_", 20),
    ("pypi-", 20),
    ("sntrys_", 20),
    ("sntryu_", 20),
];

/// JSON in base64, as the header of a JSON Web Token is.
const JWT: (&str, usize) = ("eyJ", 20);
/// What those begin with.
static FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut at = 0;
    while at < BEGINNINGS.len() {
        first[BEGINNINGS[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    first[JWT.0.as_bytes()[0] as usize] = true;
    first
};
/// Parts of a token of a Discord bot: the bot's id, the time, and a signature.
const DISCORD: [usize; 3] = [23, 6, 27];
/// Digits before the colon of a Telegram bot's token, and characters behind.
const TELEGRAM: (std::ops::RangeInclusive<usize>, usize) = (6..=12, 35);

/// Where the token begins that a word of letters, digits, `_`, `-` and `.` is, or ends with.
pub(super) fn start(word: &str) -> Option<usize> {
    if word.len() < 15 || !word.is_ascii() {
        return None;
    }
    // Most words are none of them, and that their first letters tell.
    let may_begin = |text: &str| text.bytes().next().is_some_and(|byte| FIRST[byte as usize]);
    let begins = |text: &str, (beginning, least): &(&str, usize)| {
        text.len() >= *least && text.starts_with(beginning)
    };
    let is_token = |text: &str| BEGINNINGS.iter().chain([&JWT]).any(|one| begins(text, one));
    let mut parts = parts(word).map(|start| (start, &word[start..]));
    let found = match word.bytes().any(|byte| FIRST[byte as usize]) {
        true => parts.find(|(_, text)| may_begin(text) && is_token(text)),
        false => None,
    };
    found.map(|(start, _)| start).or_else(|| discord_start(word))
}

/// Where the word begins, and what follows a sign inside of it.
pub(super) fn parts(word: &str) -> impl Iterator<Item = usize> {
    let signs = word.bytes().enumerate();
    let signs = signs.filter(|(_, byte)| matches!(byte, b'.' | b'-' | b'+' | b'%'));
    std::iter::once(0).chain(signs.map(|(at, _)| at + 1))
}

/// The last three parts between dots.
fn discord_start(word: &str) -> Option<usize> {
    if !word.bytes().any(|byte| byte == b'.') {
        return None;
    }
    let mut parts = word.rsplit('.');
    let lens: [usize; 3] = std::array::from_fn(|_| parts.next().map_or(0, str::len));
    let long_enough = lens.iter().rev().zip(DISCORD).all(|(len, least)| *len >= least);
    let len = lens.iter().sum::<usize>() + 2;
    let start = word.len().checked_sub(len).filter(|_| long_enough)?;
    word[start..].bytes().any(|byte| byte.is_ascii_digit()).then_some(start)
}

/// The length of the Telegram token whose digits are this long and end with a colon.
pub(super) fn telegram_len(digits: usize, behind_colon: &[u8]) -> Option<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let len = behind_colon.iter().take(2 * TELEGRAM.1).take_while(|byte| is_part(byte)).count();
    (TELEGRAM.0.contains(&digits) && len >= TELEGRAM.1).then_some(digits + 1 + len)
}

/// Whether what follows `Bearer` or `Basic` is no word of a sentence.
pub(super) fn is_credential(text: &[u8]) -> bool {
    let upper_inside = text.iter().skip(1).any(u8::is_ascii_uppercase);
    let mixed = upper_inside && text.iter().any(u8::is_ascii_lowercase);
    text.len() >= 8 && (mixed || text.iter().any(|b| b.is_ascii_digit() || *b == b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_words() {
        for token in [
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "AKIAIOSFODNN7EXAMPLE",
            "sk-proj-abcdefghijklmnop",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
        ] {
            assert_eq!(start(token), Some(0), "{token}");
            assert_eq!(start(&format!("command.{token}")), Some(8), "{token}");
        }
        for word in [
            "sk-",
            "eyJ",
            "a",
            "task-runner-with-a-long-name",
            "my.company.service.module.name",
            "skeleton",
            "com.example.application.configuration.Loader",
        ] {
            assert_eq!(start(word), None, "{word}");
        }
        assert!(is_credential(b"dXNlcjpwYXNz") && is_credential(b"abcdefg1"));
        assert!(!is_credential(b"authentication") && !is_credential(b"Certificate"));
    }
}
