//! Identifiers, in the formats that Sentry and W3C Trace Context share.

use std::fmt;
use std::num::NonZeroU64;

/// A trace's id: 16 bytes, shown as 32 hexadecimal digits. Never all zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(u128);

/// A span's id: 8 bytes, shown as 16 hexadecimal digits. Never zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpanId(NonZeroU64);

/// An event's id: 16 bytes, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(u128);

impl TraceId {
    /// The id with this number, or `None` for zero, which no trace may have.
    pub const fn new(id: u128) -> Option<Self> {
        if id == 0 { None } else { Some(Self(id)) }
    }

    /// Reads 32 hexadecimal digits; `None` for anything else, and for zero.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(parse_hex(text, 32)?)
    }

    /// The id as a number.
    pub const fn get(self) -> u128 {
        self.0
    }

    /// The id's bytes, most significant first: the order in which it is written.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl SpanId {
    /// The id with this number, or `None` for zero, which no span may have.
    pub const fn new(id: u64) -> Option<Self> {
        match NonZeroU64::new(id) {
            Some(id) => Some(Self(id)),
            None => None,
        }
    }

    /// Reads 16 hexadecimal digits; `None` for anything else, and for zero.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(u64::try_from(parse_hex(text, 16)?).ok()?)
    }

    /// The id as a number.
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// The id's bytes, most significant first: the order in which it is written.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }
}

impl EventId {
    pub(crate) const fn new(id: u128) -> Self {
        Self(id)
    }

    /// The id's bytes, most significant first: the order in which it is written.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

fn parse_hex(text: &str, digits: usize) -> Option<u128> {
    let valid = text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    valid.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

macro_rules! hex_text {
    ($($id:ident, $width:literal);*) => {$(
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(hex(&self.to_bytes(), &mut [0; $width]))
            }
        }
        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        #[cfg(feature = "serde")]
        impl serde::Serialize for $id {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

hex_text!(TraceId, 32; SpanId, 16; EventId, 32);

/// The digits of these bytes. The formatter of numbers takes three times as long.
fn hex<'d>(bytes: &[u8], digits: &'d mut [u8]) -> &'d str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    str::from_utf8(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let text = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(TraceId::parse(text).unwrap().to_string(), text);
        assert_eq!(SpanId::parse("00f067aa0ba902b7").unwrap().to_string(), "00f067aa0ba902b7");
    }

    #[test]
    fn hostile_ids_are_refused() {
        for text in
            ["", "0", "+bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e473é"]
        {
            assert_eq!(TraceId::parse(text), None, "{text}");
        }
        assert_eq!(TraceId::parse(&"0".repeat(32)), None);
        assert_eq!(SpanId::parse(&"0".repeat(16)), None);
        assert_eq!(SpanId::parse("0x00f067aa0ba902"), None);
    }
}
