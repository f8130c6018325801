//! `baggage` of W3C: members in a row, of which those that begin with `sentry-` are the dynamic
//! sampling context.

use std::borrow::Cow;
use std::fmt::Write;

use super::limits::{BAGGAGE_BYTES, BAGGAGE_MEMBERS};
use crate::record::TraceId;

const PREFIX: &str = "sentry-";

/// The members of Sentry: names without their prefix, and values as they are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SentryBaggage {
    members: Vec<(String, String)>,
}

/// What a baggage says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Baggage {
    pub(super) sentry: SentryBaggage,
    /// The members of others, as they came.
    pub(super) others: String,
    /// Members that are none, or are one too many.
    pub(super) ignored: u64,
}

impl SentryBaggage {
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Sets a member in its place, or at the end.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        match self.members.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
    }

    #[cfg(feature = "sentry")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn sample_rate(&self) -> Option<f64> {
        self.get("sample_rate")?.parse().ok().filter(|rate| (0.0..=1.0).contains(rate))
    }

    pub(crate) fn sample_rand(&self) -> Option<f64> {
        self.get("sample_rand")?.parse().ok().filter(|rand| (0.0..1.0).contains(rand))
    }

    pub(super) fn org_id(&self) -> Option<&str> {
        self.get("org_id").filter(|id| !id.is_empty())
    }

    /// Whether these members are of that trace, or don't say.
    pub(super) fn is_of(&self, trace_id: TraceId) -> bool {
        self.get("trace_id").is_none_or(|id| TraceId::parse(id) == Some(trace_id))
    }
}

/// Reads the values of all `baggage` headers, joined by commas.
pub(super) fn parse(header: &str) -> Baggage {
    let mut baggage = Baggage::default();
    let mut members = 0;
    for member in header.split(',').map(|member| member.trim_matches([' ', '\t'])) {
        if member.is_empty() {
            continue;
        }
        members += 1;
        let taken = members <= BAGGAGE_MEMBERS && take(&mut baggage, member).is_some();
        baggage.ignored += u64::from(!taken);
    }
    baggage
}

fn take(baggage: &mut Baggage, member: &str) -> Option<()> {
    let (name, rest) = member.split_once('=')?;
    let name = name.trim_matches([' ', '\t']);
    if name.is_empty() || !name.bytes().all(is_token) || !rest.bytes().all(is_visible) {
        return None;
    }
    match name.strip_prefix(PREFIX) {
        Some(name) => {
            // What follows a `;` are properties, which Sentry has none of.
            let value = rest.split(';').next().unwrap_or_default().trim_matches([' ', '\t']);
            baggage.sentry.set(name, decode(value)?.into_owned());
        }
        None => push_member(&mut baggage.others, member),
    }
    Some(())
}

fn push_member(list: &mut String, member: &str) {
    if !list.is_empty() {
        list.push(',');
    }
    list.push_str(member);
}

/// Writes Sentry's members, and then as many of the others as there is room for.
pub(super) fn write(sentry: &SentryBaggage, others: &str) -> String {
    let mut header = String::new();
    let mut members = 0;
    for (name, value) in &sentry.members {
        let mut member = format!("{PREFIX}{name}=");
        encode(value, &mut member);
        members += push_if_room(&mut header, &member, members);
    }
    for member in others.split(',').filter(|member| !member.is_empty()) {
        members += push_if_room(&mut header, member, members);
    }
    header
}

fn push_if_room(header: &mut String, member: &str, members: usize) -> usize {
    let room = header.len() + member.len() < BAGGAGE_BYTES && members < BAGGAGE_MEMBERS;
    if room {
        push_member(header, member);
    }
    usize::from(room)
}

/// The characters of a name, RFC 9110's `token`.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_visible(byte: u8) -> bool {
    byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t')
}

fn decode(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('%') {
        return Some(Cow::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.first_chunk::<2>().and_then(|digits| str::from_utf8(digits).ok());
        let code = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.filter(|_| *byte == b'%').map(|code| u8::from_str_radix(code, 16)) {
            Some(Ok(decoded)) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            // A lone percent sign stands for itself.
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_as_they_were_written() {
        let mut sentry = SentryBaggage::default();
        sentry.set("transaction", "GET /Grüße, a=b;c 100%".to_owned());
        sentry.set("sample_rate", "0.25".to_owned());
        let written = write(&sentry, "vendor=a;ttl=1,other=%20");
        assert!(written.is_ascii() && written.ends_with(",vendor=a;ttl=1,other=%20"), "{written}");
        let read = parse(&written);
        assert_eq!(read.sentry, sentry);
        assert_eq!((read.others.as_str(), read.ignored), ("vendor=a;ttl=1,other=%20", 0));
    }

    #[test]
    fn what_is_no_member_is_ignored() {
        let read = parse("a=1,,broken, =2,b c=3,d=é,sentry-x=%ff, e = 4 ");
        assert_eq!(read.others, "a=1,e = 4");
        assert_eq!((read.ignored, read.sentry.is_empty()), (5, true));
        let many: String = (0..100).map(|n| format!("k{n}=v,")).collect();
        let read = parse(&many);
        assert_eq!(read.others.split(',').count(), BAGGAGE_MEMBERS);
        assert_eq!(read.ignored, 36);
    }

    #[test]
    fn others_make_room_for_sentry() {
        let mut sentry = SentryBaggage::default();
        sentry.set("trace_id", "1".repeat(32));
        let others = format!("big={},small=1", "x".repeat(BAGGAGE_BYTES));
        let written = write(&sentry, &others);
        assert!(written.starts_with("sentry-trace_id=") && written.ends_with(",small=1"));
        assert!(written.len() <= BAGGAGE_BYTES);
    }
}
