//! Names of values that must not be recorded.

/// Where in a key a term must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// `password`: `db_password`, `password_hash`.
    Anywhere,
    /// `token`: `access_token`, but not `token_count`. Numbers under such a key are no secrets.
    AtEnd,
    /// As `Anywhere`, for personal data.
    Personal,
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its value may be recorded, if its looks don't tell otherwise.
    Unknown,
    /// Its value is recorded as it is.
    Allowed,
    /// Its value is an address on the net.
    Personal,
    /// Its value is a secret unless it is a number.
    Weak,
    /// Its value is a secret, but for words and numbers in a sentence.
    Listed,
    /// Its value is a secret.
    Strong,
}

/// The list of Sentry's Python SDK with what it stands for: parts of longer names, and names of the
/// same kind.
const ANYWHERE: &[&str] = &[
    "access_key",
    "api_key",
    "apikey",
    "authorization",
    "card_number",
    "credential",
    "credit_card",
    "csrftoken",
    "cvc",
    "cvv",
    "mysql_pwd",
    "passphrase",
    "passwd",
    "password",
    "phpsessid",
    "private_key",
    "privatekey",
    "secret",
    "set_cookie",
    "signing_key",
    "ssn",
    "symfony",
    "x_csrftoken",
];
const AT_END: &[&str] = &[
    "auth",
    "bearer",
    "connect_sid",
    "cookie",
    "csrf",
    "jwt",
    "pwd",
    "session",
    "session_id",
    "sessionid",
    "token",
    "xsrf",
];
/// Longer names of that list that end with one of these. Under a name of the list itself numbers are
/// secrets, too; `input_tokens` isn't one.
const LISTED: &[&str] = &["aiohttp_session", "csrf_token", "user_session", "xsrf_token"];
/// Where someone is on the net: the rest of that list, and OpenTelemetry's name for it.
const PERSONAL: &[&str] =
    &["client_address", "client_ip", "ip_address", "remote_addr", "x_forwarded_for", "x_real_ip"];

/// Bytes of a key that are looked at, from its beginning and from its end.
const LOOKED_AT: usize = 128;

#[derive(Clone, Debug)]
struct Term {
    /// In the form that [`Normal`] gives to keys.
    text: Box<str>,
    place: Place,
}

/// Which keys have values that must not be recorded.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    terms: Vec<Term>,
    allowed: Vec<Box<str>>,
    /// For the first two letters of the terms, a bit for each third one.
    beginnings: Box<[u32; 27 * 27]>,
}

impl Default for Keys {
    fn default() -> Self {
        let beginnings = Box::new([0; 27 * 27]);
        let mut keys = Self { terms: Vec::new(), allowed: Vec::new(), beginnings };
        ANYWHERE.iter().for_each(|term| keys.add(term, Place::Anywhere));
        AT_END.iter().for_each(|term| keys.add(term, Place::AtEnd));
        PERSONAL.iter().for_each(|term| keys.add(term, Place::Personal));
        keys
    }
}

impl Keys {
    pub(super) fn deny(&mut self, key: &str) {
        self.add(Normal::of(key).as_str(), Place::Anywhere);
    }

    pub(super) fn allow(&mut self, key: &str) {
        self.allowed.push(Normal::of(key).as_str().into());
    }

    fn add(&mut self, term: &str, place: Place) {
        if let Some(&first) = term.as_bytes().first() {
            // `x_real_ip` is written `xRealIp`, too: behind a `_` anything may stand.
            let mut known = term.bytes().skip(1).map_while(|byte| (byte != b'_').then_some(byte));
            let (second, third) = (known.next(), known.next());
            let thirds = third.map_or(u32::MAX, |third| 1 << index(third));
            for at in 0..27 {
                if second.is_none_or(|second| index(second) == at) {
                    self.beginnings[index(first) * 27 + at] |= thirds;
                }
            }
            self.terms.push(Term { text: term.into(), place });
        }
    }

