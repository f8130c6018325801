use std::borrow::Cow;
use std::fmt;

/// Text that is either part of the program or made at run time.
pub type Text = Cow<'static, str>;

/// Named values in the order in which they were given; a later one of the same name wins.
pub type Attributes = Vec<(Text, Value)>;

/// One recorded value.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum Value {
    /// Nothing: `None`, or a number that JSON can't write.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number with a sign.
    I64(i64),
    /// A whole number that may exceed `i64`.
    U64(u64),
    /// A number with a fraction; finite.
    F64(f64),
    /// Text.
    Text(Text),
    /// Several values.
    List(Vec<Self>),
    /// Named values.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::map"))]
    Map(Attributes),
}

impl Value {
    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is a whole one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::I64(n) => Some(*n),
            Self::U64(n) => i64::try_from(*n).ok(),
            _ => None,
        }
    }

    /// The number, if this is a whole one without a sign.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::I64(n) => u64::try_from(*n).ok(),
            Self::U64(n) => Some(*n),
            _ => None,
        }
    }

    /// The number, if this is one of any kind.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
            Self::I64(n) => Some(*n as f64),
            #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
            Self::U64(n) => Some(*n as f64),
            Self::F64(n) => Some(*n),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::I64(value) => value.fmt(f),
            Self::U64(value) => value.fmt(f),
            Self::F64(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
            Self::List(values) => f.debug_list().entries(values.iter().map(Shown)).finish(),
            Self::Map(values) => {
                f.debug_map().entries(values.iter().map(|(k, v)| (k, Shown(v)))).finish()
            }
        }
    }
}

/// Quotes texts inside lists and maps, and nothing else.
struct Shown<'a>(&'a Value);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Text(text) => fmt::Debug::fmt(text, f),
            value => fmt::Display::fmt(value, f),
        }
    }
}

macro_rules! from_number {
    ($($kind:ident($wide:ty): $($narrow:ty),*;)*) => {$($(
        impl From<$narrow> for Value {
            fn from(value: $narrow) -> Self {
                Self::$kind(<$wide>::from(value))
            }
        }
    )*)*};
}

from_number! {
    I64(i64): i8, i16, i32, i64;
    U64(u64): u8, u16, u32, u64;
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::U64(value as u64)
    }
}

impl From<isize> for Value {
    fn from(value: isize) -> Self {
        Self::I64(value as i64)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::F64(value) } else { Self::Null }
    }
}

impl From<f32> for Value {
    fn from(value: f32) -> Self {
        f64::from(value).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Cow::Owned(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<Text> for Value {
    fn from(value: Text) -> Self {
        Self::Text(value)
    }
}

impl From<char> for Value {
    fn from(value: char) -> Self {
        Self::from(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_as_a_person_would_write_it() {
        let map = Value::Map(vec![("a".into(), 1.into()), ("b".into(), vec!["x", "y"].into())]);
        assert_eq!(map.to_string(), r#"{"a": 1, "b": ["x", "y"]}"#);
        assert_eq!(Value::from("plain").to_string(), "plain");
    }

    #[test]
    fn numbers_that_json_cannot_write_are_null() {
        assert_eq!(Value::from(f64::NAN), Value::Null);
        assert_eq!(Value::from(f32::INFINITY), Value::Null);
    }
}