    pub(super) fn verdict(&self, key: &str) -> Verdict {
        if self.allowed.is_empty() && !self.may_hold_term(key.as_bytes()) {
            return Verdict::Unknown;
        }
        let key = match key.len() {
            0..=LOOKED_AT => key,
            // A name of that length is none: what begins or ends like a secret's is one.
            len => {
                let tail = (len - LOOKED_AT..len).find(|at| key.is_char_boundary(*at));
                match self.verdict_of(&Normal::of(&key[tail.unwrap_or(len)..])) {
                    Verdict::Unknown => key,
                    known => return known,
                }
            }
        };
        self.verdict_of(&Normal::of(key))
    }

    /// A quick look: whether any part of the key begins with the letters of a term.
    fn may_hold_term(&self, key: &[u8]) -> bool {
        let mut before = 0_u8;
        key.iter().enumerate().any(|(at, &byte)| {
            let begins = !before.is_ascii_lowercase() || byte.is_ascii_uppercase();
            before = byte;
            begins && self.may_begin(&key[at..])
        })
    }

    fn may_begin(&self, part: &[u8]) -> bool {
        let letter = |at: usize| index(part.get(at).copied().unwrap_or(0));
        self.beginnings[letter(0) * 27 + letter(1)] & 1 << letter(2) != 0
    }

    fn verdict_of(&self, key: &Normal) -> Verdict {
        let key = key.as_str();
        if self.allowed.iter().any(|allowed| **allowed == *key) {
            return Verdict::Allowed;
        }
        let mut verdict = Verdict::Unknown;
        let mut part = key;
        loop {
            let starts = self.may_begin(part.as_bytes());
            let found = self.terms.iter().filter(|term| starts && term.begins(part));
            match found.map(|term| term.place).min_by_key(|place| *place as u8) {
                Some(Place::Anywhere) => return Verdict::Strong,
                Some(Place::AtEnd) if AT_END.contains(&key) || LISTED.contains(&key) => {
                    return Verdict::Listed;
                }
                Some(Place::AtEnd) => verdict = Verdict::Weak,
                Some(Place::Personal) => return Verdict::Personal,
                None => {}
            }
            match part.split_once('_') {
                Some((_, rest)) => part = rest,
                None => return verdict,
            }
        }
    }
}

impl Term {
    /// Whether this part of a key begins with the term, in the singular or the plural, numbered or
    /// not.
    fn begins(&self, part: &str) -> bool {
        let Some(rest) = part.strip_prefix(&*self.text) else { return false };
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        match self.place {
            Place::Anywhere | Place::Personal => rest.is_empty() || rest.starts_with('_'),
            Place::AtEnd => rest.bytes().all(|b| b == b'_' || b.is_ascii_digit()),
        }
    }
}

/// The place of a letter in the alphabet; 26 for all that is none.
const fn index(byte: u8) -> usize {
    match byte.to_ascii_lowercase() {
        byte @ b'a'..=b'z' => (byte - b'a') as usize,
        _ => 26,
    }
}

/// A key in lower case with `_` between its parts: `X-Api-Key` and `xApiKey` are `x_api_key`.
struct Normal {
    /// Each letter may have a `_` before it.
    bytes: [u8; 2 * LOOKED_AT],
    len: usize,
}

impl Normal {
    fn of(key: &str) -> Self {
        let mut normal = Self { bytes: [0; 2 * LOOKED_AT], len: 0 };
        let bytes = key.as_bytes();
        let bytes = bytes.get(..LOOKED_AT).unwrap_or(bytes);
        let mut before = b'_';
        for (at, &byte) in bytes.iter().enumerate() {
            if !byte.is_ascii_alphanumeric() {
                normal.separate();
            } else {
                let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
                let begins_part =
                    byte.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower);
                if begins_part {
                    normal.separate();
                }
                normal.push(byte.to_ascii_lowercase());
            }
            before = byte;
        }
        if normal.bytes[..normal.len].ends_with(b"_") {
            normal.len -= 1;
        }
        normal
    }

    fn separate(&mut self) {
        if self.len > 0 && self.bytes[self.len - 1] != b'_' {
            self.push(b'_');
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_any_style_are_known() {
        let keys = Keys::default();
        for key in [
            "password",
            "Password",
            "PASSWORD",
            "db_password",
            "userPassword",
            "password2",
            "password-hash",
            "passwords",
            "X-Api-Key",
            "stripe.apiKey",
            "APIKey",
            "clientSecret",
            "Authorization",
            "Proxy-Authorization",
            "Set-Cookie",
            "PHPSESSID",
            "mysql_pwd",
            "aws_secret_access_key",
            "ssn",
        ] {
            assert_eq!(keys.verdict(key), Verdict::Strong, "{key}");
        }
        for key in [
            "token",
            "XSRF-TOKEN",
            "_csrf",
            "_csrf_token",
            "_xsrf",
            "auth",
            "connect.sid",
            "sessionid",
            "user_session",
            "_session",
        ] {
            assert_eq!(keys.verdict(key), Verdict::Listed, "{key}");
        }
        for key in ["access_token", "refreshToken", "tokens", "OAuthToken", "cookies"] {
            assert_eq!(keys.verdict(key), Verdict::Weak, "{key}");
        }
        for key in [
            "",
            "_",
            "author",
            "token_count",
            "tokenizer",
            "passenger",
            "session_duration",
            "id",
            "guild.id",
            "http.route",
            "passwordless",
            "max_tokens_reached",
            "été",
            "authentic",
        ] {
            assert_eq!(keys.verdict(key), Verdict::Unknown, "{key}");
        }
    }

    #[test]
    fn the_list_of_the_python_sdk_is_part_of_it() {
        let keys = Keys::default();
        for key in [
            "password",
            "passwd",
            "secret",
            "api_key",
            "apikey",
            "auth",
            "credentials",
            "mysql_pwd",
            "privatekey",
            "private_key",
            "token",
            "session",
            "csrftoken",
            "sessionid",
            "x_csrftoken",
            "x_forwarded_for",
            "set_cookie",
            "cookie",
            "authorization",
            "proxy-authorization",
            "x_api_key",
            "aiohttp_session",
            "connect.sid",
            "csrf_token",
            "csrf",
            "_csrf",
            "_csrf_token",
            "PHPSESSID",
            "_session",
            "symfony",
            "user_session",
            "_xsrf",
            "XSRF-TOKEN",
            "x_real_ip",
            "ip_address",
            "remote_addr",
        ] {
            let verdict = keys.verdict(key);
            assert!(!matches!(verdict, Verdict::Unknown | Verdict::Weak), "{key}: {verdict:?}");
        }
    }

    #[test]
    fn the_program_has_the_last_word() {
        let mut keys = Keys::default();
        keys.deny("memberCode");
        keys.allow("next_token");
        assert_eq!(keys.verdict("member_code"), Verdict::Strong);
        assert_eq!(keys.verdict("guild.memberCode"), Verdict::Strong);
        assert_eq!(keys.verdict("nextToken"), Verdict::Allowed);
        assert_eq!(keys.verdict("the_next_token"), Verdict::Weak);
    }

    #[test]
    fn long_keys_are_looked_at_from_both_ends() {
        let keys = Keys::default();
        let filler = "x_".repeat(500);
        assert_eq!(keys.verdict(&format!("password_{filler}")), Verdict::Strong);
        assert_eq!(keys.verdict(&format!("{filler}password")), Verdict::Strong);
        assert_eq!(keys.verdict(&format!("{}password", "é".repeat(500))), Verdict::Strong);
        assert_eq!(keys.verdict(&filler), Verdict::Unknown);
    }
}
